"""The desk's walls: another office, a missing safety code, forms full of nonsense."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.runtime import Runtime
from services.intake.cases import find_case
from tests.intake.web.conftest import Desk, OpenCase
from tests.intake.web.pages import text

ACTS = ["take", "assign", "return", "close", "reopen"]


@pytest.fixture
def clerk(desk: Desk) -> FlaskClient:
    return desk("clerk")


@pytest.mark.parametrize("page", ["", "/files/" + "0" * 64])
def test_the_neighbours_case_is_not_there(desk: Desk, open_case: OpenCase, page: str) -> None:
    number = open_case("anping", description="鄰居的").case.number
    assert desk().get(f"/douliu/desk/cases/{number}{page}").status_code == 404
    assert desk().get(f"/anping/desk/cases/{number}{page}").status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_the_neighbours_case_cannot_be_touched(desk: Desk, open_case: OpenCase, runtime: Runtime, act: str) -> None:
    number = open_case("anping").case.number
    own = open_case().case.number
    clerk = desk()
    token = re.search(r'name="csrf_token" value="([^"]+)"', clerk.get(f"/douliu/desk/cases/{own}").text)
    assert token
    sent = {
        "csrf_token": token.group(1),
        "version": "1",
        "handler": "lin.works",
        "reply": "x",
        "reason": "x",
        "other": "x",
    }
    fields = {"take": (), "assign": ("handler",), "return": ("other",), "close": ("reply",), "reopen": ("reason",)}[act]
    data = {name: sent[name] for name in ("csrf_token", "version", *fields)}
    assert clerk.post(f"/douliu/desk/cases/{number}/{act}", data=data).status_code == 404
    assert clerk.post(f"/anping/desk/cases/{number}/{act}", data=data).status_code == 403
    with runtime.store.session("anping") as session:
        assert find_case(session, number).version == 1


@pytest.mark.parametrize("path", ["", "?queue=open", "cases/new", "head"])
def test_the_neighbours_session_opens_no_desk(desk: Desk, path: str) -> None:
    assert desk("head", tenant="anping").get(f"/douliu/desk/{path}").status_code == 403


def test_the_neighbours_case_is_in_no_list(desk: Desk, open_case: OpenCase) -> None:
    number = open_case("anping").case.number
    for queue in ("open", "unassigned", "mine"):
        assert number not in text(desk().get(f"/douliu/desk/?queue={queue}&case={number}").text)


@pytest.mark.parametrize("act", ACTS)
def test_without_the_safety_code_nothing_changes(
    clerk: FlaskClient, open_case: OpenCase, runtime: Runtime, act: str
) -> None:
    number = open_case().case.number
    answer = clerk.post(f"/douliu/desk/cases/{number}/{act}", data={"version": "1"})
    assert answer.status_code == 400
    assert "csrf_token" in answer.text
    assert version(runtime, number) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.dictionaries(
        st.sampled_from(["version", "handler", "missing", "other", "note", "template", "reply", "reason", "extra"]),
        st.text(max_size=200) | st.binary(max_size=50) | st.sampled_from(["1", "2", "need_photo", "repaired"]),
    ),
    act=st.sampled_from(ACTS),
)
def test_no_form_breaks_the_desk(clerk: FlaskClient, open_case: OpenCase, fields: dict[str, Any], act: str) -> None:
    number = open_case().case.number
    page = clerk.get(f"/douliu/desk/cases/{number}")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    answer = clerk.post(f"/douliu/desk/cases/{number}/{act}", data={**fields, "csrf_token": token.group(1)})
    assert answer.status_code < 500


def version(runtime: Runtime, number: str) -> int:
    with runtime.store.session("douliu") as session:
        return find_case(session, number).version
