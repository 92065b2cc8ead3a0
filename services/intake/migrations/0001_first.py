"""Cases and all that belongs to them."""

from typing import Any

from alembic import op
from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    text,
)

from chassis.store import Json, Key, UtcDateTime
from chassis.store.migrations import create_ground, drop_ground, lock

revision = "0001"
down_revision = None

TABLES = (
    "cases",
    "history",
    "message_note",
    "counter",
    "draft",
    "staff",
    "api_key",
    "attachment",
    "service",
)


def upgrade() -> None:
    """Create intake's tables, each behind its lock."""
    create_ground(op)
    op.create_table(
        "api_key",
        Column("id", Key, autoincrement=True, nullable=False),
        Column("name", String(length=60), nullable=False),
        Column("hash", String(length=64), nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("last_used_at", UtcDateTime, nullable=True),
        Column("revoked_at", UtcDateTime, nullable=True),
        Column("tenant", String(length=31), nullable=False),
        PrimaryKeyConstraint("id", name="api_key_key"),
        UniqueConstraint("tenant", "hash", name="api_key_tenant_hash_once"),
        UniqueConstraint("tenant", "name", name="api_key_tenant_name_once"),
    )
    op.create_table(
        "cases",
        Column("id", Key, autoincrement=True, nullable=False),
        Column("number", String(length=16), nullable=False),
        Column("version", Integer(), nullable=False),
        Column("status", String(length=20), nullable=False),
        Column("channel", String(length=20), nullable=False),
        Column("service_code", String(length=41), nullable=False),
        Column("section", String(length=31), nullable=False),
        Column("handler", String(length=60), nullable=True),
        Column("title", String(length=120), nullable=False),
        Column("description", Text(), nullable=True),
        Column("address", String(length=1000), nullable=True),
        Column("asset_kind", String(length=20), nullable=True),
        Column("asset_number", String(length=20), nullable=True),
        Column("lon", Float(precision=53), nullable=True),
        Column("lat", Float(precision=53), nullable=True),
        Column("name", String(length=60), nullable=True),
        Column("phone", String(length=16), nullable=True),
        Column("email", String(length=254), nullable=True),
        Column("language", String(length=10), nullable=False),
        Column("opened_at", UtcDateTime, nullable=False),
        Column("updated_at", UtcDateTime, nullable=False),
        Column("deadline", UtcDateTime, nullable=True),
        Column("paused_at", UtcDateTime, nullable=True),
        Column("paused_minutes", Integer(), nullable=False),
        Column("closed_at", UtcDateTime, nullable=True),
        Column("reply", Text(), nullable=True),
        Column("code_hash", String(length=64), nullable=True),
        Column("code_sealed", Text(), nullable=True),
        Column("code_attempts", Integer(), nullable=False),
        Column("code_locked_until", UtcDateTime, nullable=True),
        Column("external_reference", String(length=64), nullable=True),
        Column("satisfaction", Integer(), nullable=True),
        Column("dissatisfied", Boolean(), nullable=True),
        Column("dissatisfaction_reason", Text(), nullable=True),
        Column("answered_at", UtcDateTime, nullable=True),
        Column("tenant", String(length=31), nullable=False),
        PrimaryKeyConstraint("id", name="cases_key"),
        UniqueConstraint("tenant", "external_reference", name="cases_tenant_external_reference_once"),
        UniqueConstraint("tenant", "number", name="cases_tenant_number_once"),
    )
    op.create_index("cases_asset", "cases", ["tenant", "asset_kind", "asset_number"], **_where("closed_at IS NULL"))
    op.create_index("cases_closed", "cases", ["tenant", "closed_at"])
    op.create_index("cases_dissatisfied", "cases", ["tenant", "answered_at"], **_where("dissatisfied"))
    op.create_index("cases_open", "cases", ["tenant", "section", "deadline"], **_where("closed_at IS NULL"))
    op.create_index("cases_opened", "cases", ["tenant", "opened_at"])
    op.create_table(
        "counter",
        Column("tenant", String(length=31), nullable=False),
        Column("year", Integer(), autoincrement=False, nullable=False),
        Column("last", Integer(), nullable=False),
        PrimaryKeyConstraint("tenant", "year", name="counter_key"),
    )
    op.create_table(
        "draft",
        Column("tenant", String(length=31), nullable=False),
        Column("key", String(length=43), nullable=False),
        Column("service_code", String(length=41), nullable=False),
        Column("data", Json, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("expires_at", UtcDateTime, nullable=False),
        Column("number", String(length=16), nullable=True),
        PrimaryKeyConstraint("tenant", "key", name="draft_key"),
    )
    op.create_index("draft_expires", "draft", ["tenant", "expires_at"])
    op.create_table(
        "message_note",
        Column("tenant", String(length=31), nullable=False),
        Column("message_id", String(length=64), nullable=False),
        Column("number", String(length=16), nullable=False),
        Column("purpose", String(length=40), nullable=False),
        Column("channel", String(length=10), nullable=False),
        Column("state", String(length=10), nullable=False),
        Column("reason", Text(), nullable=True),
        Column("at", UtcDateTime, nullable=False),
        Column("sequence", Integer(), nullable=False),
        PrimaryKeyConstraint("tenant", "message_id", name="message_note_key"),
    )
    op.create_index("message_note_failed", "message_note", ["tenant", "at"], **_where("state = 'failed'"))
    op.create_index("message_note_of_case", "message_note", ["tenant", "number"])
    op.create_table(
        "service",
        Column("id", Key, autoincrement=True, nullable=False),
        Column("code", String(length=41), nullable=False),
        Column("version", Integer(), nullable=False),
        Column("content", Json, nullable=False),
        Column("published_at", UtcDateTime, nullable=False),
        Column("tenant", String(length=31), nullable=False),
        PrimaryKeyConstraint("id", name="service_key"),
        UniqueConstraint("tenant", "code", name="service_tenant_code_once"),
    )
    op.create_table(
        "staff",
        Column("id", Key, autoincrement=True, nullable=False),
        Column("username", String(length=60), nullable=False),
        Column("name", String(length=60), nullable=False),
        Column("roles", Json, nullable=False),
        Column("section", String(length=31), nullable=True),
        Column("extension", String(length=20), nullable=True),
        Column("email", String(length=254), nullable=True),
        Column("deputy", String(length=60), nullable=True),
        Column("active", Boolean(), nullable=False),
        Column("password", String(length=200), nullable=False),
        Column("tries", Integer(), nullable=False),
        Column("locked_until", UtcDateTime, nullable=True),
        Column("created_at", UtcDateTime, nullable=False),
        Column("tenant", String(length=31), nullable=False),
        PrimaryKeyConstraint("id", name="staff_key"),
        UniqueConstraint("tenant", "username", name="staff_tenant_username_once"),
    )
    op.create_table(
        "attachment",
        Column("id", Key, autoincrement=True, nullable=False),
        Column("number", String(length=16), nullable=False),
        Column("name", String(length=120), nullable=False),
        Column("mime", String(length=40), nullable=False),
        Column("size", Integer(), nullable=False),
        Column("sha256", String(length=64), nullable=False),
        Column("added_at", UtcDateTime, nullable=False),
        Column("added_by", String(length=10), nullable=False),
        Column("tenant", String(length=31), nullable=False),
        ForeignKeyConstraint(["tenant", "number"], ["cases.tenant", "cases.number"], name="attachment_tenant_of_cases"),
        PrimaryKeyConstraint("id", name="attachment_key"),
        UniqueConstraint("tenant", "number", "sha256", name="attachment_tenant_number_sha256_once"),
    )
    op.create_table(
        "history",
        Column("id", Key, autoincrement=True, nullable=False),
        Column("number", String(length=16), nullable=False),
        Column("version", Integer(), nullable=True),
        Column("at", UtcDateTime, nullable=False),
        Column("action", String(length=20), nullable=False),
        Column("actor_kind", String(length=10), nullable=False),
        Column("actor", String(length=60), nullable=True),
        Column("actor_name", String(length=60), nullable=True),
        Column("text", Text(), nullable=True),
        Column("details", Json, nullable=False),
        Column("tenant", String(length=31), nullable=False),
        ForeignKeyConstraint(["tenant", "number"], ["cases.tenant", "cases.number"], name="history_tenant_of_cases"),
        PrimaryKeyConstraint("id", name="history_key"),
        UniqueConstraint("tenant", "number", "version", name="history_tenant_number_version_once"),
    )
    lock(op, *TABLES)


def downgrade() -> None:
    """Take them away again."""
    for table in reversed(TABLES):
        op.drop_table(table)
    drop_ground(op)


def _where(condition: str) -> dict[str, Any]:
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}
