"""Alembic, one environment a service: its own database, its own versions folder, run un-patched.

A migration uses `create_ground(op)` once and `lock(op, table)` for each table of its own: row-level security keyed on
the session setting `lamppost.tenant`, forced upon the owner too, so that a session without a tenant sees no rows.
"""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from chassis.manifest import Manifest
from chassis.store.engine import Store
from chassis.store.tables import Ground

POLICY = (
    "CREATE POLICY tenant ON {table} USING (tenant = current_setting('lamppost.tenant', true)"
    " OR current_setting('lamppost.tenant', true) = '*')"
)


def migrate(manifest: Manifest, store: Store) -> tuple[str | None, str | None]:
    """Bring a service's database to the newest version. Returns (version before, version now)."""
    with store.engine.connect() as connection:
        if store.dialect == "postgresql":
            # Two processes may start together: the second waits and then finds nothing to do.
            connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": f"migrate {manifest.name}"})
        before = _version(connection)
        config = _config(manifest)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
        return before, _version(connection)


def pending(manifest: Manifest, store: Store) -> bool:
    """True when the database is behind the code."""
    with store.engine.connect() as connection:
        return _version(connection) != ScriptDirectory.from_config(_config(manifest)).get_current_head()


def create_ground(op: Operations | Any) -> None:
    """Create the tables every service has."""
    bind = op.get_bind()
    for table in Ground.metadata.sorted_tables:
        table.create(bind)
        lock(op, table.name)


def drop_ground(op: Operations | Any) -> None:
    """Drop the tables every service has."""
    for table in reversed(Ground.metadata.sorted_tables):
        op.drop_table(table.name)


def lock(op: Operations | Any, *tables: str) -> None:
    """Turn row-level security on for these tables (PostgreSQL; SQLite has only the door)."""
    if op.get_bind().dialect.name == "postgresql":
        for table in tables:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(POLICY.format(table=table))


def _config(manifest: Manifest) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    config.set_main_option("version_locations", str(manifest.migrations))
    config.set_main_option("path_separator", "os")
    config.attributes["tables"] = manifest.tables
    return config


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
