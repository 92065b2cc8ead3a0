"""The reference of the store: SQLAlchemy inserts two rows and commits, again and again, on several connections.

With its core, which is its quickest way, or (`--orm`) with mapped classes, which is its usual one.
"""

import argparse
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Engine, MetaData, String, Table, Text, create_engine, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session

from tests.bench.crew import Result, obey

METADATA = MetaData()
CASES = Table(
    "bare_case",
    METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("number", String(36), unique=True, nullable=False),
    Column("status", String(20), nullable=False),
    Column("description", Text),
    Column("name", String(60)),
    Column("phone", String(16)),
    Column("opened_at", DateTime(timezone=True), server_default=func.now()),
)
OUTBOX = Table(
    "bare_outbox",
    METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("event_id", String(36), nullable=False),
    Column("envelope", JSONB, nullable=False),
    Column("published_at", DateTime(timezone=True)),
)
ENVELOPE = {"specversion": "1.0", "type": "case_opened.v1", "data": {f"field_{n}": "x" * 60 for n in range(24)}}


class _Mapped(DeclarativeBase):
    metadata = METADATA


class Case(_Mapped):
    """A row of the first table."""

    __table__ = CASES


class Said(_Mapped):
    """A row of the second."""

    __table__ = OUTBOX


def engine_of(url: str, connections: int) -> Engine:
    """An engine with so many connections, as SQLAlchemy makes it."""
    return create_engine(url.replace("postgresql://", "postgresql+psycopg2://", 1), pool_size=connections)


def core(engine: Engine, case: dict[str, Any], said: dict[str, Any]) -> None:
    """One transaction of two INSERT statements."""
    with engine.begin() as connection:
        connection.execute(CASES.insert(), case)
        connection.execute(OUTBOX.insert(), said)


def orm(engine: Engine, case: dict[str, Any], said: dict[str, Any]) -> None:
    """The same with two objects."""
    with Session(engine) as session:
        session.add_all((Case(**case), Said(**said)))
        session.commit()


def measure(engine: Engine, write: Callable[..., None], connections: int, seconds: float) -> Result:
    """Write for so long; how many pairs of rows were committed a second."""
    done = [0] * connections
    began = time.perf_counter()
    arguments = [(engine, write, began + seconds, done, place) for place in range(connections)]
    threads = [threading.Thread(target=_write, args=given) for given in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"per_second": sum(done) / (time.perf_counter() - began)}


def _write(engine: Engine, write: Callable[..., None], end: float, done: list[int], place: int) -> None:
    while time.perf_counter() < end:
        number = str(uuid.uuid4())
        case = {
            "number": number,
            "status": "received",
            "description": "燈不亮",
            "name": "王小明",
            "phone": "0912345678",
        }
        write(engine, case, {"event_id": number, "envelope": ENVELOPE})
        done[place] += 1


def main() -> None:
    """Obey orders `{"seconds": 3}`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--connections", type=int, required=True)
    parser.add_argument("--orm", action="store_true")
    given = parser.parse_args()
    engine = engine_of(given.url, given.connections)
    obey(lambda seconds: measure(engine, orm if given.orm else core, given.connections, seconds))


if __name__ == "__main__":
    main()
