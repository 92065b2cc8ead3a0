"""Every service's store: the migrations make the tables of the model, and each is locked to a tenant."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from chassis.commands.doctor import OPEN_TABLES
from chassis.manifest import Manifest, installed
from tests.conftest import MakeRuntime

MANIFESTS = list(installed().values())


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda manifest: manifest.name)
def test_migrations_make_the_tables_of_the_model(make_runtime: MakeRuntime, store_url: str, manifest: Manifest) -> None:
    runtime = make_runtime(manifest, store_url)
    with runtime.store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": _ours, "compare_server_default": False}
        )
        differences = compare_metadata(context, manifest.tables)
    assert [one for one in differences if not _only_in_the_database(one)] == []


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda manifest: manifest.name)
def test_every_table_has_a_tenant(manifest: Manifest) -> None:
    for table in manifest.tables.sorted_tables:
        assert "tenant" in table.columns, table.name
        assert not table.columns["tenant"].nullable, table.name


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda manifest: manifest.name)
def test_every_table_is_locked_on_postgresql(make_runtime: MakeRuntime, store_url: str, manifest: Manifest) -> None:
    runtime = make_runtime(manifest, store_url)
    if runtime.store.dialect != "postgresql":
        pytest.skip("row-level security is PostgreSQL's")
    with runtime.store.everywhere() as session:
        assert session.execute(OPEN_TABLES).scalars().all() == []
    with runtime.store.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            if table not in ("alembic_version", "spatial_ref_sys"):
                assert connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar() == 0, table


def _ours(name: str | None, kind: str, parents: object) -> bool:
    return not (kind == "table" and name in ("alembic_version", "spatial_ref_sys"))


def _only_in_the_database(difference: object) -> bool:
    """Columns and indexes that the database makes for itself (PostGIS) are no part of the model."""
    return isinstance(difference, tuple) and difference[0] in ("remove_column", "remove_index")
