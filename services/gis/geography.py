"""PostGIS, where the store has it: the nearest assets straight from a GiST index, in metres on the sphere."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from chassis.store.tenancy import ScopedSession
from services.gis.assets import Selection
from services.gis.cells import metres
from services.gis.model import Asset

HERE = "ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography"
COLUMN = text(
    "SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass('asset') AND attname = 'place' AND NOT attisdropped"
)
_present: WeakKeyDictionary[Engine, bool] = WeakKeyDictionary()


def present(session: Session) -> bool:
    """True when this store has the geography column. Looked up once a process and store."""
    engine = session.get_bind()
    if not isinstance(engine, Engine):
        return False
    if engine not in _present:
        _present[engine] = engine.dialect.name == "postgresql" and bool(session.scalar(COLUMN))
    return _present[engine]


def nearest(session: ScopedSession, kind: str, lon: float, lat: float, limit: int) -> list[Asset]:
    """The nearest assets of a kind; when several are as far as the last one, those with the lower numbers."""
    asked = limit + 1
    found = _knn(session, kind, lon, lat, asked)
    while len(found) == asked and _same_place(found[limit - 1], found[-1]):
        asked *= 2
        found = _knn(session, kind, lon, lat, asked)
    return sorted(found, key=lambda one: (metres(lon, lat, one.lon, one.lat), one.number))[:limit]


def _knn(session: ScopedSession, kind: str, lon: float, lat: float, limit: int) -> Sequence[Asset]:
    # `geography <->`: KNN on degrees gives a wrong set in two of five cases at 23° north. Nothing but the distance may
    # stand in the ORDER BY, or the planner leaves the GiST index alone.
    away = text(f"place <-> {HERE}").bindparams(lon=lon, lat=lat)
    return session.scalars(select(Asset).where(*Selection(kind).conditions()).order_by(away).limit(limit)).all()


def _same_place(one: Asset, other: Asset) -> bool:
    return (one.lon, one.lat) == (other.lon, other.lat)
