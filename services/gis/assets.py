"""Finding assets: by number, by box, by village; and what may have been meant when a number is unknown (DL6)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from chassis.store.tenancy import ScopedSession
from services.gis.cells import Box, cell
from services.gis.model import KINDS, Asset
from services.gis.numbers import apart, fold, lookalikes

MOST_SUGGESTIONS = 5
NEIGHBOURS = 2
CLOSE = 20  # plates; beyond, a number next to the asked one in the list is not near it
NEIGHBOUR_RANK = 9


class Selection(NamedTuple):
    """Which assets: standing ones of a kind, in a box or a village where these are given."""

    kind: str
    box: Box | None = None
    village: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Its WHERE clause. Errors: `ValueError` for an unknown kind."""
        if self.kind not in KINDS:
            raise ValueError(f"kind: must be one of {', '.join(KINDS)}, not {self.kind}")
        chosen = [Asset.kind == self.kind, Asset.removed_at.is_(None)]
        chosen += [_inside(self.box)] if self.box else []
        return [*chosen, Asset.village == self.village] if self.village else chosen


def find(session: ScopedSession, kind: str, number: str) -> Asset | None:
    """The asset with this number, however it is written. `1234` is not `01234`: that is for `suggestions`."""
    query = select(Asset).where(*Selection(kind).conditions(), Asset.number == fold(number))
    return session.scalars(query).one_or_none()


def suggestions(session: ScopedSession, kind: str, number: str) -> list[Asset]:
    """What may have been meant, the likeliest first, at most five: numbers that look alike, then the neighbours."""
    asked = fold(number)
    ranks = lookalikes(asked)
    query = select(Asset).where(*Selection(kind).conditions(), Asset.number.in_(ranks))
    alike = {asset.number: asset for asset in session.scalars(query)} if ranks else {}
    if ranks and len(alike) < MOST_SUGGESTIONS:
        alike |= {asset.number: asset for asset in _neighbours(session, kind, asked)}
    likeliest = sorted(alike, key=lambda one: (ranks.get(one, NEIGHBOUR_RANK), apart(asked, one), one))
    return [alike[one] for one in likeliest[:MOST_SUGGESTIONS]]


def within(session: ScopedSession, kind: str, bbox: Box, limit: int) -> Sequence[Asset]:
    """The assets in a box, by number, at most `limit`."""
    return page(session, Selection(kind, Box(*bbox)), limit)


def page(session: ScopedSession, chosen: Selection, limit: int, after: str | None = None) -> Sequence[Asset]:
    """The next assets by number, those after `after`."""
    query = _by_number(chosen).limit(limit)
    return session.scalars(query.where(Asset.number > after) if after else query).all()


def page_before(session: ScopedSession, chosen: Selection, limit: int, first: str) -> str | None:
    """The `after` of the page before the one that begins with `first`: empty for the first page, None without one."""
    query = _by_number(chosen).where(Asset.number < first).order_by(None).order_by(Asset.number.desc())
    before = session.scalars(query.limit(limit + 1)).all()
    if not before:
        return None
    return before[-1].number if len(before) > limit else ""


def count(session: ScopedSession, chosen: Selection) -> int:
    """How many there are."""
    return session.scalar(select(func.count(Asset.id)).where(*chosen.conditions())) or 0


def villages(session: ScopedSession, kind: str) -> list[tuple[str, int]]:
    """Every village with how many assets of the kind it has, by name."""
    query = select(Asset.village, func.count(Asset.id)).where(*Selection(kind).conditions())
    found = session.execute(query.where(Asset.village.is_not(None)).group_by(Asset.village))
    return sorted((str(village), number) for village, number in found)


def extent(session: ScopedSession, chosen: Selection) -> Box | None:
    """The smallest box around them; None when there are none."""
    sides = (func.min(Asset.lon), func.min(Asset.lat), func.max(Asset.lon), func.max(Asset.lat))
    west, south, east, north = session.execute(select(*sides).where(*chosen.conditions())).one()
    return None if west is None else Box(west, south, east, north)


def _inside(box: Box) -> ColumnElement[bool]:
    """Being in the box: the cells for the index, the degrees for the rest."""
    rows = Asset.cy.between(cell(box.south), cell(box.north))
    columns = (
        and_(Asset.cx.between(cell(west), cell(east)), rows, Asset.lon.between(west, east))
        for west, east in box.spans()
    )
    return and_(or_(*columns), Asset.lat.between(box.south, box.north))


def _by_number(chosen: Selection) -> Select[Any]:
    return select(Asset).where(*chosen.conditions()).order_by(Asset.number)


def _neighbours(session: ScopedSession, kind: str, number: str) -> list[Asset]:
    """The numbers that come just before and after, in the order of the plates."""
    query = select(Asset).where(*Selection(kind).conditions())
    before = session.scalars(query.where(Asset.number < number).order_by(Asset.number.desc()).limit(NEIGHBOURS))
    after = session.scalars(query.where(Asset.number > number).order_by(Asset.number).limit(NEIGHBOURS))
    return [one for one in (*before, *after) if apart(number, one.number) <= CLOSE]
