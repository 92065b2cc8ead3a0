"""Signing in to the desk: who may, who may not, where it leads, and how it ends."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chassis import clock
from chassis.runtime import Runtime
from chassis.store import EVERYWHERE
from services.intake import staff
from tests.intake.web.conftest import Desk, OpenCase
from tests.intake.web.pages import send, text

PASSWORD = "correct horse battery"
SIGN_IN = "/douliu/desk/sign-in"


@pytest.fixture(autouse=True)
def people(runtime: Runtime) -> None:
    rows = [("douliu", "lin.works", "林怡君", ["clerk"], "works"), (EVERYWHERE, "kuo.it", "郭", ["city_it"], None)]
    for tenant, username, name, roles, section in rows:
        with runtime.store.session(tenant) as session:
            staff.add(session, username, name=name, password=PASSWORD, roles=roles, now=clock.now(), section=section)


def enter(client: FlaskClient, username: str, password: str = PASSWORD, path: str = SIGN_IN) -> TestResponse:
    return send(client, client.get(path), "/sign-in", username=username, password=password)


def test_a_clerk_signs_in_and_out(client: FlaskClient) -> None:
    assert enter(client, "lin.works").headers["Location"] == "/douliu/desk/"
    page = client.get("/douliu/desk/")
    assert "林怡君" in page.text
    assert send(client, page, "/sign-out").headers["Location"] == "/douliu/"
    assert client.get("/douliu/desk/").status_code == 302


@pytest.mark.parametrize(("username", "password"), [("lin.works", "wrong password"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_look_alike(client: FlaskClient, username: str, password: str) -> None:
    answer = enter(client, username, password)
    assert answer.status_code == 422
    assert "帳號或密碼不對" in answer.text
    assert 'href="#username"' in answer.text
    assert client.get("/douliu/desk/").status_code == 302


def test_the_name_is_kept_and_the_password_is_not(client: FlaskClient) -> None:
    answer = enter(client, "lin.works", "wrong password")
    assert 'value="lin.works"' in answer.text
    assert "wrong password" not in answer.text


def test_five_wrong_passwords_close_the_account_for_a_while(client: FlaskClient) -> None:
    for _ in range(5):
        enter(client, "lin.works", "wrong password")
    answer = enter(client, "lin.works")
    assert answer.status_code == 422
    assert "試太多次了" in answer.text


@pytest.mark.parametrize("field", ["username", "password"])
def test_what_was_left_empty_is_named(client: FlaskClient, field: str) -> None:
    answer = send(client, client.get(SIGN_IN), "/sign-in", **{"username": "lin.works", "password": PASSWORD, field: ""})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_it_goes_on_where_somebody_wanted_to_be(client: FlaskClient) -> None:
    wanted = client.get("/douliu/desk/?queue=overdue").headers["Location"]
    assert enter(client, "lin.works", path=wanted).headers["Location"] == "/douliu/desk/?queue=overdue"


@pytest.mark.parametrize(
    "next_", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_it_never_leads_to_another_host(client: FlaskClient, next_: str) -> None:
    page = client.get(SIGN_IN, query_string={"next": next_})
    answer = send(client, page, "/sign-in", username="lin.works", password=PASSWORD)
    assert answer.headers["Location"] == "/douliu/desk/"


def test_another_offices_people_do_not_get_in(client: FlaskClient) -> None:
    assert enter(client, "lin.works", path="/anping/desk/sign-in").status_code == 422


def test_city_it_gets_to_the_operations_pages_and_to_no_desk(client: FlaskClient) -> None:
    answer = enter(client, "kuo.it")
    assert answer.headers["Location"] == "/intake/dead-letters"
    assert client.get("/intake/dead-letters").status_code == 200
    assert client.get("/douliu/desk/").status_code == 403


def test_without_the_safety_code_nothing_happens(client: FlaskClient) -> None:
    client.get(SIGN_IN)
    answer = client.post(SIGN_IN, data={"username": "lin.works", "password": PASSWORD})
    assert answer.status_code == 400
    assert "csrf_token" in answer.text


def test_a_session_that_ran_out_leads_to_the_sign_in_page(desk: Desk, open_case: OpenCase) -> None:
    number = open_case().case.number
    late = desk(ago=timedelta(hours=1))
    answer = late.get(f"/douliu/desk/cases/{number}")
    assert answer.headers["Location"].startswith(f"{SIGN_IN}?next=")
    token = late.get(SIGN_IN)
    refused = late.post(f"/douliu/desk/cases/{number}/take", data={"csrf_token": csrf(token.text), "version": 1})
    assert refused.status_code == 401
    assert SIGN_IN in refused.text


def test_demo_accounts_are_shown_only_when_they_are_there(client: FlaskClient, runtime: Runtime) -> None:
    page = text(client.get(SIGN_IN).text)
    assert "示範帳號" in page
    assert "lin.works" in page
    assert "chang.chief" not in page


def csrf(html: str) -> str:
    return html.partition('name="csrf_token" value="')[2].partition('"')[0]
