"""Fixtures of every test: offices, keys, and a service's runtime on SQLite or on real PostgreSQL."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from chassis import keys, runtime, settings, tenants
from chassis.manifest import Manifest, installed
from chassis.runtime import Runtime
from chassis.store.migrations import migrate
from chassis.tenants import Tenants
from tests import servers
from tests.browser import browser

__all__ = ["browser"]  # a fixture

ROOT = Path(__file__).resolve().parent.parent
AUDIENCES = ["intake", "notify", "search"]

MakeRuntime = Callable[..., Runtime]

# In CI the same examples every time: a change is judged by what it changed. By hand, new ones at every run.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("hand", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "hand")


def pytest_report_header() -> list[str]:
    missing = [name for name in ("AMQP", "POSTGRES", "ELASTICSEARCH", "CHROMIUM") if servers.address(name) is None]
    return [f"not to be had, its tests are skipped: {name} (deploy/dev/up)" for name in missing]


@pytest.fixture(scope="session")
def offices() -> Tenants:
    return tenants.load(ROOT / "deploy" / "tenants")


@pytest.fixture(scope="session")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "keys.toml"
    keys.make(file, AUDIENCES)
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty store of each kind: a test that asks for it runs on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.db"
        return
    with servers.database("store") as url:
        yield url


@pytest.fixture
def make_runtime(tmp_path: Path, keys_file: Path, offices: Tenants) -> Iterator[MakeRuntime]:
    """`make_runtime("intake", url)`: the runtime of a service on a migrated store; without url on SQLite."""
    made: list[Runtime] = []

    def make(service: str | Manifest, url: str | None = None, **more: str) -> Runtime:
        manifest = installed()[service] if isinstance(service, str) else service
        environ = {
            "LAMPPOST_DATA": str(tmp_path),
            "LAMPPOST_KEYS": str(keys_file),
            "LAMPPOST_TENANTS": str(ROOT / "deploy" / "tenants"),
            **({f"LAMPPOST_{manifest.name.upper()}_STORE": url} if url else {}),
            **more,
        }
        found = settings.load([manifest.name], environ)
        built = runtime.build(manifest, found, offices)
        migrate(manifest, built.store)
        made.append(built)
        return built

    yield make
    for one in made:
        one.store.close()
