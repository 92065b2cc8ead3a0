"""Pages anyone looks at first: home, services, an error."""

from typing import Any

from tests.design.context.facts import HANDLER
from tests.design.context.words import Words

PAGES: dict[str, dict[str, Any]] = {
    "home": {
        "nav_current": 0,
        "search_url": "#search",
        "lookup_url": "#lookup",
        "values": {},
        "errors": {},
        "common": [
            {"text": Words("路燈", "Streetlight"), "href": "#1"},
            {"text": Words("大型家具", "Bulky waste"), "href": "#2"},
            {"text": Words("敬老禮金", "Senior bonus"), "href": "#3"},
            {"text": Words("場地租借", "Hall hire"), "href": "#4"},
        ],
        "services": [
            {
                "icon": "lamp",
                "name": Words("路燈報修", "Streetlight repair"),
                "text": Words("報燈桿號碼就好", "The pole number is enough"),
                "href": "#s1",
                "now": True,
            },
            {
                "icon": "road",
                "name": Words("道路坑洞", "Pothole"),
                "text": Words("路面、水溝蓋、反光鏡", "Road, ditch cover, mirror"),
                "href": "#s2",
            },
            {
                "icon": "truck",
                "name": Words("大型廢棄物", "Bulky waste"),
                "text": Words("預約清運，依序收運", "Book a collection"),
                "href": "#s3",
            },
            {
                "icon": "calendar",
                "name": Words("預約臨櫃", "Book a counter"),
                "text": Words("免排隊，可改期", "No queue, can be moved"),
                "href": "#s4",
            },
            {
                "icon": "document",
                "name": Words("申請證明", "Certificates"),
                "text": Words("32 項服務，可線上補件", "32 services"),
                "href": "#s5",
            },
            {
                "icon": "tree",
                "name": Words("公園與認養", "Parks and adoption"),
                "text": Words("63 座公園", "63 parks"),
                "href": "#s6",
            },
            {
                "icon": "speech",
                "name": Words("陳情與建議", "Complaints and ideas"),
                "text": Words("給市長的信", "Write to the mayor"),
                "href": "#s7",
            },
            {
                "icon": "map",
                "name": Words("找設施", "Find a facility"),
                "text": Words("路燈、AED、長青食堂", "Lamps, AED, canteens"),
                "href": "#s8",
            },
        ],
        "notices": [
            {
                "title": Words(
                    "11\u00a0月\u00a023\u00a0日慶生路道路施工，改道說明",
                    "Road works on Qingsheng Road, 23 November",
                ),
                "href": "#n1",
                "when": {
                    "iso": "2026-11-20",
                    "text": Words("11\u00a0月\u00a020\u00a0日（五）", "20 November"),
                },
            },
            {
                "title": Words("敬老禮金發放時間與地點", "Senior bonus: times and places"),
                "href": "#n2",
                "when": {
                    "iso": "2026-11-18",
                    "text": Words("11\u00a0月\u00a018\u00a0日（三）", "18 November"),
                },
            },
            {
                "title": Words("斗六生活提案開始投票", "Douliu proposals: voting is open"),
                "href": "#n3",
                "when": {
                    "iso": "2026-11-16",
                    "text": Words("11\u00a0月\u00a016\u00a0日（一）", "16 November"),
                },
            },
        ],
    },
    "services": {
        "nav_current": 0,
        "search_url": "#",
        "total": 32,
        "groups": [
            {
                "code": "works",
                "name": Words("工務課", "Public Works"),
                "services": [
                    {
                        "name": Words("路燈報修", "Streetlight repair"),
                        "summary": Words("路燈不亮、閃爍或白天亮著", "Dark, flickering or lit by day"),
                        "days": 3,
                        "online": True,
                        "href": "#1",
                    },
                    {
                        "name": Words("道路坑洞", "Pothole"),
                        "summary": Words("路面破損、水溝蓋、反光鏡", "Road surface, ditch cover, mirror"),
                        "days": 3,
                        "online": True,
                        "href": "#2",
                    },
                ],
            },
            {
                "code": "social",
                "name": Words("社會課", "Social Affairs"),
                "services": [
                    {
                        "name": Words("低收入戶證明", "Low-income certificate"),
                        "summary": Words("本人或家屬可代辦", "For yourself or a relative"),
                        "days": 1,
                        "online": False,
                        "href": "#3",
                    }
                ],
            },
        ],
    },
    "service": {
        "nav_current": 0,
        "back_url": "#",
        "service": {
            "name": Words("路燈報修", "Streetlight repair"),
            "summary": Words(
                "路燈不亮、閃爍或白天亮著，報燈桿號碼就好。",
                "A lamp is dark, flickers or is lit by day: its number is enough.",
            ),
            "facts": [
                {"label": Words("辦理天數", "Time"), "value": 3, "unit": Words("個工作天", "working days")},
                {"label": Words("費用", "Fee"), "value": Words("免費", "Free")},
            ],
            "start_text": Words("開始報修", "Start"),
            "start_url": "#start",
            "documents": [
                Words("燈桿上的 5 位數號碼", "The 5-digit number on the pole"),
                Words("照片（可不附）", "A photo, if you like"),
            ],
            "steps": [
                Words("填燈桿號碼", "Type the pole number"),
                Words("留手機號碼", "Leave your mobile number"),
                Words("修好時收到簡訊", "Get a text when it is mended"),
            ],
            "section": HANDLER,
        },
    },
    "problem": {
        "template": "lamppost/problem.html",
        "nav_current": -1,
        "what": Words("我們這邊出了問題", "Something went wrong on our side"),
        "why": Words("您的報修還沒有送出。", "Your report has not been sent."),
        "kept": Words(
            "已經填的內容都還在，二十四小時內回到上一頁就能繼續。",
            "What you filled in is kept for 24 hours; go back to carry on.",
        ),
        "todo": [
            {"text": Words("回到上一頁再送一次", "Go back and send it again"), "href": "#back"},
            Words("過幾分鐘再試", "Try again in a few minutes"),
        ],
        "incident": "7f3a-91c2",
    },
}
