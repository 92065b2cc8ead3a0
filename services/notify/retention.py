"""Forgetting: what is finished goes with its attempts and receipts after the days the office's file says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from chassis.store import Store
from chassis.tenants import Tenant
from services.notify.model import Message

FINISHED: Final = ("accepted", "delivered", "failed", "suppressed", "expired")
AT_ONCE: Final = 1_000


def forget(store: Store, office: Tenant, now: datetime) -> int:
    """Delete the office's finished messages that it need not keep. Returns how many. Errors: `StoreDown`."""
    oldest = now - timedelta(days=office.retention.messages_days)
    old = select(Message.id).where(Message.created_at < oldest, Message.state.in_(FINISHED)).limit(AT_ONCE)
    gone = 0
    while True:
        with store.session(office.code) as session:
            found = session.scalars(old).all()
            those = delete(Message).where(Message.id.in_(found)).execution_options(synchronize_session=False)
            session.execute(those)
        gone += len(found)
        if len(found) < AT_ONCE:
            return gone
