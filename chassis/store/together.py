"""Several new rows in one round trip: past the ORM, which is for rows one goes on working with.

The rows name their tenant themselves, and it must be the session's.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Insert, Table, bindparam, insert
from sqlalchemy.dialects import postgresql, sqlite

from chassis.store.tenancy import EVERYWHERE, ScopedSession, WrongTenant

Rows = Sequence[tuple[Any, Mapping[str, Any]]]  # (mapped class, row)
Shape = tuple[tuple[Any, tuple[str, ...]], ...]


def write_together(session: ScopedSession, rows: Rows) -> None:
    """Write new rows, in this order: one statement on PostgreSQL, one each on SQLite. Errors: `WrongTenant`."""
    for _, row in rows:
        _must_be_of(session, row)
    connection = session.connection()
    if connection.dialect.name == "postgresql" and len(rows) > 1:
        values = {f"{place}_{name}": value for place, (_, row) in enumerate(rows) for name, value in row.items()}
        connection.execute(_in_one(tuple((kind, tuple(row)) for kind, row in rows)), values)
        return
    for kind, row in rows:
        connection.execute(_insert(kind), row)


def write_once(session: ScopedSession, kind: Any, row: Mapping[str, Any]) -> bool:
    """Write a new row, unless one like it is there already: True when it was written. Errors: `WrongTenant`."""
    _must_be_of(session, row)
    connection = session.connection()
    return bool(connection.execute(_once(kind, connection.dialect.name), row).rowcount)


def _must_be_of(session: ScopedSession, row: Mapping[str, Any]) -> None:
    if session.tenant not in (EVERYWHERE, row["tenant"]):
        raise WrongTenant(f"a row of another office in a session of {session.tenant}")


@lru_cache(maxsize=256)
def _once(kind: Any, dialect: str) -> Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(_table(kind)).inline().on_conflict_do_nothing()


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
