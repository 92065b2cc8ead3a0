"""The clerk's desk."""

from typing import Any

from tests.design.context.facts import ANSWERS, FOUND, LAMPS, TIMELINE
from tests.design.context.words import Words


def _row(
    left: Words,
    due: str | Words,
    title: Words,
    place: Words,
    status: str,
    number: str,
    *,
    late: bool = False,
    current: bool = False,
) -> dict[str, Any]:
    return {
        "left": left,
        "due": due,
        "title": title,
        "place": place,
        "status": status,
        "number": number,
        "late": late,
        "current": current,
        "href": f"?case={number}#case",
    }


QUEUE = [
    _row(
        Words("逾 1 天", "1 day over"),
        "11-19 17:30",
        Words("路燈不亮 05521", "Lamp 05521 is out"),
        Words("虎溪里", "Huxi Village"),
        "overdue",
        "DL-115-004180-3",
        late=True,
    ),
    _row(
        Words("剩 2 天", "2 days left"),
        "11-24 17:30",
        Words("路燈不亮 01234", "Lamp 01234 is out"),
        Words("虎溪里 慶生路", "Qingsheng Road, Huxi"),
        "in_progress",
        "DL-115-004217-6",
        current=True,
    ),
    _row(
        Words("剩 2 天", "2 days left"),
        "11-24 17:30",
        Words("路面坑洞", "Pothole"),
        Words("三平里 成功路口", "Chenggong Road, Sanping"),
        "in_progress",
        "DL-115-004222-1",
    ),
    _row(
        Words("暫停", "Stopped"),
        Words("已等 3 天", "waiting 3 days"),
        Words("水溝蓋破損", "Broken ditch cover"),
        Words("江厝里", "Jiangcuo Village"),
        "waiting",
        "DL-115-004231-9",
    ),
    _row(
        Words("剩 4 天", "4 days left"),
        "11-26 17:30",
        Words("路燈閃爍 10277", "Lamp 10277 flickers"),
        Words("溝壩里", "Gouba Village"),
        "new",
        "DL-115-004240-5",
    ),
    _row(
        Words("剩 4 天", "4 days left"),
        "11-26 17:30",
        Words("反光鏡歪斜", "Crooked mirror"),
        Words("林頭里", "Lintou Village"),
        "new",
        "DL-115-004243-2",
    ),
    _row(
        Words("剩 5 天", "5 days left"),
        "11-27 17:30",
        Words("公園遊具損壞", "Broken playground"),
        Words("人文公園", "Renwen Park"),
        "new",
        "DL-115-004250-0",
    ),
    _row(
        Words("剩 1 天", "1 day left"),
        "11-23 17:30",
        Words("路燈不亮 08800", "Lamp 08800 is out"),
        Words("八德里", "Bade Village"),
        "to_close",
        "DL-115-004119-8",
    ),
]

PAGES: dict[str, dict[str, Any]] = {
    "desk": {
        "staff_page": True,
        "nav_current": 0,
        "heading": Words("我的案件", "My cases"),
        "search_url": "#search",
        "new_url": "#new",
        "sort_url": "#sort",
        "cases": QUEUE,
        "total": 18,
        "previous_url": None,
        "next_url": "#next",
        "unassigned_url": "#",
        "queues": [
            {
                "items": [
                    {"label": Words("我的案件", "My cases"), "count": 18, "href": "#q1", "current": True},
                    {"label": Words("課內未分派", "Unassigned"), "count": 5, "href": "#q2"},
                    {"label": Words("等待民眾", "With residents"), "count": 7, "href": "#q3"},
                    {"label": Words("代理 分機\u00a0318", "Deputy, ext. 318"), "count": 3, "href": "#q4"},
                ]
            },
            {
                "heading": Words("提醒", "Reminders"),
                "items": [
                    {"label": Words("逾期", "Overdue"), "count": 1, "href": "#q5", "late": True},
                    {"label": Words("不滿意回覆", "Dissatisfied"), "count": 2, "href": "#q6"},
                    {"label": Words("簡訊未送達", "Texts not delivered"), "count": 1, "href": "#q7"},
                ],
            },
            {
                "heading": Words("公告", "Notices"),
                "items": [{"label": Words("未讀公告", "Unread"), "count": 2, "href": "#q8"}],
            },
        ],
        "figures": [
            {"value": 18, "label": Words("處理中", "under way")},
            {"value": 1, "label": Words("逾期", "overdue"), "tone": "late"},
            {"value": 4, "label": Words("兩天內到期", "due in 2 days")},
            {"value": "96.4", "unit": "%", "label": Words("本月準時", "on time this month")},
        ],
        "filters": [
            {"label": Words("全部", "All"), "href": "#f0", "current": True},
            {"label": Words("路燈", "Lamps"), "count": 9, "href": "#f1"},
            {"label": Words("坑洞", "Potholes"), "count": 4, "href": "#f2"},
            {"label": Words("水溝蓋", "Ditch covers"), "count": 3, "href": "#f3"},
            {"label": Words("反光鏡", "Mirrors"), "count": 2, "href": "#f4"},
        ],
        "case": {
            "title": Words("路燈不亮 01234", "Lamp 01234 is out"),
            "href": "#case",
            "number": "DL-115-004217-6",
            "channel": Words("民眾網路報修", "Reported on the web"),
            "joined": 2,
            "point": FOUND,
            "nearby": LAMPS,
            "description": Words("入夜後完全不亮，路口很暗。", "Completely dark after nightfall."),
            "facts": [
                {
                    "label": Words("路燈", "Lamp"),
                    "value": Words(
                        "LED 60 W ・ 2021-03 換裝，一年內第 3 次報修",
                        "LED 60 W, fitted 2021-03; third report in a year",
                    ),
                },
                {
                    "label": Words("附近", "Nearby"),
                    "value": Words("50 公尺內另有 2 件未結", "2 other open cases within 50 m"),
                },
                {
                    "label": Words("承辦", "Handler"),
                    "value": Words("分機\u00a0312（代理 分機\u00a0318）", "ext. 312 (deputy ext. 318)"),
                },
            ],
            "actions": [
                {"text": Words("派工", "Dispatch"), "href": "#a1", "post": True},
                {"text": Words("請補件", "Ask for papers"), "href": "#a2"},
                {"text": Words("結案", "Close"), "href": "#a3"},
            ],
        },
    },
    "desk_empty": {
        "template": "desk",
        "staff_page": True,
        "nav_current": 0,
        "heading": Words("我的案件", "My cases"),
        "search_url": "#search",
        "new_url": "#",
        "sort_url": "#",
        "cases": [],
        "unassigned_url": "#u",
        "figures": [{"value": 0, "label": Words("處理中", "under way")}],
        "filters": [],
        "queues": [{"items": [{"label": Words("我的案件", "My cases"), "count": 0, "href": "#q1", "current": True}]}],
        "case": None,
    },
    "desk_case": {
        "staff_page": True,
        "nav_current": 0,
        "back_url": "#",
        "return_url": "#",
        "close_url": "#",
        "values": {},
        "errors": {"reply": Words("請寫給民眾的回覆", "Write a reply to the resident")},
        "missing": [
            {"value": "photo", "text": Words("看得到燈桿號碼的照片", "A photo that shows the number")},
            {"value": "place", "text": Words("確切地點", "The exact place")},
            {"value": "phone", "text": Words("白天聯絡電話", "A daytime telephone number")},
        ],
        "templates": [
            {"value": "", "text": Words("不用範本", "No template")},
            {"value": "mended", "text": Words("已修復", "Mended")},
        ],
        "case": {
            "title": Words("路燈不亮 01234", "Lamp 01234 is out"),
            "service": Words("路燈報修", "Streetlight repair"),
            "channel": Words("民眾網路報修", "Reported on the web"),
            "status": "in_progress",
            "tone": "now",
            "plate": [
                {
                    "label": Words("案件編號", "Case number"),
                    "value": "DL-115-004217-6",
                    "mono": True,
                    "copyable": True,
                },
                {
                    "label": Words("期限 11-24 17:30", "Due 24 November, 17:30"),
                    "value": 2,
                    "unit": Words("個工作天", "working days"),
                },
            ],
            "description": Words("入夜後完全不亮，路口很暗。", "Completely dark after nightfall."),
            "answers": ANSWERS[:2],
            "point": FOUND,
            "nearby": LAMPS,
            "timeline": TIMELINE,
        },
    },
}
