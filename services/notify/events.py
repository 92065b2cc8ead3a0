"""What notify says: what became of each message. No address and no text travels, only ids and outcomes."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from chassis.bus import Event


class NotifyEvent(Event):
    """An event of notify, about one message."""

    source: ClassVar[str] = "notify"

    message_id: str
    case_number: str | None = None
    purpose: str = Field(description="case_opened, case_returned, case_closed, …: what the message told")
    channel: Literal["sms", "email"]


class MessageAccepted(NotifyEvent):
    """The provider took the message (an SMS provider's 201, a mail server's 250)."""

    type: ClassVar[str] = "message_accepted.v1"
    examples: ClassVar[tuple[dict[str, Any], ...]]

    segments: int | None = Field(default=None, description="SMS segments charged")


class MessageFailed(NotifyEvent):
    """The message did not reach its recipient, or nobody can tell (`parked`); staff see it with the reason."""

    type: ClassVar[str] = "message_failed.v1"
    examples: ClassVar[tuple[dict[str, Any], ...]]

    reason: str
    parked: bool = False


_MESSAGE = {
    "message_id": "0b8f6c0e-6f0d-4a55-9d7e-0d8f9c1f2a10",
    "case_number": "DL-115-004217-6",
    "purpose": "case_opened",
    "channel": "sms",
}
MessageAccepted.examples = ({**_MESSAGE, "segments": 1},)
MessageFailed.examples = (
    {**_MESSAGE, "reason": "21614: not a mobile number"},
    {**_MESSAGE, "case_number": None, "reason": "the provider did not answer", "parked": True},
)

EVENTS: tuple[type[NotifyEvent], ...] = (MessageAccepted, MessageFailed)
