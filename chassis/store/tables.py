"""The tables every service has: what it has to say, what it has heard, what it could not handle, what it answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.store.columns import Json, Key, UtcDateTime, naming
from chassis.store.tenancy import Owned

WAITING = text("published_at IS NULL")


class Ground(DeclarativeBase):
    """The chassis' own tables; each service's metadata gets a copy (`ground_tables`)."""

    metadata = MetaData(naming_convention=naming)


class OutboxRow(Owned, Ground):
    """An event said by this service: written with the change it tells of, published by the relay."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_waiting", "due_at", postgresql_where=WAITING, sqlite_where=WAITING),)

    position: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    event_id: Mapped[str] = mapped_column(String(36))
    type: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(120))
    envelope: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InboxRow(Owned, Ground):
    """An event this service has handled, by handler: a second delivery finds it and does nothing."""

    __tablename__ = "inbox"

    handler: Mapped[str] = mapped_column(String(80), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class DeadLetter(Owned, Ground):
    """A message no try could handle, with the reason; kept until somebody replays or drops it."""

    __tablename__ = "dead_letter"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    handler: Mapped[str] = mapped_column(String(80))
    queue: Mapped[str] = mapped_column(String(255))
    type: Mapped[str] = mapped_column(String(80))
    event_id: Mapped[str] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int]
    died_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IdempotencyKey(Owned, Ground):
    """The answer given to a POST with an `Idempotency-Key`; the same key gets the same answer."""

    __tablename__ = "idempotency"
    __table_args__ = (UniqueConstraint("tenant", "route", "key"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    route: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(255))
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def ground_tables(metadata: MetaData) -> None:
    """Give a service's metadata its copy of the chassis' tables."""
    for table in Ground.metadata.sorted_tables:
        table.to_metadata(metadata)
