"""What several pages show: times, the found lamp, the handler, a case's progress."""

import random
from typing import Any

from tests.design.context.words import Words


def _street_lamps() -> list[list[float]]:
    """Lamps along eleven made-up streets around 23.7117 N 120.5431 E, [longitude, latitude]."""
    dice = random.Random(5)
    west_east = [[120.5371 + 0.0004 * i, 23.7085 + 0.0011 * row + 0.00002 * i] for row in range(6) for i in range(30)]
    north_south = [
        [120.5383 + 0.0022 * column + 0.00003 * i, 23.7080 + 0.0004 * i] for column in range(5) for i in range(18)
    ]
    return [
        [round(x + dice.uniform(-3e-5, 3e-5), 6), round(y + dice.uniform(-3e-5, 3e-5), 6)]
        for x, y in west_east + north_south
    ]


LAMPS = _street_lamps()
FOUND = [120.5431, 23.7118]

NOV_18 = {
    "iso": "2026-11-18T09:12+08:00",
    "text": Words("11\u00a0月\u00a018\u00a0日（三）09:12", "18 November, 09:12"),
}
NOV_19 = {
    "iso": "2026-11-19T10:05+08:00",
    "text": Words("11\u00a0月\u00a019\u00a0日（四）10:05", "19 November, 10:05"),
}
NOV_20 = {
    "iso": "2026-11-20T08:30+08:00",
    "text": Words("11\u00a0月\u00a020\u00a0日（五）08:30", "20 November, 08:30"),
}

SERVICE = {"name": Words("路燈報修", "Streetlight repair")}
PLACE = Words("虎溪里 慶生路 128 號前", "In front of 128 Qingsheng Road, Huxi Village")
FOUND_LAMP = {
    "title": Words("找到了：01234 號路燈", "Found: lamp 01234"),
    "place": PLACE,
    "detail": "LED 60 W",
    "point": FOUND,
    "nearby": LAMPS,
    "notice": {
        "tag": Words("已有 1 人報修", "Reported by 1 person"),
        "text": Words(
            "三天前報修，預計 11\u00a0月\u00a024\u00a0日前修好。",
            "Reported three days ago; to be mended by 24 November.",
        ),
        "action": {
            "text": Words("加入這一件，修好一起通知我", "Join this report and tell me when it is mended"),
            "href": "#join",
        },
    },
}
HANDLER = {
    "name": Words("林怡君", "Lin Yi-chun"),
    "section": Words("工務課 路燈班", "Public Works, Streetlights"),
    "extension": "312",
    "email": "lamp@douliu.example",
    "deputy": Words("陳志明", "Chen Chih-ming"),
    "deputy_extension": "318",
    "telephone": "05-532-2000",
}
ANSWERS = [
    {"label": Words("燈桿號碼", "Pole number"), "value": "01234", "mono": True, "href": "#pole"},
    {"label": Words("地點", "Place"), "value": PLACE},
    {
        "label": Words("說明", "Description"),
        "value": Words("入夜後完全不亮，路口很暗。", "Completely dark after nightfall; the crossing is unlit."),
        "href": "#description",
    },
    {"label": Words("姓名", "Name"), "value": Words("王小明", "Wang Hsiao-ming"), "href": "#name"},
    {"label": Words("手機號碼", "Mobile number"), "value": "0912-345-678", "mono": True, "href": "#phone"},
]
TIMELINE: list[dict[str, Any]] = [
    {
        "title": Words("已收件", "Received"),
        "when": NOV_18,
        "meta": Words("已傳簡訊給您", "We sent you a text message"),
        "state": "done",
    },
    {
        "title": Words("分派到工務課 路燈班", "Assigned to Public Works, Streetlights"),
        "when": NOV_18,
        "meta": Words("承辦 分機\u00a0312，代理 分機\u00a0318", "Handler ext. 312, deputy ext. 318"),
        "state": "done",
    },
    {
        "title": Words("請您補一張照片", "We asked you for a photo"),
        "when": NOV_19,
        "meta": Words("您在 16:22 補上", "You sent it at 16:22"),
        "tag": {"text": Words("時限暫停 1 天", "Clock stopped for 1 day"), "tone": "waiting"},
        "state": "done",
    },
    {
        "title": Words("已派工，等待修復", "Sent to the contractor"),
        "when": NOV_20,
        "meta": Words("已交契約廠商", "With the contractor"),
        "state": "now",
    },
    {"title": Words("完成，通知您並請您評分", "Done: we tell you and ask how it was"), "state": "next"},
]
