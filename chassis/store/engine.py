"""Opening a store, and sessions on it. PostgreSQL in earnest, SQLite on a laptop; the same code above."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Engine, TextClause, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chassis.failpoints import failpoint
from chassis.store.postgresql import NONE, Connection, Cursor, opening
from chassis.store.tenancy import EVERYWHERE, ScopedSession

POOL = 20
log = logging.getLogger(__name__)


class StoreDown(Exception):
    """The store cannot be reached now; nothing was changed."""


class Store:
    """One service's store.

    `session(tenant)` is one transaction: it commits at the end of the block and rolls back on any error. Errors raised
    from the block pass through; a store that cannot be reached raises `StoreDown`.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.engine = _engine(str(url))
        self._listeners: dict[str, list[Callable[[], None]]] = {}

    @property
    def dialect(self) -> str:
        """`postgresql` or `sqlite`."""
        return self.engine.dialect.name

    @contextmanager
    def session(
        self, tenant: str, *, durable: bool = True, alone: bool = False, settings: Mapping[str, str] = NONE
    ) -> Iterator[ScopedSession]:
        """One transaction of one tenant. `durable=False` lets PostgreSQL answer before the disk does; only for rows
        that another durable transaction repeats or that may be lost. `alone` promises a single statement: it is a
        transaction by itself, and a single round trip. `settings` are PostgreSQL's, for this transaction."""
        first = opening(tenant, durable=durable, alone=alone, settings=settings)
        session = ScopedSession(self.engine, expire_on_commit=False, info={"tenant": tenant})
        try:
            with _or_down():
                _open(session.connection(), first)
                yield session
                session.commit()
            if session.info.get("signals"):
                failpoint("after_commit")
        finally:
            session.close()
        self._tell(session)

    @contextmanager
    def everywhere(
        self, *, durable: bool = True, alone: bool = False, settings: Mapping[str, str] = NONE
    ) -> Iterator[ScopedSession]:
        """One transaction over all tenants: for relays, sweepers and city IT's pages only."""
        with self.session(EVERYWHERE, durable=durable, alone=alone, settings=settings) as session:
            yield session

    def at_once(self, tenant: str, statement: str, **values: object) -> Any:
        """The one value of one SQL statement that is a transaction by itself, not made durable: a single round trip.

        The statement names its tenant (`:tenant`), as SQL does not pass the door. Errors: `StoreDown`.
        """
        with _or_down(), self.engine.begin() as connection:
            _open(connection, opening(tenant, durable=False, alone=True))
            return connection.execute(_text(statement), {"tenant": tenant, **values}).scalar_one()

    def listen(self, signal: str, callback: Callable[[], None]) -> None:
        """Call back after every commit in which `wake(session, signal)` was said."""
        self._listeners.setdefault(signal, []).append(callback)

    def ping(self) -> None:
        """Errors: `StoreDown`."""
        with self.everywhere() as session:
            session.execute(text("SELECT 1"))

    def reachable(self) -> bool:
        """True when the store answers now."""
        try:
            self.ping()
        except StoreDown:
            return False
        return True

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def _tell(self, session: ScopedSession) -> None:
        for signal in session.info.get("signals", ()):
            for callback in self._listeners.get(signal, ()):
                callback()


def wake(session: ScopedSession, signal: str) -> None:
    """After this session has committed, call those who listen for the signal."""
    session.info.setdefault("signals", set()).add(signal)


@contextmanager
def _or_down() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise StoreDown("every connection is in use") from error
    except (OperationalError, InterfaceError) as error:
        raise StoreDown(_first_line(error)) from error


def _open(connection: SqlConnection, first: str) -> None:
    if isinstance(plain := connection.connection.dbapi_connection, Connection):
        plain.opening = first


@lru_cache(maxsize=64)
def _text(statement: str) -> TextClause:
    return text(statement)


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        return _sqlite(url)
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg2://", 1),
        pool_size=POOL,
        max_overflow=0,
        pool_timeout=10,
        pool_use_lifo=True,
        use_native_hstore=False,
        connect_args={
            "connection_factory": Connection,
            "cursor_factory": Cursor,
            "connect_timeout": 5,
            "options": "-c statement_timeout=15000 -c timezone=UTC",
        },
    )
    event.listen(engine, "checkout", _still_there)
    return engine


def _still_there(connection: Any, record: Any, proxy: Any) -> None:
    # An idle connection that the server has closed is replaced before it is used.
    try:
        connection.listen()
    except psycopg2.Error as error:
        raise DisconnectionError(str(error)) from error


def _sqlite(url: str) -> Engine:
    if database := make_url(url).database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    # One connection: a second green thread waits in the pool, not inside SQLite, where it would stop the whole process.
    engine = create_engine(
        url, pool_size=1, max_overflow=0, pool_timeout=30, connect_args={"check_same_thread": False, "timeout": 30}
    )
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _sqlite_connect(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
