"""The migration makes what the code expects, on both stores, with a lock on every table."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from chassis.runtime import Runtime
from chassis.store import Store
from chassis.store.migrations import _config, migrate
from services.notify import manifest
from tests.notify.world import tell

TABLES = {table.name for table in manifest.tables.sorted_tables}


def test_the_migrated_database_is_what_the_code_expects(runtime: Runtime) -> None:
    with runtime.store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, *_: name != "spatial_ref_sys"}
        )
        assert compare_metadata(context, manifest.tables) == []


def test_the_indexes_on_unfinished_messages_stay_small(runtime: Runtime) -> None:
    found = {index["name"]: index for index in inspect(runtime.store.engine).get_indexes("message")}
    for name in ("message_due", "message_lease", "message_follow", "message_unfinished"):
        assert any(option.endswith("_where") for option in found[name].get("dialect_options", {})), name


def test_the_migration_can_be_taken_back(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/again.db")
    migrate(manifest, store)
    with store.engine.connect() as connection:
        config = _config(manifest)
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
    assert set(inspect(store.engine).get_table_names()) == {"alembic_version"}
    store.close()


def test_without_a_tenant_postgresql_shows_no_row_of_any_table(runtime: Runtime) -> None:
    if runtime.store.dialect != "postgresql":
        return
    tell(runtime, phone="05-532-2000")  # a message and an event
    with runtime.store.engine.connect() as connection:
        for table in TABLES:
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, table
        locked = connection.execute(text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"))
        assert {row[0] for row in locked} >= TABLES
    with runtime.store.everywhere() as session:
        assert session.execute(text("SELECT count(*) FROM message")).scalar() == 1
