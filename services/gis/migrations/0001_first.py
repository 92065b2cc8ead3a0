"""Assets and the cases about them; on PostgreSQL with PostGIS also a geography column."""

import logging

import sqlalchemy as sa
from alembic import op

from chassis.store import Json, Key, UtcDateTime
from chassis.store.migrations import create_ground, lock

revision = "0001"
down_revision = None

log = logging.getLogger(__name__)

PLACE = (
    "ALTER TABLE asset ADD COLUMN place geography(Point, 4326)"
    " GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography) STORED"
)
# One index a kind: the ten nearest of sixty parks must not be looked for among thirteen thousand lamps.
NEAR = "CREATE INDEX asset_place_{kind} ON asset USING gist (place) WHERE kind = '{kind}' AND removed_at IS NULL"


def upgrade() -> None:
    create_ground(op)
    op.create_table(
        "asset",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("name_zh", sa.String(120), nullable=True),
        sa.Column("name_en", sa.String(120), nullable=True),
        sa.Column("lon", sa.Float(53), nullable=False),
        sa.Column("lat", sa.Float(53), nullable=False),
        sa.Column("cx", sa.Integer, nullable=False),
        sa.Column("cy", sa.Integer, nullable=False),
        sa.Column("address", sa.String(200), nullable=True),
        sa.Column("village", sa.String(30), nullable=True),
        sa.Column("attributes", Json, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.Column("removed_at", UtcDateTime, nullable=True),
        sa.Column("tenant", sa.String(31), nullable=False),
        sa.PrimaryKeyConstraint("id", name="asset_key"),
        sa.UniqueConstraint("tenant", "kind", "number", name="asset_tenant_kind_number_once"),
    )
    op.create_index("asset_cell", "asset", ["tenant", "kind", "cx", "cy"])
    op.create_index("asset_village", "asset", ["tenant", "kind", "village", "number"])
    op.create_table(
        "asset_case",
        sa.Column("tenant", sa.String(31), nullable=False),
        sa.Column("case_number", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=True),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("closed_at", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("tenant", "case_number", name="asset_case_key"),
    )
    op.create_index("asset_case_asset", "asset_case", ["tenant", "kind", "number", "opened_at"])
    if op.get_bind().dialect.name == "postgresql":
        _add_geography()
    lock(op, "asset", "asset_case")


def downgrade() -> None:
    for table in ("asset_case", "asset", "idempotency", "dead_letter", "inbox", "outbox"):
        op.drop_table(table)


def _add_geography() -> None:
    if not _postgis():
        log.warning("PostGIS is not there and may not be created by this role: nearest assets come from the cell index")
        return
    op.execute(PLACE)
    for kind in ("lamp", "park", "facility"):
        op.execute(NEAR.format(kind=kind))


def _postgis() -> bool:
    bind = op.get_bind()
    try:
        with bind.begin_nested():
            bind.execute(sa.text("CREATE EXTENSION IF NOT EXISTS postgis"))
    except sa.exc.DBAPIError:  # not on this server, or only a superuser may
        return False
    return bind.execute(sa.text("SELECT to_regtype('geography')")).scalar() is not None
