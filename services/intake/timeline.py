"""The timeline of a case: one line an act, only ever added to, and what became of the messages about it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from chassis.store.tenancy import ScopedSession
from chassis.store.together import write_together
from services.intake.act import Act
from services.intake.model import Case, HistoryRow, MessageNote


def add(act: Act, case: Case, action: str, text: str | None = None, **details: Any) -> None:
    """Write the line of a change: its version is the case's."""
    write_together(act.session, [(HistoryRow, _row(act, case.number, case.version, action, text, details))])


def first(act: Act, number: str, **details: Any) -> dict[str, Any]:
    """The line of a case's opening, to be written with it."""
    return _row(act, number, 1, "open", None, details)


def remark(act: Act, number: str, action: str, text: str | None = None, **details: Any) -> None:
    """Write a line that tells of something beside the case: it changes no version."""
    write_together(act.session, [(HistoryRow, _row(act, number, None, action, text, details))])


def lines(session: ScopedSession, number: str) -> Sequence[HistoryRow]:
    """The timeline, oldest first."""
    query = select(HistoryRow).where(HistoryRow.number == number)
    return session.scalars(query.order_by(HistoryRow.at, HistoryRow.id)).all()


def messages(session: ScopedSession, number: str) -> Sequence[MessageNote]:
    """What became of the messages about the case, oldest first."""
    query = select(MessageNote).where(MessageNote.number == number)
    return session.scalars(query.order_by(MessageNote.at, MessageNote.message_id)).all()


def _row(
    act: Act, number: str, version: int | None, action: str, text: str | None, details: dict[str, Any]
) -> dict[str, Any]:
    return {
        "tenant": act.session.tenant,
        "number": number,
        "version": version,
        "at": act.now,
        "action": action,
        "actor_kind": act.actor.kind,
        "actor": act.actor.username,
        "actor_name": act.actor.name,
        "text": text,
        "details": {name: value for name, value in details.items() if value},
    }
