"""The questions after a case."""

from typing import Any

from tests.design.context.words import Words

PAGES: dict[str, dict[str, Any]] = {
    "survey": {
        "nav_current": -1,
        "action": "#",
        "back_url": None,
        "values": {},
        "errors": {},
        "survey": {"title": Words("您的路燈報修 DL-115-004217-6", "Your streetlight report DL-115-004217-6")},
        "question": {
            "kind": "scale",
            "position": 1,
            "total": 3,
            "text": Words("這一次辦得如何？", "How did we do this time?"),
            "hint": None,
            "options": [
                {"value": 1, "text": Words("非常不滿意", "Very dissatisfied")},
                {"value": 2, "text": Words("不滿意", "Dissatisfied")},
                {"value": 3, "text": Words("普通", "Neither")},
                {"value": 4, "text": Words("滿意", "Satisfied")},
                {"value": 5, "text": Words("非常滿意", "Very satisfied")},
            ],
        },
    },
    "survey_reason": {
        "template": "survey",
        "nav_current": -1,
        "action": "#",
        "back_url": "#",
        "values": {},
        "errors": {},
        "survey": {"title": Words("您的路燈報修 DL-115-004217-6", "Your streetlight report DL-115-004217-6")},
        "question": {
            "kind": "text",
            "position": 2,
            "total": 3,
            "optional": True,
            "text": Words("哪裡不滿意？", "What went wrong?"),
            "hint": Words("市長會看到每一則", "The mayor reads every one"),
        },
    },
    "survey_choice": {
        "template": "survey",
        "nav_current": -1,
        "action": "#",
        "back_url": "#",
        "values": {},
        "errors": {"answer": Words("請選一個", "Choose one")},
        "survey": {"title": Words("您的路燈報修 DL-115-004217-6", "Your streetlight report DL-115-004217-6")},
        "question": {
            "kind": "choice",
            "position": 3,
            "total": 3,
            "text": Words("燈現在亮了嗎？", "Is the lamp lit now?"),
            "options": [
                {"value": "yes", "text": Words("亮了", "Yes")},
                {"value": "no", "text": Words("還沒亮", "Not yet")},
                {"value": "unknown", "text": Words("我沒再去看", "I have not looked")},
            ],
        },
    },
    "survey_done": {
        "nav_current": -1,
        "promise": Words(
            "不滿意的回覆當天就會送到市長和承辦課。結果每季公布在網站上。",
            "Dissatisfied answers reach the mayor the same day. Results are published every quarter.",
        ),
    },
}
