"""Forms of several steps that somebody is filling in, kept on the server for as long as the office says."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from chassis.store import Store
from chassis.store.tenancy import ScopedSession
from chassis.tenants import Tenant
from services.intake.model import Draft

KEY_BYTES = 24


def start(session: ScopedSession, office: Tenant, service_code: str, now: datetime, **data: Any) -> Draft:
    """A new draft; its `key` is known to whoever fills it in, and nobody else."""
    draft = Draft(
        key=secrets.token_urlsafe(KEY_BYTES),
        service_code=service_code,
        data=data,
        created_at=now,
        expires_at=now + timedelta(hours=office.retention.drafts_hours),
    )
    session.add(draft)
    return draft


def load(session: ScopedSession, key: str, now: datetime, *, locked: bool = False) -> Draft | None:
    """The draft of that key, unless it is gone. `locked` holds it, so that a form sent twice makes one case."""
    query = select(Draft).where(Draft.key == key[:64], Draft.expires_at > now)
    return session.scalars(query.with_for_update() if locked else query).one_or_none()


def fill(draft: Draft, answers: Mapping[str, Any]) -> None:
    """Put answers into the draft; a None takes an answer out."""
    merged = {**draft.data, **answers}
    draft.data = {name: value for name, value in merged.items() if value is not None}


def finish(draft: Draft, number: str) -> None:
    """The draft became this case: its answers are forgotten, its key leads to the case until it expires."""
    draft.number, draft.data = number, {}


def sweep(store: Store, now: datetime) -> int:
    """Forget the drafts of every office that have expired. Returns how many."""
    with store.everywhere(durable=False) as session:
        gone = session.execute(delete(Draft).where(Draft.expires_at <= now))
        return int(gone.rowcount)  # type: ignore[attr-defined]
