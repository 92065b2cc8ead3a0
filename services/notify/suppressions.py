"""Who is not to be written to: recipients who opted out at the provider, by office and channel."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import delete

from chassis.store.tenancy import ScopedSession
from chassis.store.together import write_once
from services.notify.model import Message, Suppression

OPTED_OUT: Final = ("opted-out", "the recipient has opted out")


def suppress(session: ScopedSession, message: Message, code: str, now: datetime) -> None:
    """Write no more to this message's recipient."""
    row = {
        "tenant": message.tenant,
        "channel": message.channel,
        "recipient_hash": message.recipient_hash,
        "code": code,
        "created_at": now,
    }
    write_once(session, Suppression, row)


def lift(session: ScopedSession, message: Message) -> None:
    """Write to this message's recipient again."""
    theirs = Suppression.channel == message.channel, Suppression.recipient_hash == message.recipient_hash
    session.execute(delete(Suppression).where(*theirs).execution_options(synchronize_session=False))
