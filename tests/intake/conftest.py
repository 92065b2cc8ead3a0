"""Intake on both stores, its people, and a case to work with."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest
from sqlalchemy import text

from chassis import runtime as runtimes
from chassis import settings, tenants
from chassis.runtime import Runtime
from chassis.store.migrations import migrate
from services.intake import manifest
from services.intake.act import APPLICANT, Act, Actor, staff
from services.intake.model import Base
from services.intake.opening import Opened, accept
from services.intake.request import Applicant, NewCase
from tests import servers

ROOT = Path(__file__).resolve().parent.parent.parent
NOON = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Taipei
CLERK = staff("lin.works", "林志明", frozenset({"clerk"}), "works")
CHIEF = staff("chief.works", "課長", frozenset({"chief"}), "works")

Open = Callable[..., Opened]
_offices = lru_cache(tenants.load)


def build(folder: Path, keys_file: Path, url: str | None = None, *, migrated: bool = False) -> Runtime:
    """A runtime of intake on a migrated store; without url on SQLite in the folder."""
    environ = {
        "LAMPPOST_DATA": str(folder),
        "LAMPPOST_KEYS": str(keys_file),
        "LAMPPOST_TENANTS": str(ROOT / "deploy" / "tenants"),
        **({"LAMPPOST_INTAKE_STORE": url} if url else {}),
    }
    found = settings.load(["intake"], environ)
    runtime = runtimes.build(manifest, found, _offices(found.tenants))
    if not migrated:
        migrate(manifest, runtime.store)
    return runtime


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory, keys_file: Path) -> Iterator[str]:
    """One migrated PostgreSQL database for all of intake's tests."""
    with servers.database("intake") as url:
        build(tmp_path_factory.mktemp("intake"), keys_file, url).store.close()
        yield url


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory, keys_file: Path) -> Path:
    """A migrated SQLite file to copy."""
    folder = tmp_path_factory.mktemp("empty")
    build(folder, keys_file).store.close()
    return folder / "intake.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def intake(request: pytest.FixtureRequest, tmp_path: Path, keys_file: Path) -> Iterator[Runtime]:
    """Intake with empty tables: a test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("lite")
        return
    runtime = build(tmp_path, keys_file, request.getfixturevalue("postgres_url"), migrated=True)
    _empty(runtime)
    yield runtime
    runtime.store.close()


@pytest.fixture
def lite(tmp_path: Path, keys_file: Path, empty_store: Path) -> Iterator[Runtime]:
    """Intake on SQLite, for what no store can change."""
    shutil.copy(empty_store, tmp_path / "intake.db")
    runtime = build(tmp_path, keys_file, migrated=True)
    yield runtime
    runtime.store.close()


@pytest.fixture
def open_case(intake: Runtime) -> Open:
    """`open_case(tenant="douliu", now=NOON, …)` opens a case about lamp 01234; more changes the request."""

    def opened(tenant: str = "douliu", now: datetime = NOON, actor: Actor = APPLICANT, **more: object) -> Opened:
        return accept(intake, tenant, wanted(**more), actor, now)

    return opened


def wanted(**more: object) -> NewCase:
    """A request about lamp 01234 of somebody who can be told."""
    usual: dict[str, object] = {
        "service_code": "streetlight",
        "channel": "web",
        "asset_kind": "lamp",
        "asset_number": "01234",
        "description": "入夜後不亮",
        "applicant": Applicant(name="王小明", phone="+886912000101", email="wang@example.tw"),
    }
    return NewCase(**{**usual, **more})  # type: ignore[arg-type]


@pytest.fixture
def act(intake: Runtime) -> Callable[..., Act]:
    """`act(session, actor=CLERK, now=NOON)`."""

    def made(session: object, actor: Actor = CLERK, now: datetime = NOON, **more: bool) -> Act:
        return Act(intake, session, actor, now, **more)  # type: ignore[arg-type]

    return made


def _empty(runtime: Runtime) -> None:
    names = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with runtime.store.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
