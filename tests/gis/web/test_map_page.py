"""The map page: complete without its map, in both languages."""

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.runtime import Runtime
from chassis.web.catalogs import untranslated
from services.gis.web.queries import LIST_PAGE
from tests.gis.conftest import HERE, fill, lamp
from tests.gis.web.conftest import read


def heading(page: str) -> str:
    return re.findall(r"<h1[^>]*>([^<]*)</h1>", page)[0].replace("\u00a0", " ")


def listed(page: str) -> list[str]:
    return re.findall(r'<a class="govuk-link strong" href="([^"]*)"', page)


def drawn(page: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(re.findall(r'<script type="application/json">(.*?)</script>', page)[0])
    return found


def test_every_text_has_its_english() -> None:
    assert untranslated("services.gis.web") == []


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("lamp", "4 盞路燈", "4 streetlights"),
        ("park", "1 座公園", "1 park"),
        ("facility", "1 處設施", "1 facility"),
    ],
)
def test_the_heading_counts(browser: FlaskClient, kind: str, zh: str, en: str) -> None:
    assert heading(read(browser, f"/douliu/map?kind={kind}")) == zh
    assert heading(read(browser, f"/douliu/map?kind={kind}&lang=en")) == en


def test_the_list_has_all_of_them_with_place_and_state(browser: FlaskClient) -> None:
    page = read(browser, "/douliu/map")
    assert listed(page) == [f"/douliu/assets/lamp/{number}" for number in ("01234", "01235", "01236", "12340")]
    assert "虎溪里 慶生路 128 號前" in page
    assert page.count("件報修") == 1
    assert "1\u00a0report open" in read(browser, "/douliu/map?lang=en")


def test_a_village_narrows_list_count_and_map(browser: FlaskClient) -> None:
    page = read(browser, "/douliu/map?village=三平里")
    assert heading(page) == "三平里：2 盞路燈"
    assert listed(page) == ["/douliu/assets/lamp/01236", "/douliu/assets/lamp/12340"]
    assert "village=" in drawn(page)["url"]
    assert '<option value="三平里" selected>' in page


def test_a_form_sent_blank_shows_all(browser: FlaskClient) -> None:
    assert heading(read(browser, "/douliu/map?kind=lamp&number=&village=")) == "4 盞路燈"


def test_a_box_narrows_the_same_way(browser: FlaskClient) -> None:
    page = read(browser, f"/douliu/map?bbox={HERE[0] - 0.001},23.7,{HERE[0] + 0.001},23.8")
    assert heading(page) == "這一區有 2 盞路燈"
    assert drawn(page)["bounds"] == [pytest.approx(120.5421), 23.7, pytest.approx(120.5441), 23.8]


def test_a_long_list_comes_in_pages_that_lead_both_ways(town: Runtime, browser: FlaskClient) -> None:
    fill(town, *(lamp(f"5{i:04d}") for i in range(LIST_PAGE)))
    first = read(browser, "/douliu/map")
    (following,) = re.findall(r'rel="next" href="([^"]*)"', first)
    second = read(browser, following.replace("&amp;", "&"))
    assert len(listed(first)) == LIST_PAGE
    assert len(set(listed(first) + listed(second))) == LIST_PAGE + 4
    assert 'rel="next"' not in second
    (back,) = re.findall(r'rel="prev" href="([^"]*)"', second)
    assert listed(read(browser, back.replace("&amp;", "&"))) == listed(first)


def test_the_map_is_told_where_to_get_its_points(browser: FlaskClient) -> None:
    data = drawn(read(browser, "/douliu/map"))
    assert data["url"] == "/douliu/assets/lamp.geojson"
    assert data["outline"]["features"][0]["geometry"]["type"] == "Polygon"
    assert browser.get(data["url"]).status_code == 200


def test_near_me_lists_by_distance(browser: FlaskClient) -> None:
    page = read(browser, f"/douliu/map?lon={HERE[0] + 0.0003}&lat={HERE[1]}")
    assert heading(page) == "離您最近的 4 盞路燈"
    assert listed(page)[:2] == ["/douliu/assets/lamp/01235", "/douliu/assets/lamp/01234"]
    assert "31\u00a0公尺" in page
    assert "2.0\u00a0公里" in page
    assert drawn(page)["found"] == [HERE[0] + 0.0003, HERE[1]]


def test_a_known_number_leads_straight_to_its_page(browser: FlaskClient) -> None:
    answer = browser.get("/douliu/map?number=路燈０１２３４")
    assert (answer.status_code, answer.location) == (302, "/douliu/assets/lamp/01234")


def test_an_unknown_number_is_answered_with_suggestions(browser: FlaskClient) -> None:
    page = read(browser, "/douliu/map?number=1234")
    assert "沒有這個號碼：1234。" in page
    assert '<a class="chip" href="/douliu/assets/lamp/01234">' in page
    assert "There is no such number: 1234." in read(browser, "/douliu/map?number=1234&lang=en")


def test_where_there_is_nothing_the_page_says_so(browser: FlaskClient) -> None:
    page = read(browser, "/yanshui/map?kind=park")
    assert heading(page) == "0 座公園"
    assert listed(page) == []


def test_the_neighbours_assets_stay_unseen(browser: FlaskClient) -> None:
    for query in ("", "?kind=park", "?village=虎溪里", f"?lon={HERE[0]}&lat={HERE[1]}", "?bbox=120,23,121,24"):
        assert not any("012" in href or "P001" in href for href in listed(read(browser, f"/anping/map{query}")))
    assert browser.get("/anping/map?number=01234").status_code == 200
    assert "虎溪里" not in read(browser, "/anping/map")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=tree", "kind"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=181,0,182,1", "bbox"),
        ("lon=120", "lat"),
        ("lon=abc&lat=1", "lon"),
        ("lon=nan&lat=1", "lon"),
        ("lon=0&lat=91", "lat"),
        ("village=" + "里" * 31, "village"),
        ("number=" + "1" * 101, "number"),
    ],
)
def test_what_is_wrong_is_named(browser: FlaskClient, query: str, field: str) -> None:
    answer = browser.get(f"/douliu/map?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["pointer"] == f"#/{field}"


def test_parameters_that_messengers_add_harm_nobody(browser: FlaskClient) -> None:
    assert heading(read(browser, "/douliu/map?fbclid=abc&utm_source=line")) == "4 盞路燈"


def test_bad_characters_are_refused(browser: FlaskClient) -> None:
    assert browser.get("/douliu/map?village=%00").status_code == 400
    assert browser.get("/douliu/map?village=%ff").status_code == 400
    assert browser.get("/atlantis/map").status_code == 404
