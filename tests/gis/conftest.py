"""gis on each store, assets to fill it with, and the events it hears."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

import pytest
from flask import Flask
from sqlalchemy import text

from chassis import runtime as runtimes
from chassis import settings
from chassis.runtime import Runtime
from chassis.store.migrations import migrate
from chassis.tenants import Tenants
from services.gis import manifest
from services.gis.inventory import NewAsset, put
from services.gis.model import Kind
from services.gis.service import Gis
from tests import servers
from tests.conftest import MakeRuntime

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
HERE = (120.5431, 23.7118)
TENANTS = servers.ROOT / "deploy" / "tenants"


class Made(NamedTuple):
    """A migrated store with its runtime and web app, shared by all tests of gis; each test finds it empty."""

    runtime: Runtime
    app: Flask

    def emptied(self) -> Self:
        """Without the rows of the test before."""
        with self.runtime.store.engine.begin() as connection:
            postgres = self.runtime.store.dialect == "postgresql"
            for table in self.runtime.manifest.tables.tables:
                connection.execute(text(f"TRUNCATE {table}" if postgres else f"DELETE FROM {table}"))
        return self


def make(folder: Path, keys_file: Path, offices: Tenants, **more: str) -> Made:
    environ = {"LAMPPOST_DATA": str(folder), "LAMPPOST_KEYS": str(keys_file), "LAMPPOST_TENANTS": str(TENANTS), **more}
    built = runtimes.build(manifest, settings.load(["gis"], environ), offices)
    migrate(manifest, built.store)
    return Made(built, manifest.web(built))


@pytest.fixture(scope="session")
def sqlite_made(tmp_path_factory: pytest.TempPathFactory, keys_file: Path, offices: Tenants) -> Iterator[Made]:
    made = make(tmp_path_factory.mktemp("gis"), keys_file, offices)
    yield made
    made.runtime.store.close()


@pytest.fixture(scope="session")
def postgis_made(tmp_path_factory: pytest.TempPathFactory, keys_file: Path, offices: Tenants) -> Iterator[Made]:
    with servers.database("gis") as url:
        made = make(tmp_path_factory.mktemp("gis"), keys_file, offices, LAMPPOST_GIS_STORE=url)
        yield made
        made.runtime.store.close()


@pytest.fixture
def laptop(sqlite_made: Made) -> Runtime:
    """gis on SQLite."""
    return sqlite_made.emptied().runtime


@pytest.fixture
def postgis(postgis_made: Made) -> Runtime:
    """gis on PostgreSQL with PostGIS."""
    return postgis_made.emptied().runtime


@pytest.fixture(params=["sqlite_made", "postgis_made"])
def made(request: pytest.FixtureRequest) -> Made:
    """gis with its pages on SQLite and on PostgreSQL with PostGIS."""
    found: Made = request.getfixturevalue(request.param)
    return found.emptied()


@pytest.fixture
def gis(made: Made) -> Runtime:
    """gis on SQLite and on PostgreSQL with PostGIS."""
    return made.runtime


@pytest.fixture
def without_postgis(make_runtime: MakeRuntime) -> Iterator[Runtime]:
    """gis on a PostgreSQL where PostGIS is not there and may not be created by its role."""
    with servers.database("plain") as url:
        yield make_runtime("gis", url)


def lamp(number: str, lon: float = HERE[0], lat: float = HERE[1], **more: Any) -> NewAsset:
    """A lamp at the corner, or elsewhere."""
    return NewAsset(number=number, lon=lon, lat=lat, **more)


def fill(runtime: Runtime, *found: NewAsset, tenant: str = "douliu", kind: Kind = "lamp") -> None:
    """Put assets into the store."""
    with runtime.store.session(tenant) as session:
        put(session, kind, found, NOW)


def worker(runtime: Runtime) -> Gis:
    """The bus side of gis, without a bus."""
    made = Gis()
    made.runtime = runtime
    return made


def case_event(
    number: str = "DL-115-000001-1",
    *,
    version: int = 1,
    asset: str | None = "01234",
    kind: str | None = "lamp",
    closed: str | None = None,
    tenant: str = "douliu",
    opened: str = "2026-11-18T01:12:00Z",
    event_id: str | None = None,
) -> dict[str, Any]:
    """A case event as it stands on the wire; the reader needs only these fields."""
    case = {
        "number": number,
        "version": version,
        "status": "closed" if closed else "received",
        "asset_kind": kind if asset else None,
        "asset_number": asset,
        "opened_at": opened,
        "closed_at": closed,
        "channel": "web",
    }
    return {
        "specversion": "1.0",
        "id": event_id or str(uuid.uuid4()),
        "source": "/intake",
        "type": "case_opened.v1",
        "subject": number,
        "time": opened,
        "tenant": tenant,
        "sequence": version,
        "data": {"case": case},
    }
