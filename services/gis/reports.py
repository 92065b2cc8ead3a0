"""Which assets are reported: the cases of intake, in whatever order and however often their events come."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from chassis.store.tenancy import ScopedSession
from services.gis.inbox import Case
from services.gis.model import AssetCase
from services.gis.numbers import fold

YEAR = timedelta(days=365)


class History(NamedTuple):
    """The cases about an asset: those still open, and those opened within a year, newest first."""

    open: Sequence[AssetCase]
    within_a_year: Sequence[AssetCase]


def remember(session: ScopedSession, case: Case) -> None:
    """Keep a case as this event tells of it, unless a newer version is known already."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"tenant": session.tenant, "case_number": case.number, **_facts(case)}
    newer = insert(AssetCase).values(row)
    session.execute(
        newer.on_conflict_do_update(
            index_elements=["tenant", "case_number"],
            set_={column: newer.excluded[column] for column in _facts(case)},
            where=AssetCase.version < newer.excluded.version,
        )
    )


def history(session: ScopedSession, kind: str, number: str, now: datetime) -> History:
    """What was reported about an asset."""
    about = (AssetCase.kind == kind, AssetCase.number == fold(number))
    newest = select(AssetCase).where(*about).order_by(AssetCase.opened_at.desc(), AssetCase.case_number)
    return History(
        open=session.scalars(newest.where(AssetCase.closed_at.is_(None))).all(),
        within_a_year=session.scalars(newest.where(AssetCase.opened_at > now - YEAR)).all(),
    )


def reported(session: ScopedSession, kind: str, numbers: Iterable[str]) -> dict[str, int]:
    """How many open cases there are about each of these assets; those without are not in it."""
    query = select(AssetCase.number, func.count(AssetCase.case_number)).where(
        AssetCase.kind == kind, AssetCase.number.in_(list(numbers)), AssetCase.closed_at.is_(None)
    )
    return {str(number): count for number, count in session.execute(query.group_by(AssetCase.number))}


def _facts(case: Case) -> dict[str, object]:
    return {
        "kind": case.asset_kind,
        "number": fold(case.asset_number) if case.asset_number else None,
        "version": case.version,
        "status": case.status,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
    }
