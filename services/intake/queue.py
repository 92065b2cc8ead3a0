"""The desk's lists: cases by deadline, a page at a time, with the counts of every list beside them (YS3, DL2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_

from chassis.store import UtcDateTime
from chassis.store.tenancy import ScopedSession
from services.intake.lifecycle import State
from services.intake.model import Case, MessageNote

Name = Literal["open", "mine", "unassigned", "waiting", "overdue", "dissatisfied", "undelivered", "closed"]
NAMES: tuple[Name, ...] = get_args(Name)
NEWEST_FIRST = ("dissatisfied", "undelivered", "closed")
PAGE = 50
MOST = 200
# How long a judged or unreached case stays in front of the desk.
LOOK_BACK = timedelta(days=90)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Desk:
    """Whose desk: `handler` is the username for "mine", `section` limits every other list (None: whole office)."""

    handler: str | None
    section: str | None
    now: datetime


@dataclass(frozen=True)
class Page:
    """One page of a list; `after` asks for the next one and is empty on the last."""

    cases: Sequence[Case]
    after: str | None


class WrongCursor(ValueError):
    """`after` is not what a page gave."""


def page(
    session: ScopedSession,
    desk: Desk,
    name: Name = "open",
    *,
    service: str | None = None,
    after: str | None = None,
    limit: int = PAGE,
) -> Page:
    """One page of a list, the nearest deadline first (judged and closed ones: the newest first).

    `service` keeps the cases of one service. Errors: `WrongCursor`.
    """
    limit = max(1, min(limit, MOST))
    query = select(Case).where(*_conditions(desk, name))
    if service is not None:
        query = query.where(Case.service_code == service)
    query = _newest_first(query, after) if name in NEWEST_FIRST else _nearest_first(query, after)
    found = session.scalars(query.limit(limit + 1)).all()
    more = len(found) > limit
    return Page(found[:limit], _cursor(found[limit - 1], name) if more else None)


def counts(session: ScopedSession, desk: Desk) -> dict[Name, int]:
    """How many cases each list has, in one query."""
    listed = [_counted(desk, name) for name in NAMES if name != "closed"]
    row = session.execute(select(*listed).select_from(Case).where(_recent(desk.now))).one()
    return {name: int(getattr(row, name) or 0) for name in NAMES if name != "closed"}


def by_service(session: ScopedSession, desk: Desk, name: Name) -> dict[str, int]:
    """How many cases of each service a list has, by the service's code, the most first."""
    number = func.count().label("number")
    query = select(Case.service_code, number).where(*_conditions(desk, name)).group_by(Case.service_code)
    rows = session.execute(query.order_by(number.desc(), Case.service_code))
    return {row.service_code: row.number for row in rows}


def open_for_asset(session: ScopedSession, kind: str, number: str) -> Sequence[Case]:
    """Open cases about one lamp, park or facility, oldest first."""
    about = (Case.asset_kind == kind, Case.asset_number == number, Case.closed_at.is_(None))
    return session.scalars(select(Case).where(*about).order_by(Case.opened_at)).all()


def overdue(now: datetime) -> ColumnElement[bool]:
    """Open, and late: the clock ran, or stood, past the deadline."""
    return and_(Case.closed_at.is_(None), func.coalesce(Case.paused_at, moment(now)) > Case.deadline)


def undelivered(now: datetime) -> ColumnElement[bool]:
    """A message about the case did not reach its applicant."""
    failed = select(MessageNote.number).where(
        MessageNote.tenant == Case.tenant, MessageNote.state == "failed", MessageNote.at >= now - LOOK_BACK
    )
    return Case.number.in_(failed)


def moment(at: datetime) -> ColumnElement[datetime]:
    """An aware moment as a value within a query, written as the store writes moments."""
    return literal(at, UtcDateTime())


def _counted(desk: Desk, name: Name) -> Any:
    return func.count().filter(*_conditions(desk, name)).label(name)


def _recent(now: datetime) -> ColumnElement[bool]:
    return or_(Case.closed_at.is_(None), Case.closed_at >= now - LOOK_BACK)


def _conditions(desk: Desk, name: Name) -> list[ColumnElement[bool]]:
    kept = _kept(desk, name)
    if name != "mine" and desk.section is not None:
        kept.append(Case.section == desk.section)
    return kept


def _kept(desk: Desk, name: Name) -> list[ColumnElement[bool]]:
    is_open = Case.closed_at.is_(None)
    recent = _recent(desk.now)
    lists: dict[Name, list[ColumnElement[bool]]] = {
        "open": [is_open],
        "mine": [is_open, Case.handler == desk.handler],
        "unassigned": [is_open, Case.handler.is_(None)],
        "waiting": [Case.status == State.RETURNED.value],
        "overdue": [overdue(desk.now)],
        "dissatisfied": [recent, Case.closed_at.is_not(None), Case.dissatisfied.is_(True)],
        "undelivered": [recent, undelivered(desk.now)],
        "closed": [Case.closed_at.is_not(None)],
    }
    return lists[name]


def _nearest_first(query: Select[Any], after: str | None) -> Select[Any]:
    key = func.coalesce(Case.deadline, moment(NEVER))
    if after is not None:
        query = query.where(tuple_(key, Case.id) > _position(after))
    return query.order_by(key, Case.id)


def _newest_first(query: Select[Any], after: str | None) -> Select[Any]:
    if after is not None:
        query = query.where(tuple_(Case.updated_at, Case.id) < _position(after))
    return query.order_by(Case.updated_at.desc(), Case.id.desc())


def _cursor(case: Case, name: Name) -> str:
    at = case.updated_at if name in NEWEST_FIRST else (case.deadline or NEVER)
    return f"{at.isoformat()}~{case.id}"


def _position(after: str) -> Any:
    written, _, number = after.partition("~")
    try:
        at, last = datetime.fromisoformat(written), int(number)
    except ValueError:
        raise WrongCursor("after") from None
    if at.tzinfo is None or not 0 < last < 2**63:
        raise WrongCursor("after")
    return tuple_(moment(at), last)
