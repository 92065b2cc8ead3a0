"""The first version: invitations, drafts, answers."""

import sqlalchemy as sa
from alembic import op

from chassis.store import Key, UtcDateTime
from chassis.store.migrations import create_ground, lock

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("case_number", sa.String(40), nullable=False),
        sa.Column("service_code", sa.String(60), nullable=False),
        sa.Column("service_zh", sa.String(200), nullable=False),
        sa.Column("service_en", sa.String(200), nullable=False),
        sa.Column("section", sa.String(60), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("questionnaire", sa.Integer, nullable=False),
        sa.Column("closed_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("answered_at", UtcDateTime),
        sa.Column("tenant", sa.String(31), nullable=False),
        sa.PrimaryKeyConstraint("id", name="invitation_key"),
        sa.UniqueConstraint("token_hash", name="invitation_token_hash_once"),
    )
    op.create_index("invitation_closed", "invitation", ["tenant", "closed_at"])
    op.create_index("invitation_of_case", "invitation", ["tenant", "case_number"])
    op.create_table(
        "draft",
        sa.Column("invitation_id", Key, autoincrement=False, nullable=False),
        sa.Column("satisfaction", sa.Integer),
        sa.Column("reason", sa.String(40)),
        sa.Column("comment", sa.Text),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.Column("tenant", sa.String(31), nullable=False),
        sa.PrimaryKeyConstraint("invitation_id", name="draft_key"),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name="draft_invitation_id_of_invitation"),
    )
    op.create_table(
        "answer",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("invitation_id", Key, nullable=False),
        sa.Column("case_number", sa.String(40), nullable=False),
        sa.Column("questionnaire", sa.Integer, nullable=False),
        sa.Column("satisfaction", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("comment", sa.Text),
        sa.Column("answered_at", UtcDateTime, nullable=False),
        sa.Column("tenant", sa.String(31), nullable=False),
        sa.PrimaryKeyConstraint("id", name="answer_key"),
        sa.UniqueConstraint("tenant", "invitation_id", name="answer_tenant_invitation_id_once"),
        sa.CheckConstraint("satisfaction BETWEEN 1 AND 5", name="answer_satisfaction_range"),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name="answer_invitation_id_of_invitation"),
    )
    create_ground(op)
    lock(op, "invitation", "draft", "answer")


def downgrade() -> None:
    for table in ("answer", "draft", "invitation", "outbox", "inbox", "dead_letter", "idempotency"):
        op.drop_table(table)
