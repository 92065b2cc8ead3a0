"""An asset's page, its QR code, and the short address in it."""

import pytest
from flask.testing import FlaskClient

from chassis.runtime import Runtime
from tests.gis.conftest import case_event, worker
from tests.gis.web.conftest import read


def test_a_lamps_page_says_what_it_is_where_it_stands_and_how_to_report_it(browser: FlaskClient) -> None:
    page = read(browser, "/douliu/assets/lamp/01234")
    for part in (
        "01234 號路燈",
        "虎溪里 慶生路 128 號前",
        "LED",
        "60\u00a0W",
        "8\u00a0公尺",
        "2021-03",
        "120.543100, 23.711800",
        "已有 1\u00a0件報修",
        'href="/douliu/services/streetlight?pole=01234"',
        'src="/douliu/assets/lamp/01234/qr.svg"',
        'href="/douliu/assets/lamp/01235"',
    ):
        assert part in page, part
    assert "DL-115" not in page, "a case number is between its sender and the office"


def test_it_speaks_english(browser: FlaskClient) -> None:
    page = read(browser, "/douliu/assets/lamp/01234?lang=en")
    for part in ("Streetlight 01234", "Report this streetlight", "1\u00a0report open", "8\u00a0m", "Light fitted"):
        assert part in page, part


def test_history_tells_what_was_reported_within_a_year(town: Runtime, browser: FlaskClient) -> None:
    worker(town).on_case_closed(case_event(version=2, closed="2026-11-19T20:00:00Z"))
    page = read(browser, "/douliu/assets/lamp/01234")
    assert "已結案" in page
    assert "月\u00a020\u00a0日（五）結案" in page.replace(" ", "\u00a0")
    assert "件報修</strong>" not in page
    assert "一年內沒有人報修。" in read(browser, "/douliu/assets/lamp/01235")


def test_a_park_has_its_name_in_the_pages_language(browser: FlaskClient) -> None:
    page = read(browser, "/douliu/assets/park/P001")
    assert "人文公園" in page
    assert "2,424\u00a0平方公尺" in page
    assert 'href="/douliu/services/park_repair"' in page
    english = read(browser, "/douliu/assets/park/P001?lang=en")
    assert "<h1" in english
    assert "Renwen Park</h1>" in english
    assert "Liability insurance" in english


def test_a_facilitys_type_is_said_in_words(browser: FlaskClient) -> None:
    assert "Defibrillator (AED)" in read(browser, "/douliu/assets/facility/F001?lang=en")


def test_a_number_written_otherwise_leads_to_the_one_address(browser: FlaskClient) -> None:
    answer = browser.get("/douliu/assets/park/p001")
    assert (answer.status_code, answer.location) == (302, "/douliu/assets/park/P001")


def test_an_unknown_number_is_404_with_suggestions(browser: FlaskClient) -> None:
    page = read(browser, "/douliu/assets/lamp/1234", 404)
    assert 'href="/douliu/assets/lamp/01234"' in page
    assert "慶生路 128 號前" in page
    assert "Please look at the plate again." in read(browser, "/douliu/assets/lamp/1234?lang=en", 404)


@pytest.mark.parametrize(
    "path", ["lamp/09999", "lamp/09999/qr.svg", "tree/1", "lamp/" + "1" * 3000, "lamp/%00", "lamp/%ff"]
)
def test_what_is_not_there_is_not_found(browser: FlaskClient, path: str) -> None:
    assert browser.get(f"/douliu/assets/{path}").status_code in (400, 404)


def test_the_neighbours_lamp_stays_unseen(browser: FlaskClient) -> None:
    assert "安平路" in read(browser, "/anping/assets/lamp/09999")
    page = read(browser, "/anping/assets/lamp/01234", 404)
    assert "慶生路" not in page
    assert browser.get("/anping/assets/lamp/01234/qr.svg").status_code == 404


def test_short_addresses_lead_to_the_map(browser: FlaskClient) -> None:
    assert browser.get("/douliu/assets").location == "/douliu/map"
    assert browser.get("/douliu/assets/").location == "/douliu/map"
    assert browser.get("/douliu/assets/park").location == "/douliu/map?kind=park"


def test_the_qr_code_is_a_picture(browser: FlaskClient) -> None:
    answer = browser.get("/douliu/assets/lamp/01234/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.data.startswith(b"<svg")
    assert b">01234</text>" in answer.data


@pytest.mark.parametrize(("number", "pole"), [("01234", "01234"), ("０１２３４", "01234"), ("99999", "99999")])
def test_the_qr_address_leads_to_the_form_with_the_pole_filled_in(browser: FlaskClient, number: str, pole: str) -> None:
    answer = browser.get(f"/l/douliu/{number}")
    assert (answer.status_code, answer.location) == (302, f"/douliu/services/streetlight?pole={pole}")


@pytest.mark.parametrize("path", ["/l/atlantis/01234", "/l/douliu/" + "1" * 21, "/l/douliu/---", "/l/douliu"])
def test_a_qr_address_that_can_be_none_is_not_found(browser: FlaskClient, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_the_qr_address_needs_no_store(town: Runtime, browser: FlaskClient) -> None:
    town.store.close()
    with town.store.engine.connect():  # SQLite's one connection is taken: any use of the store would wait
        assert browser.get("/l/douliu/01234").status_code == 302
