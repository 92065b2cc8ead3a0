"""Who is not to be written to: recipients who opted out at the provider, by office and channel."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from chassis.store.tenancy import ScopedSession
from services.notify.model import Message, Suppression

OPTED_OUT: Final = ("opted-out", "the recipient has opted out")


def suppress(session: ScopedSession, message: Message, code: str, now: datetime) -> None:
    """Write no more to this message's recipient."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {
        "tenant": message.tenant,
        "channel": message.channel,
        "recipient_hash": message.recipient_hash,
        "code": code,
        "created_at": now,
    }
    session.execute(insert(Suppression).values(row).on_conflict_do_nothing())


def lift(session: ScopedSession, message: Message) -> None:
    """Write to this message's recipient again."""
    theirs = Suppression.channel == message.channel, Suppression.recipient_hash == message.recipient_hash
    session.execute(delete(Suppression).where(*theirs).execution_options(synchronize_session=False))
