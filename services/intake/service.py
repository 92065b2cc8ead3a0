"""What intake hears: how a case was judged, and what became of the messages about it."""

from typing import Any

from chassis.bus import Heard, Worker, event_handler
from services.intake import inbox
from services.intake.act import SYSTEM, Act
from services.intake.feedback import record_answer, record_message


class Intake(Worker):
    """Intake on the bus."""

    name = "intake"

    @event_handler("survey", "survey_answered.v1", reads=inbox.SurveyAnswered)
    def on_survey_answered(self, heard: Heard[inbox.SurveyAnswered]) -> None:
        """The applicant's judgement goes onto the case, and before the head when it is a bad one."""
        data = heard.data
        reason = heard.open(data.reason, "intake") if data.reason else None
        act = Act(heard.runtime, heard.session, SYSTEM, data.answered_at)
        record_answer(act, data.case_number, data.satisfaction, data.dissatisfied, reason, data.answered_at)

    @event_handler("notify", "message_accepted.v1", reads=inbox.MessageAccepted)
    def on_message_accepted(self, heard: Heard[inbox.MessageAccepted]) -> None:
        """The provider has taken a message."""
        _note(heard, heard.data, None)

    @event_handler("notify", "message_failed.v1", reads=inbox.MessageFailed)
    def on_message_failed(self, heard: Heard[inbox.MessageFailed]) -> None:
        """A message did not arrive; the desk sees it."""
        _note(heard, heard.data, heard.data.reason)


def _note(heard: Heard[Any], data: inbox.MessageAccepted | inbox.MessageFailed, reason: str | None) -> None:
    if data.case_number is None:
        return
    record_message(
        Act(heard.runtime, heard.session, SYSTEM, heard.time),
        data.case_number,
        message_id=data.message_id,
        purpose=data.purpose,
        channel=data.channel,
        state="accepted" if reason is None else "failed",
        reason=reason,
        sequence=heard.sequence,
    )
