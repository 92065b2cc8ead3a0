"""Who may answer: an invitation for each closed case, found by nothing but the hash of the secret in its link."""

import re
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select

from chassis.store.tenancy import ScopedSession
from services.survey.model import Invitation

OPEN_FOR = timedelta(days=14)
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")


def hash_of(token: str) -> str | None:
    """SHA-256 of a token, hex, as intake announces it; None for what cannot be one."""
    return sha256(token.encode()).hexdigest() if TOKEN.fullmatch(token) else None


def invite(session: ScopedSession, invitation: Invitation) -> None:
    """Keep the invitation, once: an older one with the same token stays as it is."""
    if find(session, invitation.token_hash) is None:
        session.add(invitation)


def expiry(closed_at: datetime) -> datetime:
    """Until when the applicant may answer."""
    return closed_at + OPEN_FOR


def tenant_of(everywhere: ScopedSession, token_hash: str) -> str | None:
    """The office that invited with this token; the one question asked over all offices, since the link names none."""
    return everywhere.scalar(select(Invitation.tenant).where(Invitation.token_hash == token_hash))


def find(session: ScopedSession, token_hash: str, *, locked: bool = False) -> Invitation | None:
    """This office's invitation with the token; `locked` until the transaction ends."""
    query = select(Invitation).where(Invitation.token_hash == token_hash)
    return session.scalars(query.with_for_update() if locked else query).one_or_none()
