"""Attempts nobody can judge: the call ended without an answer, or its process died. Ask the provider, never guess.

An expired lease with a `prepared` attempt is such a doubt too. After its time to settle the provider is asked: what it
has was accepted, what it surely lacks is sent again, and what it cannot tell is asked again a few times, then parked
for a person. It is never simply sent a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, select

from chassis.store.tenancy import ScopedSession
from services.notify import attempts, messages
from services.notify.claims import LEASE, Call, call_of
from services.notify.model import Attempt, Channel, Message
from services.notify.outcome import Found, NotFound, Search

AGAIN: Final = (0.5, 2.5, 7.5)  # times the time to settle; with 120 s: after 1, 5 and 15 minutes


def due(session: ScopedSession, channel: Channel, room: int, now: datetime, settle: timedelta) -> list[Call]:
    """The attempts to ask about now, in a session over all offices. Those of the dead begin to settle."""
    query = select(Message, Attempt).join(
        Attempt, and_(Attempt.message_id == Message.id, Attempt.n == Message.attempt_no)
    )
    query = query.where(Message.state == "sending", Message.channel == channel, Message.lease_until <= now)
    query = query.order_by(Message.lease_until).limit(room).with_for_update(of=(Message, Attempt), skip_locked=True)
    asked: list[Call] = []
    for message, attempt in session.execute(query).all():
        if attempt.state == "prepared":
            attempts.doubt(message, attempt, "the sender stopped during the call", now, settle)
        else:
            attempt.asked, message.lease_until = attempt.asked + 1, now + LEASE
            asked.append(call_of(message, attempt))
    return asked


def clear(
    session: ScopedSession,
    message: Message,
    attempt: Attempt,
    search: Search,
    now: datetime,
    waits: Sequence[timedelta],
) -> None:
    """Record what the provider said about the attempt. `waits` are the pauses before it is asked again."""
    if not (attempts.undecided(attempt) and attempts.holds(message, attempt)):
        return
    if isinstance(search, Found) and not messages.taken(session, message, search.reference):
        attempts.took(session, message, attempt, search.reference, None, now)
    elif isinstance(search, NotFound):
        attempts.missed(session, message, attempt, now)
    elif attempt.asked <= len(waits):
        message.lease_until = now + waits[attempt.asked - 1]
    else:
        attempts.stop(session, message, "parked", attempts.DOUBT, _reason(search, attempt), now)


def pauses(settle: timedelta) -> list[timedelta]:
    """How long to wait before each further question to a provider that needs `settle` to know."""
    return [settle * times for times in AGAIN]


def _reason(search: Search, attempt: Attempt) -> str:
    told = "another message goes by its reference" if isinstance(search, Found) else getattr(search, "reason", "")
    return f"it may have been sent ({attempt.reason}), and nobody can tell: {told}"
