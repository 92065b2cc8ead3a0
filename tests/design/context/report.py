"""A report from the first step to its end."""

from typing import Any

from tests.design.context.facts import ANSWERS, FOUND_LAMP, HANDLER, PLACE, SERVICE, TIMELINE
from tests.design.context.words import Words

PAGES: dict[str, dict[str, Any]] = {
    "report_pole": {
        "nav_current": 0,
        "service": SERVICE,
        "back_url": "#",
        "action": "#",
        "lookup_url": "#",
        "map_url": "#",
        "values": {"pole": "01234"},
        "errors": {},
        "found": FOUND_LAMP,
        "not_found": None,
    },
    "report_pole_unknown": {
        "template": "report_pole",
        "nav_current": 0,
        "service": SERVICE,
        "back_url": "#",
        "action": "#",
        "lookup_url": "#",
        "map_url": "#",
        "values": {"pole": "01243"},
        "errors": {
            "pole": [
                Words(
                    "沒有 01243 號路燈，請再看一次牌子",
                    "There is no lamp 01243; please look at the plate again",
                )
            ]
        },
        "found": None,
        "not_found": {
            "text": Words("沒有 01243 號路燈", "There is no lamp 01243"),
            "suggestions": [
                {"number": "01234", "place": Words("慶生路", "Qingsheng Road"), "href": "#1"},
                {"number": "01244", "place": Words("成功路", "Chenggong Road"), "href": "#2"},
            ],
        },
    },
    "report_contact": {
        "nav_current": 0,
        "service": SERVICE,
        "back_url": "#",
        "action": "#",
        "values": {
            "description": Words("入夜後完全不亮，路口很暗。", "Completely dark after nightfall."),
            "phone": "0912",
        },
        "errors": {
            "name": Words("請填姓名", "Enter your name"),
            "phone": Words("手機號碼要有 10 位數，例如 0912345678", "Enter 10 digits, for example 0912345678"),
        },
    },
    "report_check": {
        "nav_current": 0,
        "service": SERVICE,
        "back_url": "#",
        "action": "#",
        "answers": ANSWERS,
    },
    "report_done": {
        "nav_current": 0,
        "case": {"number": "DL-115-004217-6", "code": "7K4M2P", "href": "#case"},
        "steps": [
            {
                "title": Words("簡訊已傳到 0912-***-678", "A text message is on its way to 0912-***-678"),
                "meta": Words("內有案件編號、期限和連結", "With the number, the deadline and a link"),
                "state": "done",
            },
            {
                "title": Words("工務課一個工作天內派工", "Public Works sends someone within one working day"),
                "state": "now",
                "meta": Words("承辦 分機\u00a0312", "Handler ext. 312"),
            },
            {
                "title": Words(
                    "11\u00a0月\u00a024\u00a0日（二）前修好，再傳簡訊給您",
                    "Mended by 24 November, and a text message to you",
                ),
                "state": "next",
            },
        ],
    },
    "case": {
        "nav_current": 2,
        "case": {
            "service": Words("路燈報修", "Streetlight repair"),
            "heading": Words("處理中，預計 11\u00a0月\u00a024\u00a0日前完成", "Under way, done by 24 November"),
            "tone": "now",
            "facts": [
                {
                    "label": Words("案件編號", "Case number"),
                    "value": "DL-115-004217-6",
                    "mono": True,
                    "copyable": True,
                },
                {"label": Words("還有", "Left"), "value": 2, "unit": Words("個工作天", "working days")},
            ],
            "timeline": TIMELINE,
            "handler": HANDLER,
            "answers": [
                {"label": Words("燈桿號碼", "Pole number"), "value": "01234", "mono": True},
                {"label": Words("地點", "Place"), "value": PLACE},
                {
                    "label": Words("說明", "Description"),
                    "value": Words("入夜後完全不亮，路口很暗。", "Completely dark after nightfall."),
                },
                {
                    "label": Words("通知方式", "Notice by"),
                    "value": Words("簡訊 0912-***-678", "Text message 0912-***-678"),
                    "href": "#change",
                },
            ],
            "actions": [
                {"text": Words("補充說明或照片", "Add a note or photo"), "href": "#add"},
                {"text": Words("撤回報修", "Withdraw"), "href": "#withdraw"},
            ],
        },
    },
    "case_waiting": {
        "template": "case",
        "nav_current": 2,
        "case": {
            "service": Words("路燈報修", "Streetlight repair"),
            "heading": Words("等您補照片，時限已暫停", "Waiting for your photo; the clock has stopped"),
            "tone": "now",
            "facts": [
                {
                    "label": Words("案件編號", "Case number"),
                    "value": "DL-115-004217-6",
                    "mono": True,
                    "copyable": True,
                },
                {
                    "label": Words("請在這天前補上", "Please send it by"),
                    "value": Words("11\u00a0月\u00a026\u00a0日（四）", "26 November"),
                },
            ],
            "wanted": {
                "items": [Words("看得到燈桿號碼的照片一張", "One photo that shows the number on the pole")],
                "href": "#upload",
            },
            "timeline": [*TIMELINE[:2], {**TIMELINE[2], "state": "now", "meta": ""}, TIMELINE[4]],
            "answers": [{"label": Words("燈桿號碼", "Pole number"), "value": "01234", "mono": True}],
        },
    },
}

PAGES["report_pole_empty"] = PAGES["report_pole"] | {"template": "report_pole", "values": {}, "found": None}
