"""notify's runtime on a migrated store of each kind; a stand-in Twilio and the port that sends there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from chassis import runtime as runtimes
from chassis import settings
from chassis.clock import now
from chassis.runtime import Runtime
from chassis.store import Store
from chassis.store.migrations import migrate
from chassis.tenants import Tenants
from chassis.web.staff import COOKIE, StaffIdentity, issue
from services.notify import manifest
from services.notify.outcome import Outcome
from services.notify.twilio_sms import TwilioSms
from tests import servers
from tests.fakes.twilio import SENDER, SID, TOKEN, FakeTwilio

TO = "+886912345678"


BODY = "斗六市公所:您的案件 D-1 已受理"

EMPTY = "SELECT set_config('lamppost.tenant', '*', true); " + "; ".join(
    f"DELETE FROM {table.name}" for table in reversed(manifest.tables.sorted_tables)
)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="module")
def server() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def twilio(server: FakeTwilio) -> FakeTwilio:
    server.reset()
    return server


@pytest.fixture
def port(twilio: FakeTwilio) -> TwilioSms:
    return TwilioSms(SID, TOKEN, SENDER, origin=twilio.url, answer_within=0.5)


@pytest.fixture
def official() -> TwilioSms:
    return TwilioSms(SID, TOKEN, SENDER)


def send(port: TwilioSms, to: str = TO) -> Outcome:
    return port.send(to, BODY, None, None)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("notify") / "notify.db"
    _migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres() -> Iterator[str]:
    with servers.database("notify") as url:
        _migrated(url)
        yield url


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A migrated store without rows."""
    shutil.copy(migrated_sqlite, tmp_path / "notify.db")
    return f"sqlite:///{tmp_path}/notify.db"


@pytest.fixture
def postgres_url(migrated_postgres: str) -> str:
    """A migrated store without rows."""
    connection = psycopg2.connect(migrated_postgres)
    with connection, connection.cursor() as cursor:
        cursor.execute(EMPTY)
    connection.close()
    return migrated_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A test that asks for it runs on both kinds of store."""
    name = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    return str(request.getfixturevalue(name))


Make = Callable[..., Runtime]


@pytest.fixture
def make(tmp_path: Path, keys_file: Path, offices: Tenants) -> Iterator[Make]:
    """`make(url, LAMPPOST_SMS=…)`: notify on a migrated store; the offices are read once for all tests."""
    made: list[Runtime] = []

    def build(url: str, **more: str) -> Runtime:
        own = {
            "LAMPPOST_DATA": str(tmp_path),
            "LAMPPOST_KEYS": str(keys_file),
            "LAMPPOST_TENANTS": str(servers.ROOT / "deploy" / "tenants"),
            "LAMPPOST_NOTIFY_STORE": url,
        }
        made.append(runtimes.build(manifest, settings.load(["notify"], own | more), offices))
        return made[-1]

    yield build
    for one in made:
        one.store.close()


@pytest.fixture
def runtime(make: Make, url: str) -> Runtime:
    """notify on both kinds of store, nothing leaving the machine."""
    return make(url)


@pytest.fixture
def laptop(make: Make, sqlite_url: str) -> Runtime:
    """notify on SQLite only, for rules that do not care about the store."""
    return make(sqlite_url)


Browser = Callable[..., FlaskClient]


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once for all tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def browse(compiled: FileSystemBytecodeCache) -> Browser:
    """`browse(runtime, "douliu", "chief")`: a browser of somebody with that role there; without role of nobody."""
    apps: dict[int, Flask] = {}

    def open_app(runtime: Runtime) -> Flask:
        if id(runtime) not in apps:
            apps[id(runtime)] = manifest.web(runtime)
            apps[id(runtime)].jinja_env.bytecode_cache = compiled
        return apps[id(runtime)]

    def make(runtime: Runtime, tenant: str = "douliu", *roles: str) -> FlaskClient:
        client = open_app(runtime).test_client()
        if roles:
            who = StaffIdentity("lin", tenant, "林怡君", "works", "312", frozenset(roles), now())
            client.set_cookie(COOKIE, issue(runtime, who))
        return client

    return make


def _migrated(url: str) -> None:
    store = Store(url)
    migrate(manifest, store)
    store.close()
