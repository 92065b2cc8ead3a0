"""The office's figures: who may see them, what they say, as page, CSV and JSON; and what everybody may read."""

import csv
from datetime import UTC, datetime, timedelta

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth

from chassis import clock
from chassis.runtime import Runtime
from chassis.web.staff import COOKIE, issue
from tests.survey.conftest import SignedIn, answer, identity, invited
from tests.survey.test_results import NOW, keep

PAGE = "/douliu/surveys/"
CSV = "/douliu/surveys/results.csv"
API = "/douliu/api/survey/v1/results"
PUBLIC = "/douliu/surveys/results"


@pytest.fixture
def answered(survey: Runtime, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    """On 20 November, Douliu: seven invited, five answered, two of them dissatisfied; Anping: one, dissatisfied."""
    for module in ("surveys", "api"):
        monkeypatch.setattr(f"services.survey.web.{module}.now", lambda: NOW)
    closed = NOW - timedelta(seconds=1)
    for number, level in enumerate([1, 2, 4, 5, 5, None, None]):
        keep(survey, number, level, closed_at=closed)
    keep(survey, 7, 1, tenant="anping", closed_at=closed)
    return survey


def text(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_data(as_text=True)


@pytest.mark.parametrize("role", ["chief", "head"])
def test_the_head_sees_figures_and_every_dissatisfied_answer(answered: Runtime, signed_in: SignedIn, role: str) -> None:
    found = text(signed_in("douliu", role), PAGE)
    assert "7 人中有 5 人" in found
    assert "71.4\u00a0%" in found
    assert '<span class="figure__value">60</span>' in found
    assert "95 % 區間 " in found
    assert 'href="/douliu/desk/cases/DO-0"' in found
    assert 'href="/douliu/desk/cases/DO-1"' in found
    assert "DO-2" not in found
    assert "不是隨機抽樣" in found
    assert '<rect width="40.0%"' in found
    assert "AN-7" not in found


def test_the_page_speaks_english(answered: Runtime, signed_in: SignedIn) -> None:
    found = text(signed_in(), f"{PAGE}?lang=en")
    assert "5 of 7 people" in found
    assert "not a random sample" in found
    assert "Very dissatisfied" in found


def test_an_office_without_answers_is_told_so(survey: Runtime, signed_in: SignedIn) -> None:
    found = text(signed_in(), PAGE)
    assert "還沒有邀請" in found
    assert "—" in found


@pytest.mark.parametrize("name", ["this_month", "last_month", "this_year"])
def test_a_period_can_be_chosen(answered: Runtime, signed_in: SignedIn, name: str) -> None:
    client = signed_in()
    keep(answered, 99, 3, closed_at=NOW - timedelta(days=23))
    whole = client.get(f"{API}?period={name}").get_json()
    assert whole["invited"] == {"this_month": 7, "last_month": 1, "this_year": 8}[name]
    assert f'href="{PAGE}?period={name}" aria-current="true"' in text(client, f"{PAGE}?period={name}")


@pytest.mark.parametrize("address", [PAGE, CSV, API])
def test_an_unknown_period_is_refused(survey: Runtime, signed_in: SignedIn, address: str) -> None:
    assert signed_in().get(f"{address}?period=forever").status_code == 400
    assert signed_in().get(f"{address}?year=2026").status_code == 400


@pytest.mark.parametrize("address", [PAGE, CSV])
def test_strangers_are_sent_to_the_sign_in(survey: Runtime, resident: FlaskClient, address: str) -> None:
    response = resident.get(address)
    assert (response.status_code, response.location) == (302, f"/douliu/desk/sign-in?next={address}")


@pytest.mark.parametrize("address", [PAGE, CSV, API])
def test_neighbours_and_clerks_are_kept_out(survey: Runtime, signed_in: SignedIn, address: str) -> None:
    assert signed_in("anping", "head").get(address).status_code == 403
    assert signed_in("douliu", "clerk").get(address).status_code == 403


def test_the_api_is_for_staff(survey: Runtime, resident: FlaskClient) -> None:
    response = resident.get(API)
    assert (response.status_code, response.mimetype) == (401, "application/problem+json")


def test_the_api_says_what_the_page_says(answered: Runtime, signed_in: SignedIn) -> None:
    found = signed_in().get(API).get_json()
    assert (found["invited"], found["answered"], found["growth"]) == (7, 5, None)
    assert found["levels"] == [{"level": n, "count": count} for n, count in enumerate([1, 1, 0, 1, 2], start=1)]
    assert found["response_rate"] == pytest.approx(5 / 7)
    assert found["score"]["value"] == pytest.approx(60)
    assert found["satisfied"]["value"] == pytest.approx(0.6)
    assert [service["code"] for service in found["services"]] == ["streetlight"]
    assert found["services"][0]["name"] == {"zh": "服務", "en": "Service"}


def test_the_document_describes_the_api(app: Flask) -> None:
    document = app.test_client().get("/survey/openapi.json").get_json()
    operation = document["paths"]["/{tenant}/api/survey/v1/results"]["get"]
    assert operation["security"] == [{"staff": []}]
    assert {one["name"] for one in operation["parameters"]} == {"tenant", "period"}


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_schemathesis_finds_no_lie(app: Flask, survey: Runtime, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi("/survey/openapi.json", app)
    schema.config.generation.update(with_security_parameters=False)  # the session is ours, and valid
    cookie = issue(survey, identity("douliu", "head"))
    for found in schema.get_all_operations():
        case_of = found.ok().as_strategy(generation_mode=mode)

        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=case_of)
        def as_documented(case: schemathesis.Case) -> None:
            case.call_and_validate(cookies={COOKIE: cookie}, excluded_checks=[ignored_auth])

        as_documented()


def test_the_csv_holds_the_counts(answered: Runtime, signed_in: SignedIn) -> None:
    response = signed_in().get(f"{CSV}?lang=en")
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="survey-douliu-')
    assert response.data.startswith("\ufeff".encode())
    rows = list(csv.reader(response.data.decode("utf-8-sig").splitlines()))
    assert rows[0][:5] == ["Code", "Service", "Invited", "Answered", "Very dissatisfied"]
    assert rows[1] == ["", "Total", "7", "5", "1", "1", "0", "1", "2", "60.0"]
    assert rows[2] == ["streetlight", "Service", "7", "5", "1", "1", "0", "1", "2", "60.0"]


def test_the_csv_cannot_act(survey: Runtime, signed_in: SignedIn) -> None:
    keep(survey, 1, 5, service="=cmd|' /C calc'!A0", closed_at=clock.now())
    rows = list(csv.reader(signed_in().get(f"{CSV}?period=this_year").data.decode("utf-8-sig").splitlines()))
    assert rows[2][0] == "'=cmd|' /C calc'!A0"


def quarter(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr("services.survey.web.surveys.now", lambda: now)


def test_everybody_reads_last_quarter_without_small_cells(
    survey: Runtime, resident: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = datetime(2026, 8, 5, tzinfo=UTC)
    for number, level in enumerate([1, 1] + [3] * 6 + [4] * 7 + [5] * 20):
        keep(survey, number, level, closed_at=closed)
    quarter(monkeypatch, datetime(2026, 10, 20, tzinfo=UTC))
    found = text(resident, PUBLIC)
    assert "20\u2002" in found
    assert found.count("不公布") == 2 + 1  # two cells, and the sentence
    assert "DO-" not in found
    english = text(resident, f"{PUBLIC}?lang=en")
    assert english.count("Not shown") == 2
    assert "not a random sample" in english


def test_nothing_is_published_while_it_can_still_move(
    survey: Runtime, resident: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        keep(survey, number, 5, closed_at=datetime(2026, 9, 30, 15, tzinfo=UTC))
    quarter(monkeypatch, datetime(2026, 10, 14, tzinfo=UTC))
    assert "還沒有足夠的回答" in text(resident, PUBLIC)
    quarter(monkeypatch, datetime(2026, 10, 15, tzinfo=UTC))
    assert "還沒有足夠的回答" not in text(resident, PUBLIC)


def test_four_answers_are_not_published(
    survey: Runtime, resident: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        keep(survey, number, 1, closed_at=datetime(2026, 8, 5, tzinfo=UTC))
    quarter(monkeypatch, datetime(2026, 10, 20, tzinfo=UTC))
    found = text(resident, PUBLIC)
    assert "還沒有足夠的回答" in found
    assert "figure__value" not in found


def test_an_answer_reaches_the_figures(survey: Runtime, resident: FlaskClient, signed_in: SignedIn) -> None:
    address = invited(survey, closed_at=clock.now() - timedelta(seconds=1))
    answer(resident, address, 1, reason="too_slow", comment="等了<b>兩個月</b>")
    found = text(signed_in(), f"{PAGE}?period=this_year")
    assert "花太久時間" in found
    assert "等了&lt;b&gt;兩個月&lt;/b&gt;" in found
