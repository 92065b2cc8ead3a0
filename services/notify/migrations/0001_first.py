"""Messages, their attempts, receipts and decisions, and who is not to be written to."""

import sqlalchemy as sa
from alembic import op

from chassis.store import Key, UtcDateTime
from chassis.store.migrations import create_ground, lock

revision = "0001"
down_revision = None

OWN = ("decision", "suppression", "receipt", "attempt", "message")


def upgrade() -> None:
    create_ground(op)
    op.create_table(
        "message",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("case_number", sa.String(40), nullable=True),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("recipient_hash", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(300), nullable=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("code", sa.String(40), nullable=True),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("segments", sa.Integer, nullable=True),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("lease_until", UtcDateTime, nullable=True),
        sa.Column("begun_at", UtcDateTime, nullable=True),
        sa.Column("accepted_at", UtcDateTime, nullable=True),
        sa.Column("follow_at", UtcDateTime, nullable=True),
        sa.Column("attempt_no", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("released", sa.Boolean, nullable=False),
        sa.Column("reference", sa.String(255), nullable=True),
        sa.Column("delivery", sa.String(20), nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.Column("tenant", sa.String(31), nullable=False),
        sa.PrimaryKeyConstraint("id", name="message_key"),
        sa.UniqueConstraint(
            "tenant", "event_id", "purpose", "channel", name="message_tenant_event_id_purpose_channel_once"
        ),
        sa.UniqueConstraint("tenant", "reference", name="message_tenant_reference_once"),
    )
    _index("message_due", ["tenant", "channel", "due_at"], "state = 'waiting'")
    _index("message_lease", ["channel", "lease_until"], "state = 'sending'")
    _index("message_follow", ["channel", "follow_at"], "follow_at IS NOT NULL")
    _index("message_unfinished", ["state", "created_at"], "state IN ('waiting', 'sending', 'parked')")
    op.create_index("message_newest", "message", ["tenant", "created_at", "id"])
    op.create_index("message_of_state", "message", ["tenant", "state", "created_at"])
    op.create_index("message_of_case", "message", ["tenant", "case_number", "channel", "sequence"])
    op.create_index("message_begun", "message", ["tenant", "channel", "begun_at"])
    _attempts()
    _receipts()
    _people()
    lock(op, *OWN)


def downgrade() -> None:
    for table in (*OWN, "idempotency", "dead_letter", "inbox", "outbox"):
        op.drop_table(table)


def _attempts() -> None:
    op.create_table(
        "attempt",
        sa.Column("message_id", sa.String(36), nullable=False),
        sa.Column("n", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("nonce", sa.String(43), nullable=False),
        sa.Column("reference", sa.String(255), nullable=True),
        sa.Column("code", sa.String(40), nullable=True),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("finished_at", UtcDateTime, nullable=True),
        sa.Column("tenant", sa.String(31), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "n", name="attempt_key"),
        _of_message("attempt"),
    )


def _receipts() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("message_id", sa.String(36), nullable=False),
        sa.Column("reference", sa.String(255), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("code", sa.String(20), nullable=True),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("tenant", sa.String(31), nullable=False),
        sa.PrimaryKeyConstraint("id", name="receipt_key"),
        sa.UniqueConstraint("tenant", "reference", "status", name="receipt_tenant_reference_status_once"),
        _of_message("receipt"),
    )
    op.create_index("receipt_message", "receipt", ["message_id"])


def _people() -> None:
    op.create_table(
        "suppression",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("recipient_hash", sa.String(64), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("tenant", sa.String(31), nullable=False),
        sa.PrimaryKeyConstraint("id", name="suppression_key"),
        sa.UniqueConstraint(
            "tenant", "channel", "recipient_hash", name="suppression_tenant_channel_recipient_hash_once"
        ),
    )
    op.create_table(
        "decision",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("message_id", sa.String(36), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("username", sa.String(80), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("decided_at", UtcDateTime, nullable=False),
        sa.Column("tenant", sa.String(31), nullable=False),
        sa.PrimaryKeyConstraint("id", name="decision_key"),
        _of_message("decision"),
    )
    op.create_index("decision_message", "decision", ["message_id"])


def _of_message(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["message_id"], ["message.id"], name=f"{table}_message_id_of_message", ondelete="CASCADE"
    )


def _index(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "message", columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
