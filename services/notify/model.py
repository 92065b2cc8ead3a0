"""What notify stores. Recipients and texts are sealed for notify; moments are UTC.

A message is what one event has to tell by one channel. Each call of a provider is an attempt, written before the call:
whatever dies in between leaves a trace of what may have been sent.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, Index, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.store import Key, Owned, UtcDateTime, ground_tables, naming

Channel = Literal["sms", "email"]
State = Literal["waiting", "sending", "accepted", "delivered", "failed", "parked", "suppressed", "expired"]
AttemptState = Literal["prepared", "unknown", "accepted", "rejected", "later"]

WAITING = text("state = 'waiting'")
SENDING = text("state = 'sending'")
FOLLOWED = text("follow_at IS NOT NULL")
UNFINISHED = text("state IN ('waiting', 'sending', 'parked')")


class Base(DeclarativeBase):
    """The tables of notify."""

    metadata = MetaData(naming_convention=naming)


class Message(Owned, Base):
    """One message to one recipient.

    `sequence` is the event's; `attempt_no` counts every attempt and fences their outcomes, `tries` those since staff
    last released it; `released` lets it pass the day's quota. `lease_until` is when a message that is being sent is
    looked at again. `delivery` is the highest status the provider reported, `version` counts the events said of it.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("tenant", "event_id", "purpose", "channel"),
        UniqueConstraint("tenant", "reference"),
        Index("message_due", "tenant", "channel", "due_at", postgresql_where=WAITING, sqlite_where=WAITING),
        Index("message_lease", "channel", "lease_until", postgresql_where=SENDING, sqlite_where=SENDING),
        Index("message_follow", "channel", "follow_at", postgresql_where=FOLLOWED, sqlite_where=FOLLOWED),
        Index("message_unfinished", "state", "created_at", postgresql_where=UNFINISHED, sqlite_where=UNFINISHED),
        Index("message_newest", "tenant", "created_at", "id"),
        Index("message_of_state", "tenant", "state", "created_at"),
        Index("message_of_case", "tenant", "case_number", "channel", "sequence"),
        Index("message_begun", "tenant", "channel", "begun_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36))
    sequence: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    case_number: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10))
    recipient: Mapped[str] = mapped_column(Text)
    recipient_hash: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str | None] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    code: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(Text)
    segments: Mapped[int | None]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    follow_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempt_no: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    released: Mapped[bool] = mapped_column(default=False)
    reference: Mapped[str | None] = mapped_column(String(255))
    delivery: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attempt(Owned, Base):
    """One call of a provider: `prepared` before it, decided after it, `unknown` while nobody can tell.

    `nonce` comes back with the provider's callbacks; `asked` counts how often the provider was asked about it.
    """

    __tablename__ = "attempt"

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(12))
    nonce: Mapped[str] = mapped_column(String(43))
    reference: Mapped[str | None] = mapped_column(String(255))
    code: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(Text)
    asked: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeliveryReceipt(Owned, Base):
    """One status of one message as its provider reported it, signed; a second report of it changes nothing."""

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("tenant", "reference", "status"),
        Index("receipt_message", "message_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    reference: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(20))
    code: Mapped[str | None] = mapped_column(String(20))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Suppression(Owned, Base):
    """A recipient who takes no messages of this office by this channel; known by a peppered hash only."""

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("tenant", "channel", "recipient_hash"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(10))
    recipient_hash: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Decision(Owned, Base):
    """What a member of staff decided about a message, and when."""

    __tablename__ = "decision"
    __table_args__ = (Index("decision_message", "message_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    action: Mapped[str] = mapped_column(String(20))
    username: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


ground_tables(Base.metadata)
