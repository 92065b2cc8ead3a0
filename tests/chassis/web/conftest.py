"""A running tiny service: two offices of its own, a store on SQLite, an app, browsers."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chassis import runtime as runtimes
from chassis import settings, tenants
from chassis.clock import now
from chassis.runtime import Runtime
from chassis.store import Store
from chassis.store.migrations import migrate
from chassis.web.staff import COOKIE, StaffIdentity, issue
from tests.chassis.web.tiny import doors, manifest

OFFICE = """
code = "{code}"
prefix = "{prefix}"
languages = ["zh-Hant", "en"]
bounding_box = [120.0, 23.0, 121.0, 24.0]
colour = "{colour}"
name = {{zh = "{zh}", en = "{en}"}}
head = {{zh = "市長", en = "Mayor"}}
[contact]
telephone = "+88655322000"
email = "office@{code}.example.tw"
address = {{zh = "府前街 38 號", en = "38 Fuqian Street"}}
[sender]
sms = "{zh}"
email = "no-reply@{code}.example.tw"
[quota]
sms_per_day = 10
email_per_day = 10
[quiet_hours]
start = 21:00:00
end = 09:00:00
[calendar]
office_hours = [08:00:00, 17:30:00]
[retention]
cases_years = 5
messages_days = 180
drafts_hours = 24
[[sections]]
code = "works"
name = {{zh = "工務課", en = "Public Works"}}
telephone = "+88655322000"
extension = "312"
[[services]]
code = "streetlight"
name = {{zh = "路燈報修", en = "Streetlight repair"}}
summary = {{zh = "報燈桿號碼就好", en = "The number on the pole"}}
section = "works"
kind = "repair"
days = 3
"""

SignedIn = Callable[..., FlaskClient]
Made = Callable[..., Runtime]


def office_files(folder: Path) -> Path:
    folder.mkdir()
    rows = [("douliu", "DL", "#14304a", "斗六市公所", "Douliu"), ("anping", "AP", "#5a1a1a", "安平區公所", "Anping")]
    for code, prefix, colour, zh, en in rows:
        text = OFFICE.format(code=code, prefix=prefix, colour=colour, zh=zh, en=en)
        (folder / f"{code}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "tiny.db"
    store = Store(f"sqlite:///{file}")
    migrate(manifest, store)
    store.close()
    return file


@pytest.fixture
def make_tiny(tmp_path: Path, keys_file: Path, migrated: Path) -> Iterator[Made]:
    """`make_tiny(LAMPPOST_PUBLIC_URL="https://…")`: a runtime of the tiny service on a fresh SQLite store."""
    made: list[Runtime] = []

    def make(**more: str) -> Runtime:
        folder = tmp_path / f"tiny{len(made)}"
        folder.mkdir()
        offices = office_files(folder / "tenants")
        environ = {"LAMPPOST_DATA": str(folder), "LAMPPOST_KEYS": str(keys_file), "LAMPPOST_TENANTS": str(offices)}
        found = settings.load([manifest.name], environ | more)
        shutil.copy(migrated, folder / "tiny.db")
        built = runtimes.build(manifest, found, tenants.load(offices))
        made.append(built)
        return built

    yield make
    for one in made:
        one.store.close()


@pytest.fixture
def runtime(make_tiny: Made) -> Runtime:
    return make_tiny()


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    return doors.app(runtime)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def identity(tenant: str = "douliu", *roles: str, auth_time: datetime | None = None) -> StaffIdentity:
    return StaffIdentity(
        username="lin",
        tenant=tenant,
        name="林怡君",
        section="works",
        extension="312",
        roles=frozenset(roles or ("clerk",)),
        auth_time=auth_time or now(),
    )


@pytest.fixture
def signed_in(app: Flask, runtime: Runtime) -> SignedIn:
    """`signed_in("douliu", "chief")`: a browser of somebody with that role there."""

    def make(tenant: str = "douliu", *roles: str) -> FlaskClient:
        client = app.test_client()
        client.set_cookie(COOKIE, issue(runtime, identity(tenant, *roles)))
        return client

    return make


def csrf_token(client: FlaskClient, office: str = "douliu") -> str:
    """A token as a page of this browser has it."""
    page = client.get(f"/{office}/notes/").get_data(as_text=True)
    return page.partition('<p id="csrf">')[2].partition("</p>")[0]
