"""Accounts of staff: who may sign in, with which roles; five wrong passwords close an account for five minutes.

Passwords are kept as argon2id hashes with OWASP's parameters (19 MiB, 2 passes, 1 lane). Roles: clerk, chief, head;
city_it for those who serve all offices, whose accounts belong to the tenant `*`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from chassis.heavy import apart
from chassis.store import EVERYWHERE, Store
from chassis.store.tenancy import ScopedSession
from services.intake.model import StaffMember

ROLES = ("clerk", "chief", "head", "city_it")
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
MOST_TRIES = 5
LOCK = timedelta(minutes=5)
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class NoSuchMember(ValueError):
    """There is no account of that name at this office."""


@dataclass(frozen=True)
class SignIn:
    """How an attempt to sign in ended: the member, or nobody; `locked_until` when there were too many."""

    member: StaffMember | None = None
    locked_until: datetime | None = None


def add(
    session: ScopedSession,
    username: str,
    *,
    name: str,
    password: str,
    roles: Iterable[str],
    now: datetime,
    section: str | None = None,
    extension: str | None = None,
    email: str | None = None,
    deputy: str | None = None,
) -> StaffMember:
    """A new account. Errors: `ValueError` naming the field."""
    roles = sorted(set(roles))
    _check(session.tenant, username, name, roles)
    if _find(session, username) is not None:
        raise ValueError(f"username: {username} is there already")
    member = StaffMember(
        tenant=session.tenant,
        username=username,
        name=name,
        roles=roles,
        section=section,
        extension=extension,
        email=email,
        deputy=deputy,
        active=True,
        password=hashed(password),
        tries=0,
        created_at=now,
    )
    session.add(member)
    session.flush()
    return member


def members(session: ScopedSession) -> Sequence[StaffMember]:
    """Every account of the session's office (of all offices, in a session everywhere), by section and name."""
    order = (StaffMember.tenant, StaffMember.section, StaffMember.username)
    return session.scalars(select(StaffMember).order_by(*order)).all()


def handlers(session: ScopedSession, section: str | None = None) -> Sequence[StaffMember]:
    """Who may be given a case: active clerks and chiefs, of one section or all."""
    found = [member for member in members(session) if member.active and {"clerk", "chief"} & set(member.roles)]
    return [member for member in found if section in (None, member.section)]


def active_member(session: ScopedSession, username: str) -> StaffMember | None:
    """The account, when it may be used."""
    member = _find(session, username)
    return member if member is not None and member.active else None


def set_password(session: ScopedSession, username: str, password: str) -> None:
    """Errors: `NoSuchMember`, `ValueError` naming the field."""
    member = _member(session, username)
    member.password, member.tries, member.locked_until = hashed(password), 0, None


def disable(session: ScopedSession, username: str) -> None:
    """Close an account for good. Errors: `NoSuchMember`."""
    _member(session, username).active = False


def sign_in(store: Store, tenant: str, username: str, password: str, now: datetime) -> SignIn:
    """Who signs in at this office, or city IT. It takes as long for a name that does not exist."""
    for owner in (tenant, EVERYWHERE):
        known, closed = _begin_try(store, owner, username, now)
        if closed is not None:
            return SignIn(locked_until=closed)
        if known is not None:
            return _finish_try(store, owner, known, password)
    _matches(_nobodys_hash(), password)
    return SignIn()


def has_password(member: StaffMember, password: str) -> bool:
    """Whether this is the member's password; to find accounts that still have a known one."""
    return _matches(member.password, password)


def hashed(password: str) -> str:
    """The argon2id hash to keep. Errors: `ValueError` for `password`."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ValueError(f"password: must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    return HASHER.hash(password)


def _begin_try(store: Store, owner: str, username: str, now: datetime) -> tuple[StaffMember | None, datetime | None]:
    """Count the try before the password is looked at, so that many at once gain nothing."""
    with store.session(owner) as session:
        member = _find(session, username, locked=True)
        if member is None or not member.active:
            return None, None
        if member.locked_until is not None and member.locked_until > now:
            return None, member.locked_until
        member.tries += 1
        if member.tries >= MOST_TRIES:
            member.tries, member.locked_until = 0, now + LOCK
        return member, None


def _finish_try(store: Store, owner: str, member: StaffMember, password: str) -> SignIn:
    if not _matches(member.password, password):
        return SignIn(locked_until=member.locked_until)
    fresh = apart(HASHER.hash, password) if HASHER.check_needs_rehash(member.password) else member.password
    with store.session(owner) as session:
        kept = active_member(session, member.username)
        if kept is not None:
            kept.tries, kept.locked_until, kept.password = 0, None, fresh
    return SignIn(kept)


def _matches(hash_: str, password: str) -> bool:
    try:
        return apart(HASHER.verify, hash_, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return HASHER.hash("nobody has this password")


def _find(session: ScopedSession, username: str, *, locked: bool = False) -> StaffMember | None:
    # The tenant is named here too: a session everywhere must find city IT's own accounts only.
    query = select(StaffMember).where(StaffMember.tenant == session.tenant, StaffMember.username == username[:60])
    return session.scalars(query.with_for_update() if locked else query).one_or_none()


def _member(session: ScopedSession, username: str) -> StaffMember:
    member = _find(session, username)
    if member is None:
        raise NoSuchMember(f"no account {username[:60]} at {session.tenant}")
    return member


def _check(tenant: str, username: str, name: str, roles: Sequence[str]) -> None:
    if not USERNAME.fullmatch(username):
        raise ValueError("username: 2 to 60 of a-z, 0-9, dot, hyphen, underscore")
    if not 1 <= len(name) <= 60:
        raise ValueError("name: must have 1 to 60 characters")
    if not roles or not set(roles) <= set(ROLES):
        raise ValueError(f"roles: some of {', '.join(ROLES)}")
    if ("city_it" in roles) != (tenant == EVERYWHERE):
        raise ValueError("roles: city_it is for accounts of all offices (tenant *), the others for one office")
