"""The head's page, the messages, signing in."""

from typing import Any

from tests.design.context.facts import NOV_18, NOV_19, NOV_20
from tests.design.context.words import Words

PAGES: dict[str, dict[str, Any]] = {
    "head": {
        "staff_page": True,
        "nav_current": 2,
        "heading": Words("市長的一頁", "The mayor's page"),
        "period": Words("11\u00a0月\u00a01\u00a0日至 20 日", "1 to 20 November"),
        "figures": [
            {"value": 412, "label": Words("收件", "received")},
            {
                "value": "96.4",
                "unit": "%",
                "label": Words("準時結案", "closed on time"),
                "note": Words("上月 94.1 %", "94.1 % last month"),
            },
            {"value": 3, "label": Words("逾期", "overdue"), "tone": "late", "href": "#late"},
            {
                "value": "4.3",
                "label": Words("滿意度（5 分）", "satisfaction of 5"),
                "note": Words("96 份回覆", "96 answers"),
            },
        ],
        "unhappy": [
            {
                "score": Words("1 非常不滿意", "1 very dissatisfied"),
                "when": NOV_20,
                "title": Words("路燈不亮 05521", "Lamp 05521 is out"),
                "href": "#u1",
                "reason": Words(
                    "修了兩次還是不亮，電話也打不通。",
                    "Mended twice, still dark, and nobody answers the telephone.",
                ),
                "handler": Words("工務課 分機\u00a0312", "Public Works, ext. 312"),
            },
            {
                "score": Words("2 不滿意", "2 dissatisfied"),
                "when": NOV_19,
                "title": Words("水溝蓋破損", "Broken ditch cover"),
                "href": "#u2",
                "reason": Words("等太久。", "It took too long."),
                "handler": Words("工務課 分機\u00a0318", "Public Works, ext. 318"),
            },
        ],
        "late": [
            {
                "status": "overdue",
                "left": Words("逾 1 天", "1 day over"),
                "title": Words("路燈不亮 05521", "Lamp 05521 is out"),
                "href": "#l1",
                "handler": Words("工務課 分機\u00a0312", "Public Works, ext. 312"),
            },
            {
                "status": "due_soon",
                "left": Words("剩 1 天", "1 day left"),
                "title": Words("路燈不亮 08800", "Lamp 08800 is out"),
                "href": "#l2",
                "handler": Words("工務課 分機\u00a0312", "Public Works, ext. 312"),
            },
        ],
        "months": [
            {"label": Words(f"{m} 月", f"{m}"), "value": v}
            for m, v in zip([6, 7, 8, 9, 10, 11], [322, 381, 460, 405, 398, 412], strict=True)
        ],
        "sections": [
            {"label": Words("民政課", "Civil Affairs"), "value": "99 %", "share": 99},
            {"label": Words("社會課", "Social Affairs"), "value": "97 %", "share": 97},
            {"label": Words("工務課", "Public Works"), "value": "94 %", "share": 94},
            {"label": Words("清潔隊", "Sanitation"), "value": "92 %", "share": 92},
        ],
    },
    "outbox": {
        "staff_page": True,
        "nav_current": 1,
        "total": 3,
        "previous_url": None,
        "next_url": None,
        "figures": [
            {"value": 128, "label": Words("今天送出", "sent today")},
            {"value": 1, "label": Words("未送達", "not delivered"), "tone": "late"},
            {
                "value": "0.8",
                "unit": Words(" 秒", " s"),
                "label": Words("從事件到送出", "from event to sent"),
            },
        ],
        "filters": [
            {"label": Words("全部", "All"), "count": 3, "href": "#0", "current": True},
            {"label": Words("簡訊", "Text"), "count": 2, "href": "#1"},
            {"label": Words("電子郵件", "E-mail"), "count": 1, "href": "#2"},
        ],
        "messages": [
            {
                "channel": "sms",
                "to": "0912-***-678",
                "status": "delivered",
                "when": NOV_18,
                "case": {"number": "DL-115-004217-6", "href": "#c1"},
                "text": Words(
                    "【斗六市公所】已收到您的路燈報修 DL-115-004217-6，查詢碼 7K4M2P，11/24 前完成。\nhttps://lamp.example/c/7K4M2P",
                    "[Douliu] We have your streetlight report DL-115-004217-6, code 7K4M2P, done by 24 Nov.\nhttps://lamp.example/c/7K4M2P",
                ),
            },
            {
                "channel": "sms",
                "to": "0933-***-120",
                "status": "failed",
                "when": NOV_19,
                "case": {"number": "DL-115-004180-3", "href": "#c2"},
                "reason": Words("號碼不存在（30003）", "The number does not exist (30003)"),
                "text": Words(
                    "【斗六市公所】請補一張看得到燈桿號碼的照片。",
                    "[Douliu] Please send a photo that shows the number on the pole.",
                ),
            },
            {
                "channel": "email",
                "to": "lin***@douliu.example",
                "status": "sent",
                "when": NOV_20,
                "case": {"number": "DL-115-004217-6", "href": "#c3"},
                "text": Words(
                    "新案件 DL-115-004217-6 已分派給您，期限 11\u00a0月\u00a024\u00a0日 17:30。",
                    "New case DL-115-004217-6 is yours, due 24 November, 17:30.",
                ),
            },
        ],
    },
    "sign_in": {
        "staff_page": True,
        "signed_out": True,
        "nav_current": -1,
        "action": "#",
        "values": {"username": "lin"},
        "errors": {"": Words("帳號或密碼不對，再試一次。", "Wrong account or password; please try again.")},
        "demo": [
            {"role": Words("承辦人", "Clerk"), "username": "clerk", "password": "lamppost"},
            {"role": Words("市長", "Mayor"), "username": "head", "password": "lamppost"},
        ],
    },
}
