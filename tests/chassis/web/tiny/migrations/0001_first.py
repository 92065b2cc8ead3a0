"""Notes."""

import sqlalchemy as sa
from alembic import op

from chassis.store.migrations import create_ground, lock

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_ground(op)
    op.create_table(
        "note",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("tenant", sa.String(31), nullable=False),
    )
    lock(op, "note")
