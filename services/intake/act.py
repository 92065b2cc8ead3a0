"""Who does something to a case, when, and in which transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from services.intake.lifecycle import Role

if TYPE_CHECKING:
    from chassis.runtime import Runtime
    from chassis.store.tenancy import ScopedSession
    from chassis.tenants import Tenant

Kind = Literal["applicant", "staff", "machine", "system"]


@dataclass(frozen=True)
class Actor:
    """Who acts: an applicant, a member of staff (`username`, `name`, `section`), another system, or a rule."""

    kind: Kind
    roles: frozenset[str]
    username: str | None = None
    name: str | None = None
    section: str | None = None


APPLICANT = Actor("applicant", frozenset({Role.APPLICANT}))
SYSTEM = Actor("system", frozenset({Role.SYSTEM}))


def staff(username: str, name: str, roles: frozenset[str], section: str | None = None) -> Actor:
    """A member of staff as the actor; roles are clerk, chief, head."""
    return Actor("staff", roles, username, name, section)


def machine(name: str) -> Actor:
    """Another system as the actor, by the name of its API key; it asks on behalf of an applicant."""
    return Actor("machine", frozenset({Role.APPLICANT}), name=name)


@dataclass(frozen=True)
class Act:
    """One act: `actor` does something at `now` within `session`. Without `tell` no message is sent to anybody."""

    runtime: Runtime
    session: ScopedSession
    actor: Actor
    now: datetime
    tell: bool = field(default=True, kw_only=True)

    @property
    def office(self) -> Tenant:
        """The office it is done at. Errors: `KeyError` outside of one office."""
        return self.runtime.tenants[self.session.tenant]
