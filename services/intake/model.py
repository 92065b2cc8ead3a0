"""What intake stores. Moments are UTC, coordinates WGS84 degrees, telephones E.164; every row belongs to one office."""

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKeyConstraint, Index, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.store import Json, Key, Owned, UtcDateTime, ground_tables, naming

OPEN = text("closed_at IS NULL")
DISSATISFIED = text("dissatisfied")
FAILED = text("state = 'failed'")


class Base(DeclarativeBase):
    """Intake's tables."""

    metadata = MetaData(naming_convention=naming)


class Case(Owned, Base):
    """A case as it stands (DL9, AP2). `version` counts its changes from 1; it is open while `closed_at` is empty.

    `paused_at` is since when the office's clock stands: the applicant is asked, or the case is over.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("tenant", "number"),
        UniqueConstraint("tenant", "external_reference"),
        Index("cases_open", "tenant", "section", "deadline", postgresql_where=OPEN, sqlite_where=OPEN),
        Index("cases_asset", "tenant", "asset_kind", "asset_number", postgresql_where=OPEN, sqlite_where=OPEN),
        Index(
            "cases_dissatisfied",
            "tenant",
            "answered_at",
            postgresql_where=DISSATISFIED,
            sqlite_where=DISSATISFIED,
        ),
        Index("cases_opened", "tenant", "opened_at"),
        Index("cases_closed", "tenant", "closed_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    number: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    service_code: Mapped[str] = mapped_column(String(41))
    section: Mapped[str] = mapped_column(String(31))
    handler: Mapped[str | None] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(1000))
    asset_kind: Mapped[str | None] = mapped_column(String(20))
    asset_number: Mapped[str | None] = mapped_column(String(20))
    lon: Mapped[float | None] = mapped_column(Float(53))
    lat: Mapped[float | None] = mapped_column(Float(53))
    name: Mapped[str | None] = mapped_column(String(60))
    phone: Mapped[str | None] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_minutes: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str | None] = mapped_column(Text)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_sealed: Mapped[str | None] = mapped_column(Text)
    code_attempts: Mapped[int] = mapped_column(default=0)
    code_locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    external_reference: Mapped[str | None] = mapped_column(String(64))
    satisfaction: Mapped[int | None]
    dissatisfied: Mapped[bool | None]
    dissatisfaction_reason: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HistoryRow(Owned, Base):
    """One line of a case's timeline, only ever added. `version` is empty where the case itself did not change."""

    __tablename__ = "history"
    __table_args__ = (
        UniqueConstraint("tenant", "number", "version"),
        ForeignKeyConstraint(["tenant", "number"], ["cases.tenant", "cases.number"]),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    number: Mapped[str] = mapped_column(String(16))
    version: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(String(20))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor: Mapped[str | None] = mapped_column(String(60))
    actor_name: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(Json)


class MessageNote(Owned, Base):
    """What notify told last about one message: `accepted` or `failed`, with the reason."""

    __tablename__ = "message_note"
    __table_args__ = (
        Index("message_note_of_case", "tenant", "number"),
        Index("message_note_failed", "tenant", "at", postgresql_where=FAILED, sqlite_where=FAILED),
    )

    tenant: Mapped[str] = mapped_column(String(31), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sequence: Mapped[int]


class Counter(Owned, Base):
    """The last case number given out, by office and 民國 year."""

    __tablename__ = "counter"

    tenant: Mapped[str] = mapped_column(String(31), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Draft(Owned, Base):
    """A form of several steps that somebody is filling in; `number` is the case it became."""

    __tablename__ = "draft"
    __table_args__ = (Index("draft_expires", "tenant", "expires_at"),)

    tenant: Mapped[str] = mapped_column(String(31), primary_key=True)
    key: Mapped[str] = mapped_column(String(43), primary_key=True)
    service_code: Mapped[str] = mapped_column(String(41))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    number: Mapped[str | None] = mapped_column(String(16))


class StaffMember(Owned, Base):
    """An account of staff (YM5); city IT's belong to the tenant `*`. `password` is an argon2id hash."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("tenant", "username"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    username: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(60))
    roles: Mapped[list[str]] = mapped_column(Json)
    section: Mapped[str | None] = mapped_column(String(31))
    extension: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    deputy: Mapped[str | None] = mapped_column(String(60))
    active: Mapped[bool] = mapped_column(default=True)
    password: Mapped[str] = mapped_column(String(200))
    tries: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApiKey(Owned, Base):
    """A key of another system; only its keyed hash is kept."""

    __tablename__ = "api_key"
    __table_args__ = (UniqueConstraint("tenant", "name"), UniqueConstraint("tenant", "hash"))

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(60))
    hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Attachment(Owned, Base):
    """A file somebody sent with a case; its bytes lie on disk under their SHA-256."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("tenant", "number", "sha256"),
        ForeignKeyConstraint(["tenant", "number"], ["cases.tenant", "cases.number"]),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    number: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120))
    mime: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(String(10))


class PublishedService(Owned, Base):
    """A service as it was last announced; `version` counts its announcements."""

    __tablename__ = "service"
    __table_args__ = (UniqueConstraint("tenant", "code"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(String(41))
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


ground_tables(Base.metadata)
