"""The outbox as a list: one office's messages, newest first, by state, purpose, channel and case, in pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from chassis.store.tenancy import ScopedSession
from services.notify import quota
from services.notify.model import Attempt, Decision, DeliveryReceipt, Message

CURSOR: Final = r"^[0-9]{15,17}-[0-9a-f-]{36}$"
RECENTLY: Final = timedelta(days=7)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages; None means any."""

    state: str | None = None
    purpose: str | None = None
    channel: str | None = None
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some messages, and the cursors of the pages with newer and with older ones, where there are any."""

    messages: Sequence[Message]
    newer: str | None
    older: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """One message with all that happened to it, in the order in which it did."""

    message: Message
    attempts: Sequence[Attempt]
    receipts: Sequence[DeliveryReceipt]
    decisions: Sequence[Decision]


@dataclass(frozen=True, slots=True)
class Figures:
    """What an office wants to know at a glance; `failed` within a week, `segments` of SMS this month."""

    sms_today: int
    email_today: int
    waiting: int
    parked: int
    failed: int
    segments: int


def page(
    session: ScopedSession, wanted: Wanted, limit: int, before: str | None = None, after: str | None = None
) -> Page:
    """The newest messages, or those just older than cursor `before`, or newer than `after`. Errors: `ValueError`."""
    query = select(Message).where(*_conditions(wanted)).limit(limit + 1)
    if after:
        query = query.where(_newer(*_read(after))).order_by(Message.created_at, Message.id)
        found = session.scalars(query).all()
        rows = list(reversed(found[:limit]))
        return Page(rows, _cursor(rows[0]) if len(found) > limit else None, _cursor(rows[-1]) if rows else None)
    query = query.order_by(Message.created_at.desc(), Message.id.desc())
    found = session.scalars(query.where(_older(*_read(before))) if before else query).all()
    rows = list(found[:limit])
    return Page(rows, _cursor(rows[0]) if before and rows else None, _cursor(rows[-1]) if len(found) > limit else None)


def story(session: ScopedSession, message_id: str) -> Story | None:
    """One message and its history; None when the office has no such message."""
    message = session.scalars(select(Message).where(Message.id == message_id)).one_or_none()
    if message is None:
        return None
    attempts = select(Attempt).where(Attempt.message_id == message_id).order_by(Attempt.n)
    receipts = select(DeliveryReceipt).where(DeliveryReceipt.message_id == message_id).order_by(DeliveryReceipt.id)
    decisions = select(Decision).where(Decision.message_id == message_id).order_by(Decision.id)
    return Story(message, *(session.scalars(query).all() for query in (attempts, receipts, decisions)))


def figures(session: ScopedSession, now: datetime) -> Figures:
    """The figures of the session's office."""
    today, month = quota.midnight(now), quota.month(now)
    units = select(func.sum(Message.segments)).where(_went("sms"), Message.begun_at >= month)
    return Figures(
        sms_today=_count(session, _went("sms"), Message.begun_at >= today),
        email_today=_count(session, _went("email"), Message.begun_at >= today),
        waiting=_count(session, Message.state.in_(("waiting", "sending"))),
        parked=_count(session, Message.state == "parked"),
        failed=_count(session, Message.state == "failed", Message.created_at >= now - RECENTLY),
        segments=session.scalar(units) or 0,
    )


def _count(session: ScopedSession, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(Message.id)).where(*conditions)) or 0


def _went(channel: str) -> ColumnElement[bool]:
    return and_(Message.channel == channel, Message.accepted_at.is_not(None))


def _conditions(wanted: Wanted) -> list[Any]:
    columns = {
        Message.state: wanted.state,
        Message.purpose: wanted.purpose,
        Message.channel: wanted.channel,
        Message.case_number: wanted.case,
    }
    return [column == value for column, value in columns.items() if value is not None]


def _older(moment: datetime, message_id: str) -> ColumnElement[bool]:
    same = and_(Message.created_at == moment, Message.id < message_id)
    return or_(Message.created_at < moment, same)


def _newer(moment: datetime, message_id: str) -> ColumnElement[bool]:
    same = and_(Message.created_at == moment, Message.id > message_id)
    return or_(Message.created_at > moment, same)


def _cursor(message: Message) -> str:
    return f"{(message.created_at - _EPOCH) // timedelta(microseconds=1)}-{message.id}"


def _read(cursor: str) -> tuple[datetime, str]:
    if not re.fullmatch(CURSOR, cursor):
        raise ValueError("the cursor is not one of ours")
    microseconds, _, message_id = cursor.partition("-")
    return _EPOCH + timedelta(microseconds=int(microseconds)), message_id
