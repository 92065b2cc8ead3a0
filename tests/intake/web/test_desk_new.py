"""A case that came by telephone, at the counter or in a letter is registered like every other."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.runtime import Runtime
from services.intake import timeline
from services.intake.cases import find_case
from tests.intake.web.conftest import Desk, silence
from tests.intake.web.pages import send, text, walk

NEW = "/douliu/desk/cases/new"
CALL = {"channel": "phone", "service": "streetlight", "pole": "01234", "description": "來電：入夜後不亮"}


@pytest.fixture
def clerk(desk: Desk) -> FlaskClient:
    return desk("clerk")


def register(clerk: FlaskClient, **answers: str) -> Any:
    return send(clerk, clerk.get(NEW), NEW, **{**CALL, **answers})


def numbers(runtime: Runtime, html: str) -> str:
    found = re.search(r"DL-\d{3}-\d{6}-\d", html)
    assert found, text(html)
    return found.group()


@pytest.mark.parametrize("channel", ["phone", "counter", "letter", "mail", "social"])
def test_every_way_in_is_registered(clerk: FlaskClient, runtime: Runtime, channel: str) -> None:
    page = clerk.get(register(clerk, channel=channel, name="張先生", phone="0912000777").headers["Location"])
    assert "查詢碼" in page.text
    with runtime.store.session("douliu") as session:
        case = find_case(session, numbers(runtime, page.text))
        line = timeline.lines(session, case.number)[0]
    assert (case.channel, case.asset_number, case.phone, case.name) == (channel, "01234", "+886912000777", "張先生")
    assert (case.address, case.lon) == ("虎溪里 慶生路 128 號前", 120.5412)
    assert (line.actor_kind, line.actor) == ("staff", "lin.works")


def test_the_code_that_is_told_opens_the_case(clerk: FlaskClient, client: FlaskClient, runtime: Runtime) -> None:
    page = clerk.get(register(clerk).headers["Location"])
    number, code = numbers(runtime, page.text), re.search(r"查詢碼 (\w{6})", page.text)
    assert code
    shown = walk(client, client.get("/douliu/cases"), "/cases", number=number, code=code.group(1))
    assert "來電：入夜後不亮" in shown.text


def test_a_service_that_is_not_online_can_be_registered(clerk: FlaskClient, runtime: Runtime) -> None:
    offline = next(one for one in runtime.tenants["douliu"].services if not one.online and one.kind != "information")
    answer = register(clerk, service=offline.code, pole="", address="府文路 38 號")
    assert answer.status_code == 303


def test_a_caller_without_a_telephone_is_registered_too(clerk: FlaskClient, runtime: Runtime) -> None:
    page = clerk.get(register(clerk, phone="").headers["Location"])
    with runtime.store.session("douliu") as session:
        assert find_case(session, numbers(runtime, page.text)).phone is None


def test_sent_twice_is_one_case_and_changed_is_another(clerk: FlaskClient) -> None:
    page = clerk.get(NEW)
    places = [send(clerk, page, NEW, **CALL).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    assert send(clerk, page, NEW, **{**CALL, "description": "另一件"}).headers["Location"] != places[0]


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"channel": ""}, "channel"),
        ({"channel": "web"}, "channel"),
        ({"service": ""}, "service"),
        ({"service": "nothing"}, "service"),
        ({"service": "find_facility", "pole": ""}, "service"),
        ({"service": "pothole"}, "pole"),
        ({"pole": "99999"}, "pole"),
        ({"pole": "##"}, "pole"),
        ({"pole": "", "address": ""}, "address"),
        ({"description": ""}, "description"),
        ({"phone": "0912"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"language": "fr"}, "language"),
        ({"key": "short"}, "key"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    clerk: FlaskClient, runtime: Runtime, answers: dict[str, str], field: str
) -> None:
    answer = register(clerk, **answers)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "共 0" not in answer.text
    assert "DL-" not in clerk.get("/douliu/desk/?queue=open").text


def test_gis_being_down_does_not_stop_a_call(clerk: FlaskClient, runtime: Runtime) -> None:
    runtime.ask = silence  # type: ignore[assignment]
    assert register(clerk, pole="09999").status_code == 303


def test_only_staff_register_here(client: FlaskClient, desk: Desk) -> None:
    assert client.get(NEW).status_code == 302
    assert desk(tenant="anping").get(NEW).status_code == 403
    assert desk().post(NEW, data=CALL).status_code == 400


def test_the_desk_leads_here_with_a_key(clerk: FlaskClient) -> None:
    assert f'href="{NEW}" data-key="n"' in clerk.get("/douliu/desk/").text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.dictionaries(
        st.sampled_from(["key", "channel", "service", "pole", "address", "description", "name", "phone", "email", "x"]),
        st.text(max_size=200) | st.binary(max_size=50),
    )
)
def test_no_form_breaks_the_house(clerk: FlaskClient, fields: dict[str, Any]) -> None:
    assert register(clerk, **fields).status_code < 500
