"""The migrated database is what the model says, on both stores, and locked."""

import psycopg2
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from chassis.runtime import Runtime
from chassis.store import migrations
from services.gis import manifest
from tests.conftest import MakeRuntime
from tests.gis.conftest import case_event, fill, lamp, worker

ONLY_WITH_POSTGIS = {"place", "asset_place_lamp", "asset_place_park", "asset_place_facility", "spatial_ref_sys"}


def ours(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    return name not in ONLY_WITH_POSTGIS


def test_the_migrated_database_is_what_the_model_says(gis: Runtime) -> None:
    with gis.store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, manifest.tables) == []


def test_migrating_down_leaves_nothing(make_runtime: MakeRuntime, store_url: str) -> None:
    with make_runtime("gis", store_url).store.engine.connect() as connection:
        config = migrations._config(manifest)
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
        left = set(inspect(connection).get_table_names()) - {"alembic_version", "spatial_ref_sys"}
    assert left == set()


def test_the_geography_column_is_known_for_what_it_is(postgis: Runtime) -> None:
    with postgis.store.engine.connect() as connection:
        (place,) = [column for column in inspect(connection).get_columns("asset") if column["name"] == "place"]
    assert str(place["type"]).lower() == "geography(point, 4326)"


def test_every_table_is_locked(postgis: Runtime) -> None:
    with postgis.store.everywhere() as session:
        locked = session.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"))
        assert set(locked) == set(manifest.tables.tables)


@pytest.mark.parametrize("table", ["asset", "asset_case", "outbox", "inbox", "dead_letter", "idempotency"])
def test_a_session_without_an_office_sees_no_rows_and_the_neighbour_none_of_ours(postgis: Runtime, table: str) -> None:
    fill(postgis, lamp("P001", name_zh="人文公園"), kind="park")
    worker(postgis).on_case_opened(case_event())
    with psycopg2.connect(postgis.store.url.render_as_string(hide_password=False)) as connection:
        cursor = connection.cursor()
        seen = {}
        for tenant in ("", "anping", "douliu"):
            cursor.execute("SELECT set_config('lamppost.tenant', %s, true)", (tenant,))
            cursor.execute(f"SELECT count(*) FROM {table}")
            seen[tenant] = cursor.fetchone()[0]
    expected = 0 if table in ("dead_letter", "idempotency") else 1
    assert seen == {"": 0, "anping": 0, "douliu": expected}


def test_without_postgis_everything_else_is_there(without_postgis: Runtime) -> None:
    with without_postgis.store.engine.connect() as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("asset")}
    assert "cx" in columns
    assert "place" not in columns
