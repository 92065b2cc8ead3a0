"""Tenant walls on every door: routes for staff, RPCs, events. The neighbour sees and changes nothing."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule

from chassis.bus import handler
from chassis.bus.catalogue import Subscription, heard, said
from chassis.manifest import installed
from chassis.runtime import Runtime
from chassis.store import DeadLetter, IdempotencyKey, InboxRow, OutboxRow
from chassis.web.staff import StaffIdentity, issue
from tests.conftest import MakeRuntime

MANIFESTS = installed()
HEARD = heard(MANIFESTS)
GROUND = {row.__tablename__ for row in (DeadLetter, IdempotencyKey, InboxRow, OutboxRow)}
ROLES = frozenset({"clerk", "chief", "head"})
CASE = "DL-115-004217-6"
SAMPLES = {
    "number": CASE, "sha256": "0" * 64, "code": "streetlight", "kind": "lamp", "place": 0, "step": "pole",
    "key": "0" * 32, "token": "0" * 22, "message": "0b8f6c0e-6f0d-4a55-9d7e-0d8f9c1f2a10", "path": "x", "digest": "x",
    "format": "json", "id": "1", "message_id": "0b8f6c0e-6f0d-4a55-9d7e-0d8f9c1f2a10",
}  # fmt: skip


@pytest.fixture(params=MANIFESTS)
def runtime(request: pytest.FixtureRequest, make_runtime: MakeRuntime) -> Runtime:
    return make_runtime(MANIFESTS[request.param])


def identity(tenant: str) -> StaffIdentity:
    return StaffIdentity("lin", tenant, "林", "works", "1", ROLES, datetime.now(UTC))


def test_no_door_for_staff_opens_to_the_neighbours_staff(runtime: Runtime) -> None:
    app = runtime.manifest.web(runtime)
    app.config["WTF_CSRF_ENABLED"] = False  # the token is tried elsewhere; here it would hide the wall behind it
    stranger, neighbour = app.test_client(), app.test_client()
    neighbour.set_cookie("lamppost_staff", issue(runtime, identity("anping")))
    for method, path in doors(app):
        if _is_for_staff(stranger, method, path):
            answer = neighbour.open(path, method=method)
            assert answer.status_code == 403, (method, path, answer.status_code)
        elif path.startswith("/douliu/desk/"):
            assert "/desk/sign-" in path, f"{method} {path} is open to everybody"


@pytest.mark.parametrize("subscription", HEARD, ids=lambda subscription: subscription.queue)
def test_an_event_leaves_no_row_with_another_office(subscription: Subscription, make_runtime: MakeRuntime) -> None:
    runtime = make_runtime(MANIFESTS[subscription.listener])
    for number, body in enumerate(_examples(runtime, subscription)):
        function = getattr(runtime.manifest.worker(), subscription.method).__wrapped__
        body["id"] = f"event-{number}"
        with contextlib.suppress(LookupError):  # an answer about a case that is not there ends as a dead letter
            handler._hear(SimpleNamespace(runtime=runtime), function, subscription.reads, body)
    with runtime.store.session("anping") as session:
        for mapper in _mapped(runtime):
            assert session.scalars(select(mapper)).all() == [], mapper
    with runtime.store.everywhere() as session:
        for mapper in _mapped(runtime):
            assert set(session.scalars(select(mapper.tenant))) <= {"douliu"}, mapper


def test_questions_about_another_office_are_answered_with_nothing(make_runtime: MakeRuntime) -> None:
    runtime = make_runtime(MANIFESTS["gis"])
    for _ in runtime.manifest.demo(runtime, "douliu"):  # type: ignore[misc]
        pass
    worker = SimpleNamespace(runtime=runtime)
    gis = runtime.manifest.worker()
    assert gis.asset(worker, tenant="douliu", kind="lamp", number="01234")["found"]
    assert gis.asset(worker, tenant="anping", kind="lamp", number="01234") == {"found": None, "suggestions": []}
    assert gis.nearest(worker, tenant="anping", kind="lamp", lon=120.54, lat=23.71, limit=5) == []
    with pytest.raises(Exception, match="nowhere"):
        gis.asset(worker, tenant="nowhere", kind="lamp", number="01234")


def doors(app: Any) -> Iterator[tuple[str, str]]:
    """Every method and path of an office, with plausible values in it."""
    for rule in app.url_map.iter_rules():
        if "tenant" in rule.arguments:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, _path(app, rule)


def _is_for_staff(stranger: Any, method: str, path: str) -> bool:
    """Whether somebody without a session is sent to sign in."""
    answer = stranger.open(path, method=method)
    asked = answer.status_code == 302 and "/desk/sign-in" in answer.headers["Location"]
    return asked or answer.status_code == 401


def _path(app: Any, rule: Rule) -> str:
    samples = {**SAMPLES, "kind": "json"} if "any(json, xml)" in rule.rule else SAMPLES
    values = {name: samples.get(name, "1") for name in rule.arguments} | {"tenant": "douliu"}
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def _examples(runtime: Runtime, subscription: Subscription) -> Iterator[dict[str, Any]]:
    event = next(one for one in said(MANIFESTS) if one.type == subscription.event)
    for example in event.examples:
        data = event.model_validate(example).model_dump(mode="json")
        yield {
            "id": "", "source": f"/{event.source}", "type": event.type, "subject": CASE, "tenant": "douliu",
            "time": "2026-11-21T00:00:00Z", "sequence": 1, "data": sealed_anew(runtime, data),
        }  # fmt: skip


def sealed_anew(runtime: Runtime, data: Any) -> Any:
    """The example with its made-up sealed fields sealed for whoever listens."""
    if isinstance(data, dict):
        return {name: sealed_anew(runtime, value) for name, value in data.items()}
    if isinstance(data, str) and data.startswith("gAAAA"):
        audience = next(iter(runtime.manifest.reads), "notify")
        return runtime.sealer.seal("0912000345", audience=audience, tenant="douliu")
    return data


def _mapped(runtime: Runtime) -> list[Any]:
    registry = runtime.manifest.tables
    from sqlalchemy.orm import DeclarativeBase

    found = [
        mapper.class_
        for base in DeclarativeBase.__subclasses__()
        if base.metadata is registry
        for mapper in base.registry.mappers
    ]
    return [one for one in found if one.__tablename__ not in GROUND]
