"""A survey service on both stores, cases that are closed for it, browsers of residents and of staff."""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from chassis import clock
from chassis.runtime import Runtime
from chassis.store import OutboxRow
from chassis.web.staff import COOKIE, StaffIdentity, issue
from services.survey import manifest
from services.survey.service import Survey
from services.survey.web import app as survey_app
from tests import servers
from tests.conftest import MakeRuntime

TOKEN = "k3yThatOnlyTheApplicantHas_0123456789"
NUMBER = "DL-115-004217-6"

SignedIn = Callable[..., FlaskClient]


@pytest.fixture(scope="package")
def postgres() -> Iterator[str]:
    """One database for all of survey's tests: making and migrating one takes seconds."""
    with servers.database("survey") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty store of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.db"
        return
    url: str = request.getfixturevalue("postgres")
    empty(url)
    yield url


def empty(url: str) -> None:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        if tables := ", ".join(name for (name,) in cursor.fetchall()):
            cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY")


@pytest.fixture
def survey(make_runtime: MakeRuntime, store_url: str) -> Runtime:
    return make_runtime(manifest, store_url)


@pytest.fixture
def app(survey: Runtime) -> Flask:
    return survey_app(survey)


@pytest.fixture
def resident(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask, survey: Runtime) -> SignedIn:
    """`signed_in("douliu", "chief")`: a browser of somebody with that role there."""

    def make(tenant: str = "douliu", *roles: str) -> FlaskClient:
        client = app.test_client()
        client.set_cookie(COOKIE, issue(survey, identity(tenant, *(roles or ("head",)))))
        return client

    return make


@pytest.fixture
def time_passes(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """`time_passes(timedelta(days=15))`: what the pages take for now, from then on."""

    def later(by: timedelta) -> None:
        then = clock.now() + by
        for module in ("answer", "entry"):
            monkeypatch.setattr(f"services.survey.web.{module}.now", lambda: then)

    return later


def identity(tenant: str, *roles: str) -> StaffIdentity:
    return StaffIdentity(
        username="lin",
        tenant=tenant,
        name="林怡君",
        section="works",
        extension="312",
        roles=frozenset(roles),
        auth_time=clock.now(),
    )


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def case_closed(
    token: str | None = TOKEN,
    *,
    number: str = NUMBER,
    tenant: str = "douliu",
    service: str = "streetlight",
    closed_at: datetime | None = None,
    language: str = "zh-Hant",
) -> dict[str, Any]:
    """The envelope of `case_closed.v1` as it arrives."""
    closed_at = closed_at or clock.now()
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "/intake",
        "type": "case_closed.v1",
        "subject": number,
        "time": closed_at.isoformat(),
        "tenant": tenant,
        "sequence": 5,
        "data": {
            "case": {
                "number": number,
                "service_code": service,
                "service": {"zh": "路燈報修", "en": "Streetlight repair"},
                "section": "works",
                "closed_at": closed_at.isoformat(),
                "version": 5,
            },
            "reply": "已更換燈具",
            "recipient": {"name": "sealed", "language": language, "link": "sealed"},
            "survey_token_hash": hash_of(token) if token else None,
        },
    }


def hear(runtime: Runtime, envelope: dict[str, Any]) -> None:
    Survey.on_case_closed(SimpleNamespace(runtime=runtime), envelope)  # type: ignore[arg-type]


def invited(runtime: Runtime, token: str = TOKEN, **case: Any) -> str:
    """Somebody is invited; returns the address of the survey."""
    hear(runtime, case_closed(token, **case))
    return f"/s/{token}"


def post(client: FlaskClient, address: str, fields: dict[str, Any] | None = None) -> TestResponse:
    """Post a form as the page at this address would, with its CSRF token."""
    return client.post(address, data={"csrf_token": csrf_token(client, address), **(fields or {})})


def csrf_token(client: FlaskClient, address: str) -> str:
    page = client.get(address, follow_redirects=True).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def answer(client: FlaskClient, survey_address: str, satisfaction: int, **more: str) -> TestResponse:
    """Go through the pages to the end."""
    assert post(client, survey_address, {"satisfaction": str(satisfaction)}).status_code == 303
    assert post(client, f"{survey_address}/more", more).status_code == 303
    return post(client, f"{survey_address}/check")


def events(runtime: Runtime) -> list[dict[str, Any]]:
    with runtime.store.everywhere() as session:
        return list(session.scalars(select(OutboxRow.envelope).order_by(OutboxRow.position)))
