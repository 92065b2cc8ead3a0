"""The first version."""

import sqlalchemy as sa
from alembic import op

from chassis.store import Json, Key, UtcDateTime
from chassis.store.migrations import create_ground, drop_ground, lock

revision = "0001"
down_revision = None

WAITING = sa.text("waiting")


def upgrade() -> None:
    op.create_table(
        "entry",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("document", sa.String(400), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("record", Json, nullable=False),
        sa.Column("heard_at", UtcDateTime, nullable=False),
        sa.Column("waiting", sa.Boolean, nullable=False),
        sa.Column("tenant", sa.String(31), nullable=False),
        sa.PrimaryKeyConstraint("id", name="entry_key"),
        sa.UniqueConstraint("tenant", "document", name="entry_tenant_document_once"),
    )
    op.create_index("entry_waiting", "entry", ["heard_at"], postgresql_where=WAITING, sqlite_where=WAITING)
    create_ground(op)
    lock(op, "entry")


def downgrade() -> None:
    drop_ground(op)
    op.drop_table("entry")
