"""What intake hears: how a case was judged, and what became of the messages about it."""

from datetime import datetime

from chassis.bus import Reader


class SurveyAnswered(Reader):
    """From survey: the applicant's judgement of a closed case. `reason` is sealed for intake."""

    case_number: str
    satisfaction: int
    dissatisfied: bool
    reason: str | None = None
    answered_at: datetime


class MessageAccepted(Reader):
    """From notify: the provider has taken a message about a case."""

    message_id: str
    case_number: str | None = None
    purpose: str
    channel: str


class MessageFailed(Reader):
    """From notify: a message did not reach its recipient, or nobody can tell."""

    message_id: str
    case_number: str | None = None
    purpose: str
    channel: str
    reason: str
