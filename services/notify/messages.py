"""The turns of a message. Each is one change with the event that tells of it, in the caller's transaction.

    waiting → sending → accepted → delivered | failed
    waiting → suppressed | expired | parked;  sending → waiting (later) | failed | parked;  parked → waiting | failed

Callers hold the message's row lock (`locked`), so that two who know something of one message come one after the other.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, Literal, cast

from sqlalchemy import bindparam, select

from chassis.bus import Event, say
from chassis.store.engine import wake
from chassis.store.tenancy import ScopedSession
from services.notify.events import MessageAccepted, MessageFailed
from services.notify.model import Attempt, Message

LIFETIME: Final = {
    "case_opened": timedelta(hours=24),
    "case_returned": timedelta(days=7),
    "case_closed": timedelta(hours=72),
}
FOLLOW_UP: Final = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))

# Made once: making a statement costs more than running it.
LOCKED: Final = (
    select(Message, Attempt)
    .join(Attempt, Attempt.message_id == Message.id)
    .where(Message.id == bindparam("message_id"), Attempt.n == bindparam("n"))
    .with_for_update(of=(Message, Attempt))
)

Failure = Literal["failed", "parked", "suppressed", "expired"]


def locked(session: ScopedSession, message_id: str, n: int) -> tuple[Message, Attempt] | None:
    """A message and one of its attempts, both rows locked until the transaction ends; None when unknown.

    Both: a row that is only joined would be read as it stood before the wait for the lock.
    """
    row = session.execute(LOCKED, {"message_id": message_id, "n": n}).one_or_none()
    return None if row is None else (row[0], row[1])


def signal(channel: str) -> str:
    """What wakes the channel's sender after a commit."""
    return f"messages.{channel}"


def alone(session: ScopedSession, message_id: str) -> Message | None:
    """A message, its row locked until the transaction ends; None when unknown."""
    return session.scalars(select(Message).where(Message.id == message_id).with_for_update()).one_or_none()


def lifetime(purpose: str) -> timedelta:
    """How long a message of this purpose is worth sending."""
    return LIFETIME.get(purpose, timedelta(hours=24))


def fresh(purpose: str, now: datetime) -> dict[str, Any]:
    """The columns of a message that has just been written down, to be sent at once."""
    return {
        "state": "waiting",
        "due_at": now,
        "expires_at": now + lifetime(purpose),
        "attempt_no": 0,
        "tries": 0,
        "released": False,
        "version": 0,
        "created_at": now,
        "updated_at": now,
    }


def wait(session: ScopedSession, message: Message, due_at: datetime, now: datetime) -> None:
    """It is to be sent, not before `due_at`."""
    message.state, message.due_at, message.lease_until, message.updated_at = "waiting", due_at, None, now
    wake(session, signal(message.channel))


def accept(session: ScopedSession, message: Message, reference: str, segments: int | None, now: datetime) -> None:
    """The provider has it under `reference`, which no other message of the office goes by (`taken`)."""
    message.reference, message.segments = reference, segments or message.segments
    message.state, message.accepted_at, message.lease_until = "accepted", now, None
    message.code, message.reason, message.updated_at = None, None, now
    message.follow_at = now + FOLLOW_UP[0] if message.channel == "sms" else None
    _say(session, message, MessageAccepted(**_about(message), segments=message.segments), now)


def deliver(session: ScopedSession, message: Message, now: datetime) -> None:
    """It reached the handset. An event only takes back what was said wrongly: a failure."""
    wrong = message.state != "accepted"
    message.state, message.code, message.reason = "delivered", None, None
    message.lease_until, message.follow_at, message.updated_at = None, None, now
    message.accepted_at = message.accepted_at or now
    if wrong:
        _say(session, message, MessageAccepted(**_about(message), segments=message.segments), now)


def fail(session: ScopedSession, message: Message, state: Failure, code: str, reason: str, now: datetime) -> None:
    """It did not reach its recipient, or nobody can tell (`parked`). `reason` holds no personal data."""
    message.state, message.code, message.reason = state, code[:40], reason
    message.lease_until, message.follow_at, message.updated_at = None, None, now
    said = f"{code}: {reason}" if code.isdecimal() else reason
    _say(session, message, MessageFailed(**_about(message), reason=said, parked=state == "parked"), now)


def taken(session: ScopedSession, message: Message, reference: str) -> bool:
    """Whether another message already goes by this reference."""
    others = select(Message.id).where(Message.reference == reference, Message.id != message.id)
    return session.scalar(others.limit(1)) is not None


def _about(message: Message) -> dict[str, str | None]:
    return {
        "message_id": message.id,
        "case_number": message.case_number,
        "purpose": message.purpose,
        "channel": cast(Literal["sms", "email"], message.channel),
    }


def _say(session: ScopedSession, message: Message, event: Event, now: datetime) -> None:
    message.version += 1
    say(session, event, subject=message.id, sequence=message.version, at=now)
