"""Finding something: search and map."""

from typing import Any

from tests.design.context.facts import LAMPS, NOV_18, NOV_20
from tests.design.context.words import Words

PAGES: dict[str, dict[str, Any]] = {
    "search": {
        "nav_current": -1,
        "query": "路燈",
        "search_url": "#",
        "services_url": "#",
        "total": 14,
        "previous_url": None,
        "next_url": "#next",
        "kinds": [
            {"label": Words("全部", "All"), "count": 14, "href": "#k0", "current": True},
            {"label": Words("服務", "Services"), "count": 2, "href": "#k1"},
            {"label": Words("公告", "Notices"), "count": 5, "href": "#k2"},
            {"label": Words("常見問題", "Questions"), "count": 7, "href": "#k3"},
        ],
        "results": [
            {
                "kind": Words("服務", "Service"),
                "when": {
                    "iso": "2026-11-02",
                    "text": Words("11\u00a0月\u00a02\u00a0日更新", "updated 2 November"),
                },
                "title": Words("路燈報修", "Streetlight repair (路燈)"),
                "href": "#r1",
                "marked": Words(
                    "報<mark>路燈</mark>桿號碼就好，三個工作天內修復。",
                    "The number on the <mark>路燈</mark> pole is enough.",
                ),
            },
            {
                "kind": Words("案件", "Case"),
                "staff_only": True,
                "when": NOV_18,
                "title": Words("路燈不亮 01234", "Lamp 01234 is out"),
                "href": "#r2",
                "marked": Words(
                    "虎溪里慶生路 128 號前，<mark>路燈</mark>入夜後完全不亮。",
                    "The <mark>路燈</mark> is dark after nightfall.",
                ),
            },
            {
                "kind": Words("公告", "Notice"),
                "when": NOV_20,
                "title": Words("11\u00a0月\u00a023\u00a0日慶生路道路施工", "Road works on Qingsheng Road"),
                "href": "#r3",
                "marked": Words(
                    "施工期間<mark>路燈</mark>暫停供電，改道說明如下。",
                    "<mark>路燈</mark> are off during the works.",
                ),
            },
        ],
    },
    "search_nothing": {
        "template": "search",
        "nav_current": -1,
        "query": "獨角獸",
        "search_url": "#",
        "services_url": "#s",
        "total": 0,
        "kinds": [],
        "results": [],
    },
    "map": {
        "nav_current": 1,
        "heading": Words("附近 4 處：AED 與長青食堂", "4 places nearby: AED and canteens"),
        "near_url": "#",
        "bounds": [120.537, 23.708, 120.549, 23.715],
        "kinds": [
            {"label": Words("全部", "All"), "count": 4, "href": "#k0", "current": True},
            {"label": "AED", "count": 2, "href": "#k1"},
            {"label": Words("長青食堂", "Senior canteens"), "count": 2, "href": "#k2"},
        ],
        "points": LAMPS,
        "places": [
            {
                "name": Words(f"長青食堂 {n}", f"Senior canteen {n}"),
                "address": Words(f"慶生路 {n} 號", f"{n} Qingsheng Road"),
                "distance": f"{n} m",
                "href": f"#p{n}",
            }
            for n in (120, 240, 380, 610)
        ],
    },
}
