"""Figures for the desk and for the head's page (DL2 timeliness, YM9 every dissatisfied answer, YM10 by month)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from chassis.clock import TAIPEI
from chassis.store.tenancy import ScopedSession
from chassis.tenants import Tenant
from services.intake import deadlines
from services.intake.model import Case
from services.intake.office_calendar import calendar_of
from services.intake.queue import overdue

SOON_DAYS = 2
MONTHS = 12
MOST = 50


@dataclass(frozen=True)
class Figures:
    """Cases now, and how many of this month's closed ones were on time (0 to 1; None when none was closed)."""

    open: int
    overdue: int
    due_soon: int
    opened_this_month: int
    closed_this_month: int
    on_time: float | None


@dataclass(frozen=True)
class SectionFigures:
    """One section's cases; `section` is its code."""

    section: str
    open: int
    overdue: int
    dissatisfied: int


@dataclass(frozen=True)
class MonthFigures:
    """One month, from its first moment in Taipei."""

    month: datetime
    opened: int
    closed: int
    on_time: float | None


@dataclass(frozen=True)
class HeadPage:
    """What the head of the office sees: what is late, who was not satisfied, how it goes."""

    figures: Figures
    overdue: Sequence[Case]
    dissatisfied: Sequence[Case]
    sections: Sequence[SectionFigures]
    months: Sequence[MonthFigures]


def figures(session: ScopedSession, office: Tenant, now: datetime, section: str | None = None) -> Figures:
    """The office's figures, or one section's, in one query."""
    month = months_until(now, 1)[0]
    soon = deadlines.deadline(now, SOON_DAYS, calendar_of(office))
    closed = and_(Case.closed_at >= month, Case.status == "closed")
    query = select(
        _count("open", Case.closed_at.is_(None)),
        _count("overdue", overdue(now)),
        _count("due_soon", Case.closed_at.is_(None), Case.paused_at.is_(None), Case.deadline.between(now, soon)),
        _count("opened", Case.opened_at >= month),
        _count("closed", closed),
        _count("on_time", closed, on_time()),
        _count("promised", closed, Case.deadline.is_not(None)),
    ).select_from(Case)
    row = session.execute(query if section is None else query.where(Case.section == section)).one()
    return Figures(row.open, row.overdue, row.due_soon, row.opened, row.closed, _share(row.on_time, row.promised))


def head_page(session: ScopedSession, office: Tenant, now: datetime) -> HeadPage:
    """Everything for the head's page in five queries."""
    return HeadPage(
        figures=figures(session, office, now),
        overdue=session.scalars(select(Case).where(overdue(now)).order_by(Case.deadline).limit(MOST)).all(),
        dissatisfied=dissatisfied(session),
        sections=by_section(session, office, now),
        months=by_month(session, now),
    )


def dissatisfied(session: ScopedSession, limit: int = MOST) -> Sequence[Case]:
    """Cases whose applicants were not satisfied, the newest answer first (YM9)."""
    query = select(Case).where(Case.dissatisfied.is_(True)).order_by(Case.answered_at.desc(), Case.id.desc())
    return session.scalars(query.limit(limit)).all()


def by_section(session: ScopedSession, office: Tenant, now: datetime) -> Sequence[SectionFigures]:
    """Every section of the office's file, also those without cases."""
    query = select(
        Case.section,
        _count("open", Case.closed_at.is_(None)),
        _count("overdue", overdue(now)),
        _count("dissatisfied", Case.dissatisfied.is_(True), Case.answered_at >= months_until(now, 1)[0]),
    ).group_by(Case.section)
    found = {row.section: row for row in session.execute(query)}
    codes = [section.code for section in office.sections]
    return [_section(code, found.get(code)) for code in [*codes, *sorted(set(found) - set(codes))]]


def by_month(session: ScopedSession, now: datetime, count: int = MONTHS) -> Sequence[MonthFigures]:
    """The last `count` months with this one, oldest first, in one query."""
    starts = months_until(now, count)
    starts.append((starts[-1] + timedelta(days=32)).replace(day=1))
    columns = [column for number in range(count) for column in _month(number, starts[number], starts[number + 1])]
    row: Any = session.execute(select(*columns).select_from(Case)).one()._mapping
    return [
        MonthFigures(
            month=starts[number],
            opened=row[f"opened_{number}"],
            closed=row[f"closed_{number}"],
            on_time=_share(row[f"on_time_{number}"], row[f"promised_{number}"]),
        )
        for number in range(count)
    ]


def on_time() -> ColumnElement[bool]:
    """The office's clock had not passed the deadline when it stopped."""
    return func.coalesce(Case.paused_at, Case.closed_at) <= Case.deadline


def months_until(now: datetime, count: int) -> list[datetime]:
    """The first moments, in Taipei, of the last `count` months; the last one is this month's."""
    starts = [now.astimezone(TAIPEI).replace(day=1, hour=0, minute=0, second=0, microsecond=0)]
    while len(starts) < count:
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    return starts[::-1]


def _month(number: int, start: datetime, end: datetime) -> list[Any]:
    closed = and_(Case.closed_at >= start, Case.closed_at < end, Case.status == "closed")
    return [
        _count(f"opened_{number}", Case.opened_at >= start, Case.opened_at < end),
        _count(f"closed_{number}", closed),
        _count(f"on_time_{number}", closed, on_time()),
        _count(f"promised_{number}", closed, Case.deadline.is_not(None)),
    ]


def _section(code: str, row: Any) -> SectionFigures:
    return SectionFigures(code, row.open, row.overdue, row.dissatisfied) if row else SectionFigures(code, 0, 0, 0)


def _count(label: str, *conditions: ColumnElement[bool] | Any) -> Any:
    return func.count().filter(*conditions).label(label)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
