"""What notify counts for `/metrics`: outcomes of attempts, callbacks, and what is not finished."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge
from sqlalchemy import func, select

from chassis.web.metrics import registry
from services.notify.model import Message

if TYPE_CHECKING:
    from chassis.store import Store

UNFINISHED = ("waiting", "sending", "parked")


class Counts:
    """The meters of one process."""

    def __init__(self) -> None:
        own = registry("notify")
        self.attempts = Counter("lamppost_notify_attempts", "Attempts by outcome", ["channel", "outcome"], registry=own)
        self.callbacks = Counter("lamppost_notify_callbacks", "Callbacks by what they did", ["result"], registry=own)
        self.messages = Gauge(
            "lamppost_notify_messages", "Messages not finished", ["state"], registry=own, multiprocess_mode="mostrecent"
        )
        self.age = Gauge(
            "lamppost_notify_age_seconds",
            "Age of the oldest message not finished",
            ["state"],
            registry=own,
            multiprocess_mode="mostrecent",
        )

    def look(self, store: Store, now: datetime) -> None:
        """Count what is not finished. Errors: `StoreDown`."""
        query = select(Message.state, func.count(), func.min(Message.created_at)).group_by(Message.state)
        with store.everywhere(durable=False) as session:
            rows = session.execute(query.where(Message.state.in_(UNFINISHED))).all()
        found = {state: (count, (now - oldest).total_seconds()) for state, count, oldest in rows}
        for state in UNFINISHED:
            count, age = found.get(state, (0, 0.0))
            self.messages.labels(state).set(count)
            self.age.labels(state).set(age)


@lru_cache
def counts() -> Counts:
    """The one set of meters of this process."""
    return Counts()
