"""A resident's report, step by step. gis is played by a stand-in; its silence too."""

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.runtime import Runtime
from chassis.web.catalogs import untranslated
from services.intake import attachments
from services.intake.cases import find_case
from tests.intake.web.conftest import LAMP, silence
from tests.intake.web.pages import code_of, number_of, photo, report, send, text, walk


def test_a_lamp_is_reported_in_three_steps(client: FlaskClient, runtime: Runtime) -> None:
    done = report(client)
    with runtime.store.session("douliu") as session:
        case = find_case(session, number_of(done))
    assert (case.asset_number, case.address, case.phone) == ("01234", "虎溪里 慶生路 128 號前", "+886912000345")
    assert case.lon == LAMP["lon"]
    assert len(code_of(done.text)) == 6


def test_the_lamp_is_shown_before_anything_is_sent(client: FlaskClient) -> None:
    page = client.get("/douliu/services/streetlight/apply?pole=01234")
    assert "找到了：01234 號路燈" in page.text
    assert "慶生路 128 號前" in page.text
    answer = client.get("/douliu/services/streetlight/apply/pole.json?number=０１２３４")
    assert answer.json is not None
    assert answer.json["detail"] == "LED 60 W"


def test_a_number_nobody_knows_is_said_with_suggestions(client: FlaskClient) -> None:
    start = client.get("/douliu/services/streetlight/apply")
    page = send(client, start, "/apply", pole="01243")
    assert page.status_code == 422
    assert "沒有 01243 號路燈" in page.text
    assert "pole=01234" in page.text
    assert client.get("/douliu/services/streetlight/apply/pole.json?number=1").status_code == 404


def test_gis_being_down_does_not_stop_a_report(client: FlaskClient, runtime: Runtime) -> None:
    runtime.ask = silence  # type: ignore[assignment]
    done = report(client, pole="09999")
    with runtime.store.session("douliu") as session:
        assert find_case(session, number_of(done)).asset_number == "09999"
    assert client.get("/douliu/services/streetlight/apply/pole.json?number=09999").status_code == 503


def test_sent_twice_is_one_case(client: FlaskClient, runtime: Runtime) -> None:
    done = report(client)
    check = done.request.path.replace("/done", "/check")
    again = client.get(check)
    assert again.headers["Location"].endswith("/done")
    assert number_of(client.get(again.headers["Location"])) == number_of(done)


def test_a_place_in_words_will_do_when_the_number_is_not_known(client: FlaskClient, runtime: Runtime) -> None:
    page = client.get("/douliu/services/streetlight/apply?by=place")
    page = walk(client, page, "/apply", address="慶生路口便利商店旁")
    page = walk(client, page, "/contact", description="不亮", name="王", phone="0912000345")
    done = walk(client, page, "/check")
    with runtime.store.session("douliu") as session:
        assert find_case(session, number_of(done)).address == "慶生路口便利商店旁"


def test_wrong_answers_are_named_beside_their_fields_and_kept(client: FlaskClient) -> None:
    page = walk(client, client.get("/douliu/services/streetlight/apply"), "/apply", pole="01234")
    answer = send(client, page, "/contact", description="入夜後不亮", name="", phone="0912")
    assert answer.status_code == 422
    for sentence in ("請填姓名", 'href="#name"', "入夜後不亮"):
        assert sentence in answer.text
    answer = send(client, page, "/contact", description="入夜後不亮", name="王", phone="0912")
    assert 'href="#phone"' in answer.text


def test_everything_that_is_wrong_is_said_at_once(client: FlaskClient) -> None:
    page = walk(client, client.get("/douliu/services/streetlight/apply"), "/apply", pole="01234")
    answer = send(client, page, "/contact", description="", name="", phone="0912", email="")
    for field in ("description", "name", "phone"):
        assert f'href="#{field}"' in answer.text
    answer = send(client, page, "/contact", description="不亮", name="王", phone="0912000345", email="wang")
    assert 'href="#email"' in answer.text


@pytest.mark.parametrize("pole", ["##", "01234; x", "０１２３４ 號"])
def test_a_number_that_cannot_be_one_is_refused_even_when_gis_is_down(
    client: FlaskClient, runtime: Runtime, pole: str
) -> None:
    runtime.ask = silence  # type: ignore[assignment]
    answer = send(client, client.get("/douliu/services/streetlight/apply"), "/apply", pole=pole)
    assert answer.status_code == 422
    assert "燈桿號碼是數字" in answer.text


def test_full_width_digits_are_the_same_number(client: FlaskClient, runtime: Runtime) -> None:
    runtime.ask = silence  # type: ignore[assignment]
    number = number_of(report(client, pole="０９９９９"))
    with runtime.store.session("douliu") as session:
        assert find_case(session, number).asset_number == "09999"


def test_a_photo_sent_with_the_report_is_with_the_case(client: FlaskClient, runtime: Runtime) -> None:
    page = walk(client, client.get("/douliu/services/streetlight/apply"), "/apply", pole="01234")
    answers = {"description": "不亮", "name": "王", "phone": "0912000345", "files": (photo(), "路燈.jpg")}
    page = walk(client, page, "/contact", **answers)
    assert "路燈.jpg" in page.text
    again = client.get(page.request.path.replace("/check", "/contact"))
    assert "已附上：路燈.jpg" in again.text
    number = number_of(walk(client, page, "/check"))
    with runtime.store.session("douliu") as session:
        assert [one.name for one in attachments.of_case(session, number)] == ["路燈.jpg"]


def test_what_is_no_photo_is_refused_with_the_report(client: FlaskClient) -> None:
    page = walk(client, client.get("/douliu/services/streetlight/apply"), "/apply", pole="01234")
    answers = {"description": "不亮", "name": "王", "phone": "0912000345", "files": (io.BytesIO(b"MZ"), "lamp.jpg")}
    answer = send(client, page, "/contact", **answers)
    assert answer.status_code == 422
    assert "只收 JPEG" in answer.text


def test_a_later_step_asks_for_the_earlier_one(client: FlaskClient) -> None:
    page = walk(client, client.get("/douliu/services/streetlight/apply"), "/apply", pole="01234")
    check = page.request.path.replace("/contact", "/check")
    assert client.get(check).headers["Location"].endswith("/contact")


def test_every_text_has_its_english() -> None:
    assert untranslated("services.intake.web") == []


def test_english_has_its_singular_and_its_plural(client: FlaskClient) -> None:
    page = text(client.get("/douliu/services?lang=en").text)
    assert "1 working day " in page
    assert "3 working days" in page
    assert not re.search(r"[\u4e00-\u9fff]", page.replace("中文", ""))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/douliu/",
        "/douliu/services",
        "/douliu/services/streetlight",
        "/douliu/services/streetlight/apply",
        "/douliu/services/streetlight/apply?by=place",
        "/douliu/services/find_facility",
        "/douliu/services/mayor_mailbox/apply",
        "/douliu/cases",
        "/douliu/notices/0",
        "/douliu/desk/sign-in",
    ],
)
@pytest.mark.parametrize("lang", ["zh-Hant", "en"])
def test_pages_are_there_in_both_languages(client: FlaskClient, path: str, lang: str) -> None:
    page = client.get(path, query_string={"lang": lang} if "?" not in path else None)
    assert page.status_code == 200
    if "?" not in path:
        assert f'<html class="govuk-template" lang="{lang}">' in page.text


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/douliu/services/none", "/douliu/notices/99", "/douliu/services/none/apply"]
)
def test_what_is_not_there_is_a_page_that_says_so(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_qr_code_leads_to_the_form_with_its_number(client: FlaskClient) -> None:
    answer = client.get("/douliu/services/streetlight?pole=01234")
    assert answer.headers["Location"].endswith("/apply?pole=01234")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.dictionaries(
        st.sampled_from(["pole", "address", "description", "name", "phone", "email", "version", "extra"]),
        st.text(max_size=200) | st.binary(max_size=50),
    ),
    step=st.sampled_from(["apply", "contact", "check"]),
)
def test_no_form_breaks_the_house(client: FlaskClient, fields: dict[str, Any], step: str) -> None:
    page = walk(client, client.get("/douliu/services/streetlight/apply"), "/apply", pole="01234")
    base = page.request.path.rpartition("/")[0]
    path = "/douliu/services/streetlight/apply" if step == "apply" else f"{base}/{step}"
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    answer = client.post(path, data={**fields, "csrf_token": token.group(1)})
    assert answer.status_code < 500
