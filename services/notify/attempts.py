"""What an attempt has shown, and what follows for its message.

An attempt is decided once; only "accepted" may still overrule another verdict, because it is proof. `attempt_no` fences
the message: the outcome of an old attempt never moves a message that has gone on to a newer one.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from chassis.store.tenancy import ScopedSession
from services.notify import messages, suppressions
from services.notify.model import Attempt, Message
from services.notify.outcome import Accepted, Later, Outcome, Rejected, Unknown
from services.notify.retries import MOST_TRIES, pause
from services.notify.twilio_codes import OPTED_OUT

DOUBT: Final = "doubt"
NOT_FOUND: Final = "not-found"
log = logging.getLogger(__name__)


def conclude(
    session: ScopedSession, message: Message, attempt: Attempt, outcome: Outcome, now: datetime, settle: timedelta
) -> None:
    """Record what the provider answered. `settle` is how long to wait before a doubt can be cleared up."""
    if isinstance(outcome, Accepted):
        took(session, message, attempt, outcome.reference, outcome.segments, now)
    elif not undecided(attempt):
        return
    elif isinstance(outcome, Unknown):
        doubt(message, attempt, outcome.reason, now, settle)
    elif isinstance(outcome, Later):
        _decide(attempt, "later", outcome.code, outcome.reason, now)
        if holds(message, attempt):
            due = now + pause(message.tries, outcome.retry_after)
            again(session, message, due, outcome.code, outcome.reason, now)
    else:
        _rejected(session, message, attempt, outcome, now)


def took(
    session: ScopedSession, message: Message, attempt: Attempt, reference: str, segments: int | None, now: datetime
) -> None:
    """The provider has it: its answer, its callback or its list says so. Said twice, it changes nothing."""
    if attempt.state == "accepted":
        message.segments = segments or message.segments
        return
    _decide(attempt, "accepted", None, None, now)
    attempt.reference = reference
    newer_in_flight = message.state == "sending" and message.attempt_no != attempt.n
    if message.reference is None and message.state not in ("accepted", "delivered") and not newer_in_flight:
        messages.accept(session, message, reference, segments, now)
    else:
        log.error("a message may have been sent twice", extra={"message_id": message.id, "attempt": attempt.n})


def doubt(message: Message, attempt: Attempt, reason: str, now: datetime, settle: timedelta) -> None:
    """Nobody can tell whether the provider has it; `settle` from now it can be asked."""
    _decide(attempt, "unknown", DOUBT, reason, now)
    if message.state == "sending" and message.attempt_no == attempt.n:
        message.lease_until, message.updated_at = now + settle, now


def missed(session: ScopedSession, message: Message, attempt: Attempt, now: datetime) -> None:
    """The provider was asked and does not have it, so it may be sent again at once."""
    _decide(attempt, "later", NOT_FOUND, "the provider never got it", now)
    again(session, message, now, NOT_FOUND, "the provider never got it", now)


def again(session: ScopedSession, message: Message, due: datetime, code: str, reason: str, now: datetime) -> None:
    """Wait for the next try, or fail when there have been enough of them or it would come too late."""
    if message.tries >= MOST_TRIES:
        stop(session, message, "failed", code, f"{reason}; given up after {message.tries} tries", now)
    elif due >= message.expires_at:
        stop(session, message, "failed", code, f"{reason}; no time left for another try", now)
    elif not _proven(session, message, now):
        messages.wait(session, message, due, now)


def stop(
    session: ScopedSession, message: Message, state: messages.Failure, code: str, reason: str, now: datetime
) -> None:
    """Try no more."""
    if not _proven(session, message, now):
        messages.fail(session, message, state, code, reason, now)


def undecided(attempt: Attempt) -> bool:
    """Whether it may have been accepted or not."""
    return attempt.state in ("prepared", "unknown")


def holds(message: Message, attempt: Attempt) -> bool:
    """Whether the message still waits for this attempt to be decided."""
    doubtful = message.state == "parked" and message.code == DOUBT
    return message.attempt_no == attempt.n and (message.state == "sending" or doubtful)


def _rejected(session: ScopedSession, message: Message, attempt: Attempt, outcome: Rejected, now: datetime) -> None:
    _decide(attempt, "rejected", outcome.code, outcome.reason, now)
    if outcome.code == OPTED_OUT:
        suppressions.suppress(session, message, outcome.code, now)
    if not holds(message, attempt):
        return
    if outcome.kind == "configuration":
        log.error("the provider refuses our settings", extra={"code": outcome.code, "reason": outcome.reason})
    state: messages.Failure = "failed" if outcome.kind == "permanent" else "parked"
    stop(session, message, state, outcome.code, outcome.reason, now)


def _proven(session: ScopedSession, message: Message, now: datetime) -> bool:
    """Whether an older attempt, given up too early, was accepted meanwhile: then the message is accepted by it."""
    accepted = Attempt.message_id == message.id, Attempt.state == "accepted"
    reference = session.scalar(select(Attempt.reference).where(*accepted).limit(1))
    if reference is not None:
        messages.accept(session, message, reference, None, now)
    return reference is not None


def _decide(attempt: Attempt, state: str, code: str | None, reason: str | None, now: datetime) -> None:
    attempt.state, attempt.code, attempt.reason, attempt.finished_at = state, code and code[:40], reason, now
