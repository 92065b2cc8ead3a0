"""Saying something: a row in the outbox, in the same transaction as the change it tells of."""

import uuid
from datetime import datetime
from typing import Any

import structlog

from chassis.bus.envelope import Event
from chassis.store import OutboxRow
from chassis.store.engine import wake
from chassis.store.tenancy import ScopedSession
from chassis.store.together import Rows, write_together

SIGNAL = "outbox"


def say(session: ScopedSession, event: Event, *, subject: str, sequence: int, at: datetime, beside: Rows = ()) -> str:
    """Say an event when this transaction commits. Returns its id.

    `subject` is what it is about (a case number), `sequence` counts the changes of that subject, from 1. The rows
    `beside` it (of the change it tells of) are written first, in the same round trip.
    """
    event_id = str(uuid.uuid4())
    row = {
        "tenant": session.tenant,
        "event_id": event_id,
        "type": event.type,
        "subject": subject,
        "envelope": _envelope(event, event_id, session.tenant, subject, sequence, at),
        "created_at": at,
        "due_at": at,
        "attempts": 0,
    }
    write_together(session, [*beside, (OutboxRow, row)])
    wake(session, SIGNAL)
    return event_id


def _envelope(event: Event, event_id: str, tenant: str, subject: str, sequence: int, at: datetime) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/{event.source}",
        "type": event.type,
        "subject": subject,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "tenant": tenant,
        "sequence": sequence,
        "traceparent": structlog.contextvars.get_contextvars().get("traceparent"),
        "data": event.model_dump(mode="json"),
    }
