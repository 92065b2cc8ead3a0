"""PostgreSQL in few round trips: a transaction begins, and learns its tenant, in the message of its first statement.

psycopg2 alone sends BEGIN as a message of its own, and the tenant would be another: three messages for one statement,
now one. Whether a transaction is open is known from the server's last answer. (No server-side cursors, no COPY.)
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from psycopg2 import extensions

BEGIN = "BEGIN;"
NONE: Mapping[str, str] = MappingProxyType({})
IDLE: int = extensions.TRANSACTION_STATUS_IDLE


class Connection(extensions.connection):  # type: ignore[misc]
    """A connection that says `opening` before the first statement of the next transaction; `BEGIN` when it is over."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.autocommit = True
        self.opening = BEGIN

    def commit(self) -> None:
        """Make it last. Errors: psycopg2's."""
        self._end("COMMIT")

    def rollback(self) -> None:
        """Forget it. Errors: psycopg2's."""
        self._end("ROLLBACK")

    def listen(self) -> None:
        """Hear what the server has said meanwhile; asks nothing, waits for nothing. Errors: psycopg2's, if it left."""
        self.poll()  # its farewell is heard first,
        self.poll()  # then that it hung up

    def _end(self, how: str) -> None:
        self.opening = BEGIN
        if self.get_transaction_status() != IDLE:
            with self.cursor() as cursor:
                cursor.execute(how)


class Cursor(extensions.cursor):  # type: ignore[misc]
    """Its statements belong to the connection's transaction, which the first of them opens."""

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - the name is psycopg2's
        """Errors: psycopg2's."""
        super().execute(self._opened(query), vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        """Errors: psycopg2's."""
        if self.connection.get_transaction_status() == IDLE:
            super().execute(BEGIN + self.connection.opening.removeprefix(BEGIN))
        super().executemany(query, vars_list)

    def _opened(self, query: Any) -> Any:
        if self.connection.get_transaction_status() != IDLE:
            return query
        opening = self.connection.opening
        return opening.encode() + query if isinstance(query, bytes) else opening + query


def opening(tenant: str, *, durable: bool = True, alone: bool = False, settings: Mapping[str, str] = NONE) -> str:
    """What opens a transaction of a tenant; one of a statement that is `alone` ends with it, and needs no BEGIN.

    `settings` of the server, for this transaction, are written by us and never come from outside.
    Errors: `ValueError` for what can be no tenant's code.
    """
    if tenant != "*" and not tenant.isalnum():
        raise ValueError(f"tenant: {tenant!r} is no code of an office")
    every = {"lamppost.tenant": tenant, **({} if durable else {"synchronous_commit": "off"}), **settings}
    scope = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in every.items())
    return f"{'' if alone else BEGIN} SELECT {scope};"
