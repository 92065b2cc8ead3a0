"""The tables as they are in the database are those of the model, and locked."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from chassis.runtime import Runtime
from chassis.store.migrations import _config
from services.intake import manifest
from services.intake.model import Base
from tests.intake.conftest import Open


def test_migrations_make_the_models_tables(intake: Runtime) -> None:
    with intake.store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        known = {table.name for table in Base.metadata.sorted_tables}
        found = [change for change in compare_metadata(context, Base.metadata) if _own(change, known)]
    assert found == []


def _own(change: object, known: set[str]) -> bool:
    # PostGIS brings tables of its own into the test database.
    return not (isinstance(change, tuple) and change[0] == "remove_table" and change[1].name not in known)


def test_migration_can_be_taken_back(lite: Runtime) -> None:
    with lite.store.engine.connect() as connection:
        config = _config(manifest)
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}


def test_every_table_belongs_to_offices() -> None:
    assert all("tenant" in table.columns for table in Base.metadata.sorted_tables)


def test_uniques_and_indexes_start_with_the_office() -> None:
    chassis_own = {"outbox", "inbox", "dead_letter", "idempotency"}
    for table in Base.metadata.sorted_tables:
        if table.name not in chassis_own:
            assert all(next(iter(index.columns)).name == "tenant" for index in table.indexes), table.name


@pytest.mark.parametrize("intake", ["postgresql"], indirect=True)
def test_raw_sql_without_an_office_sees_no_rows(intake: Runtime, open_case: Open) -> None:
    open_case()
    with intake.store.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            assert connection.execute(text(f"SELECT count(*) FROM {table.name}")).scalar_one() == 0, table.name
        connection.execute(text("SELECT set_config('lamppost.tenant', 'anping', true)"))
        assert connection.execute(text("SELECT count(*) FROM cases")).scalar_one() == 0
        connection.execute(text("SELECT set_config('lamppost.tenant', 'douliu', true)"))
        assert connection.execute(text("SELECT count(*) FROM cases")).scalar_one() == 1
