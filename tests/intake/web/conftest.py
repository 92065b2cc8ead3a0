"""Intake's pages alone: gis is played by a stand-in, people sign in without a password."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chassis import clock
from chassis.bus import AskFailed
from chassis.runtime import Runtime
from chassis.web.staff import COOKIE, StaffIdentity, issue
from services.intake import manifest
from services.intake import staff as accounts
from services.intake.act import APPLICANT, Act, Actor, staff
from services.intake.opening import Opened, accept
from tests.conftest import MakeRuntime
from tests.intake.conftest import wanted

LAMP: dict[str, Any] = {
    "number": "01234",
    "name": None,
    "lon": 120.5412,
    "lat": 23.7093,
    "village": "虎溪里",
    "address": "慶生路 128 號前",
    "attributes": {"light": "LED", "watts": 60},
    "open_cases": [],
    "reports_this_year": 3,
}
CLERK = staff("lin.works", "林怡君", frozenset({"clerk"}), "works")

Desk = Callable[..., FlaskClient]
OpenCase = Callable[..., Opened]
Do = Callable[..., None]


def gis(service: str, method: str, *, timeout: float, **asked: Any) -> Any:
    """What gis answers about Douliu's lamp 01234."""
    if method == "nearest":
        return [LAMP]
    if asked["number"] == "01234":
        return {"found": LAMP, "suggestions": []}
    return {"found": None, "suggestions": [LAMP]}


def silence(*_: Any, **__: Any) -> Any:
    """gis does not answer."""
    raise AskFailed("gis is down")


@pytest.fixture
def runtime(make_runtime: MakeRuntime) -> Runtime:
    made = make_runtime(manifest)
    made.ask = gis  # type: ignore[assignment]
    return made


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    return manifest.web(runtime)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


@pytest.fixture
def desk(app: Flask, runtime: Runtime) -> Desk:
    """`desk("chief", tenant="anping")`: the browser of somebody who is signed in there."""

    def signed_in(*roles: str, tenant: str = "douliu", section: str = "works", ago: Any = None) -> FlaskClient:
        at = clock.now() - ago if ago else clock.now()
        identity = StaffIdentity("lin.works", tenant, "林怡君", section, "312", frozenset(roles or ("clerk",)), at)
        client = app.test_client()
        client.set_cookie(COOKIE, issue(runtime, identity, at))
        return client

    return signed_in


@pytest.fixture
def open_case(runtime: Runtime) -> OpenCase:
    """`open_case("anping", description=…)` opens a case about lamp 01234."""

    def opened(tenant: str = "douliu", **more: object) -> Opened:
        return accept(runtime, tenant, wanted(**more), APPLICANT, clock.now())

    return opened


@pytest.fixture
def do(runtime: Runtime) -> Do:
    """`do(number, step, …)`: steps `(act, number)` at Douliu's desk, one transaction each."""

    def done(number: str, *steps: Callable[[Act, str], Any], actor: Actor = CLERK) -> None:
        for step in steps:
            with runtime.store.session("douliu") as session:
                step(Act(runtime, session, actor, clock.now()), number)

    return done


@pytest.fixture
def staff_member(runtime: Runtime) -> str:
    """The username of a clerk of Douliu's works section who may be given a case."""
    with runtime.store.session("douliu") as session:
        made = accounts.add(
            session, "wu.works", name="吳佩蓉", password="long enough", roles=["clerk"], now=clock.now(),
            section="works", extension="318",
        )  # fmt: skip
    return made.username
