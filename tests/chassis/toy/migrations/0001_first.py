"""The first version."""

import sqlalchemy as sa
from alembic import op

from chassis.store import Key
from chassis.store.migrations import create_ground, lock

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("id", Key, primary_key=True, autoincrement=True),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("echoes", sa.Integer, nullable=False),
        sa.Column("tenant", sa.String(31), nullable=False),
    )
    create_ground(op)
    lock(op, "note")


def downgrade() -> None:
    op.drop_table("note")
