"""What survey says."""

from datetime import datetime
from typing import Any, ClassVar

from pydantic import Field

from chassis.bus import Event


class SurveyEvent(Event):
    """An event of survey."""

    source: ClassVar[str] = "survey"


class SurveyAnswered(SurveyEvent):
    """The applicant of a closed case has said how it was (AP6); every "dissatisfied" goes to the head (YM9)."""

    type: ClassVar[str] = "survey_answered.v1"
    examples: ClassVar[tuple[dict[str, Any], ...]]

    case_number: str
    satisfaction: int = Field(ge=1, le=5, description="1 very dissatisfied … 5 very satisfied")
    dissatisfied: bool
    reason: str | None = Field(default=None, description="sealed for intake")
    answered_at: datetime


SurveyAnswered.examples = (
    {
        "case_number": "DL-115-004217-6",
        "satisfaction": 2,
        "dissatisfied": True,
        "reason": "gAAAAABpH_8example-of-a-sealed-field==",
        "answered_at": "2026-11-21T03:00:00Z",
    },
    {
        "case_number": "DL-115-004218-4",
        "satisfaction": 5,
        "dissatisfied": False,
        "answered_at": "2026-11-21T03:05:00Z",
    },
)

EVENTS: tuple[type[SurveyEvent], ...] = (SurveyAnswered,)
