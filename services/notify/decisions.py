"""What staff decide about a message that did not go: send it again, or give it up. Kept with name and moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from chassis.store.tenancy import ScopedSession
from services.notify import messages, suppressions
from services.notify.attempts import DOUBT
from services.notify.claims import QUOTA
from services.notify.model import Decision, Message
from services.notify.notices import NOT_ADDRESS, NOT_MOBILE
from services.notify.suppressions import OPTED_OUT

AT_ONCE: Final = 500
HOPELESS: Final = (NOT_MOBILE[0], NOT_ADDRESS[0])
GIVEN_UP: Final = ("given-up", "given up by staff")


class NotNow(Exception):
    """The message is not in a state in which this can be decided."""


@dataclass(frozen=True, slots=True)
class Person:
    """The member of staff who decides."""

    username: str
    name: str


def may_resume(message: Message) -> bool:
    """Whether it can be sent again: it did not go, or nobody can tell, and its recipient can be written to."""
    stopped = message.state in ("parked", "failed", "expired", "suppressed")
    return stopped and message.reference is None and message.code not in HOPELESS


def may_give_up(message: Message) -> bool:
    """Whether it waits for a person."""
    return message.state == "parked"


def resume(session: ScopedSession, message: Message, who: Person, now: datetime) -> None:
    """Send it again, with all its tries, past the day's quota or the opt-out that stopped it. Errors: `NotNow`.

    One in doubt may then arrive twice: that is for the person to weigh.
    """
    if not may_resume(message):
        raise NotNow(message.state)
    if message.code == OPTED_OUT[0]:
        suppressions.lift(session, message)
    message.released = message.released or message.code == QUOTA[0]
    message.tries, message.code, message.reason = 0, None, None
    message.expires_at = max(message.expires_at, now + messages.lifetime(message.purpose))
    messages.wait(session, message, now, now)
    _note(session, message, "resume", who, now)


def give_up(session: ScopedSession, message: Message, who: Person, now: datetime) -> None:
    """Do not send it any more. Errors: `NotNow`."""
    if not may_give_up(message):
        raise NotNow(message.state)
    messages.fail(session, message, "failed", *GIVEN_UP, now)
    _note(session, message, "give-up", who, now)


def resume_all(session: ScopedSession, who: Person, now: datetime) -> int:
    """Send again what is parked and surely did not go, the oldest first, at most 500. Returns how many."""
    sure = Message.state == "parked", Message.code != DOUBT
    query = select(Message).where(*sure).order_by(Message.created_at).limit(AT_ONCE)
    found = session.scalars(query.with_for_update(skip_locked=True)).all()
    for message in found:
        resume(session, message, who, now)
    return len(found)


def _note(session: ScopedSession, message: Message, action: str, who: Person, now: datetime) -> None:
    session.add(Decision(message_id=message.id, action=action, username=who.username, name=who.name, decided_at=now))
