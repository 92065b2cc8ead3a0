"""The door: every ORM statement is scoped to its session's tenant. (Row-level security on PostgreSQL is the lock.)

A session names its tenant in `session.info["tenant"]`; `EVERYWHERE` is for relays and sweepers that serve all offices.
"""

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import String, bindparam, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, UOWTransaction, mapped_column, with_loader_criteria

EVERYWHERE = "*"


class WrongTenant(Exception):
    """Something of one tenant was about to be written in a session of another."""


class Owned:
    """A row of one tenant. The session fills `tenant` in and filters by it."""

    tenant: Mapped[str] = mapped_column(String(31))


# The tenant is a parameter, not part of the statement: every office's is the same statement to SQLAlchemy's cache.
ONLY_THIS_TENANT = with_loader_criteria(
    Owned, lambda cls: cls.tenant == bindparam("lamppost_tenant"), include_aliases=True, propagate_to_loaders=False
)
_SCOPED: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


class ScopedSession(Session):
    """A session that knows its tenant."""

    @property
    def tenant(self) -> str:
        """The tenant's code, or `EVERYWHERE`."""
        return str(self.info["tenant"])


@event.listens_for(ScopedSession, "do_orm_execute")
def _only_this_tenant(state: ORMExecuteState) -> Any:
    tenant = state.session.info["tenant"]
    if tenant == EVERYWHERE or not state.is_orm_statement or state.is_insert or state.is_column_load:
        return None
    state.parameters = state.parameters or {}
    return state.invoke_statement(_scoped(state.statement), params={"lamppost_tenant": tenant})


def _scoped(statement: Any) -> Any:
    # Kept as long as the statement itself: one that was made once is scoped once, and its key in SQLAlchemy's cache of
    # compiled statements is reckoned once.
    if (found := _SCOPED.get(statement)) is None:
        found = _SCOPED[statement] = statement.options(ONLY_THIS_TENANT)
    return found


@event.listens_for(ScopedSession, "before_flush")
def _stamp(session: Session, context: UOWTransaction, instances: Any) -> None:
    tenant = session.info["tenant"]
    for row in session.new:
        if isinstance(row, Owned):
            _own(row, tenant)


def _own(row: Owned, tenant: str) -> None:
    if row.tenant is None:
        row.tenant = tenant
    if row.tenant == EVERYWHERE and tenant != EVERYWHERE:
        raise WrongTenant(f"{type(row).__name__} for all offices in a session of {tenant}")
    if tenant not in (EVERYWHERE, row.tenant):
        raise WrongTenant(f"{type(row).__name__} of {row.tenant} in a session of {tenant}")
