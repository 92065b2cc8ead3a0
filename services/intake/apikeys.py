"""API keys of other systems. A key is shown once; the store has its keyed hash (HMAC-SHA256).

A key that was found is trusted for two seconds without looking again, so one that is revoked stops within two seconds.
"""

import hmac
import secrets
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import or_, select, update

from chassis.runtime import Runtime
from chassis.store.tenancy import ScopedSession
from services.intake.model import ApiKey

KEY_BYTES = 24
LONGEST = 100
TRUST_SECONDS = 2.0
USED_EVERY = timedelta(hours=1)


class NoSuchKey(ValueError):
    """This office has no key of that name."""


def create(session: ScopedSession, pepper: bytes, name: str, now: datetime) -> str:
    """A new key for another system: the one time it is seen. Errors: `ValueError` for `name`."""
    if not 1 <= len(name.strip()) <= 60:
        raise ValueError("name: must have 1 to 60 characters")
    if session.scalars(select(ApiKey).where(ApiKey.name == name.strip())).first() is not None:
        raise ValueError(f"name: there is a key {name.strip()} already")
    key = f"lp_{secrets.token_urlsafe(KEY_BYTES)}"
    session.add(ApiKey(name=name.strip(), hash=hashed(key, pepper), created_at=now))
    return key


def list_keys(session: ScopedSession) -> Sequence[ApiKey]:
    """The keys of the session's office, the newest first."""
    return session.scalars(select(ApiKey).order_by(ApiKey.tenant, ApiKey.id.desc())).all()


def revoke(session: ScopedSession, name: str, now: datetime) -> None:
    """Make a key worthless. Errors: `NoSuchKey`."""
    key = session.scalars(select(ApiKey).where(ApiKey.name == name)).one_or_none()
    if key is None:
        raise NoSuchKey(f"no key {name[:60]} at {session.tenant}")
    key.revoked_at = key.revoked_at or now


def hashed(key: str, pepper: bytes) -> str:
    """What is kept of a key."""
    return hmac.new(pepper, key.encode(), sha256).hexdigest()


class Doorkeeper:
    """Knows which keys open an office; one a web app."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._trusted: dict[tuple[str, str], tuple[float, str]] = {}

    def name_of(self, tenant: str, key: str, now: datetime) -> str | None:
        """The name of the key, if it opens this office. Errors: `StoreDown`."""
        digest = hashed(key[:LONGEST], self._runtime.keys.pepper)
        until, name = self._trusted.get((tenant, digest), (0.0, ""))
        return name if time.monotonic() < until else self._look(tenant, digest, now)

    def _look(self, tenant: str, digest: str, now: datetime) -> str | None:
        self._trusted.pop((tenant, digest), None)
        with self._runtime.store.session(tenant, durable=False) as session:
            found = select(ApiKey.name).where(ApiKey.hash == digest, ApiKey.revoked_at.is_(None))
            name = session.scalars(found).one_or_none()
            if name is not None:
                _used(session, digest, now)
        if name is not None:
            self._trusted[tenant, digest] = (time.monotonic() + TRUST_SECONDS, name)
        return name


def _used(session: ScopedSession, digest: str, now: datetime) -> None:
    lately = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < now - USED_EVERY)
    used = update(ApiKey).where(ApiKey.hash == digest, lately).values(last_used_at=now)
    session.execute(used.execution_options(synchronize_session=False))
