"""Several new rows in one round trip: past the ORM, which is for rows one goes on working with.

The rows name their tenant themselves, and it must be the session's.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Insert, Table, bindparam, insert

from chassis.store.tenancy import EVERYWHERE, ScopedSession, WrongTenant

Rows = Sequence[tuple[Any, Mapping[str, Any]]]  # (mapped class, row)
Shape = tuple[tuple[Any, tuple[str, ...]], ...]


def write_together(session: ScopedSession, rows: Rows) -> None:
    """Write new rows, in this order: one statement on PostgreSQL, one each on SQLite. Errors: `WrongTenant`."""
    if session.tenant != EVERYWHERE and any(row["tenant"] != session.tenant for _, row in rows):
        raise WrongTenant(f"a row of another office in a session of {session.tenant}")
    connection = session.connection()
    if connection.dialect.name == "postgresql" and len(rows) > 1:
        values = {f"{place}_{name}": value for place, (_, row) in enumerate(rows) for name, value in row.items()}
        connection.execute(_in_one(tuple((kind, tuple(row)) for kind, row in rows)), values)
        return
    for kind, row in rows:
        connection.execute(_insert(kind), row)


@lru_cache(maxsize=256)
def _in_one(shape: Shape) -> Insert:
    inserts = [_insert(kind).values(_named(kind, names, place)) for place, (kind, names) in enumerate(shape)]
    *before, last = inserts
    return last.add_cte(*(one.cte(f"written_{place}") for place, one in enumerate(before)))


def _named(kind: Any, names: Sequence[str], place: int) -> dict[str, Any]:
    columns = _table(kind).columns
    return {name: bindparam(f"{place}_{name}", type_=columns[name].type) for name in names}


@lru_cache(maxsize=256)
def _insert(kind: Any) -> Insert:
    return insert(_table(kind))


def _table(kind: Any) -> Table:
    return cast(Table, kind.__table__)
