"""The nearest assets, with true metres: from PostGIS where the store has it, from the cell index everywhere."""

from heapq import nsmallest
from typing import NamedTuple

from sqlalchemy import select

from chassis.store.tenancy import ScopedSession
from services.gis import geography
from services.gis.assets import Selection
from services.gis.cells import DECIMALS, WORLD, Box, box_around, circle_box, metres
from services.gis.model import Asset

MOST = 1000
WIDEST = 127  # cells on every side, some 64 km: beyond, all there is is looked at


class Near(NamedTuple):
    """An asset and how far it is, in metres on the sphere."""

    asset: Asset
    metres: float


class _Candidate(NamedTuple):
    metres: float
    number: str
    id: int


def nearest(session: ScopedSession, kind: str, lon: float, lat: float, limit: int = 10) -> list[Near]:
    """The nearest assets of a kind, nearest first; of those equally far the lower number.

    Errors: `ValueError` naming the argument that is out of range.
    """
    _check(lon, lat, limit)
    # Asked for within 10 µm of an asset, PostGIS 3.3 breaks off: "index returned tuples in wrong order".
    lon, lat = round(lon, DECIMALS), round(lat, DECIMALS)
    find = geography.nearest if geography.present(session) else by_cells
    found = [Near(asset, metres(lon, lat, asset.lon, asset.lat)) for asset in find(session, kind, lon, lat, limit)]
    return sorted(found, key=lambda near: (near.metres, near.asset.number))


def by_cells(session: ScopedSession, kind: str, lon: float, lat: float, limit: int) -> list[Asset]:
    """Squares of cells around the point, each twice as wide, until there are enough; then all that is no farther."""
    reach = 0
    found = _nearest_in(session, kind, lon, lat, limit, box_around(lon, lat, reach))
    while len(found) < limit and reach < WIDEST:
        reach = 2 * reach + 1
        found = _nearest_in(session, kind, lon, lat, limit, box_around(lon, lat, reach))
    enough = circle_box(lon, lat, found[-1].metres) if len(found) == limit else WORLD
    return _assets(session, _nearest_in(session, kind, lon, lat, limit, enough))


def _nearest_in(session: ScopedSession, kind: str, lon: float, lat: float, limit: int, box: Box) -> list[_Candidate]:
    query = select(Asset.lon, Asset.lat, Asset.number, Asset.id).where(*Selection(kind, box).conditions())
    rows = session.execute(query)
    return nsmallest(limit, (_Candidate(metres(lon, lat, row[0], row[1]), row[2], row[3]) for row in rows))


def _assets(session: ScopedSession, found: list[_Candidate]) -> list[Asset]:
    query = select(Asset).where(Asset.id.in_([candidate.id for candidate in found]))
    by_id = {asset.id: asset for asset in session.scalars(query)}
    return [by_id[candidate.id] for candidate in found]


def _check(lon: float, lat: float, limit: int) -> None:
    if not -180 <= lon <= 180:
        raise ValueError(f"lon: must be from -180 to 180 degrees, not {lon}")
    if not -90 <= lat <= 90:
        raise ValueError(f"lat: must be from -90 to 90 degrees, not {lat}")
    if not 1 <= limit <= MOST:
        raise ValueError(f"limit: must be from 1 to {MOST}, not {limit}")
