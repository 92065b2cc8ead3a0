"""The JSON API: by number, by nearness; strict, documented, one office at a time."""

import pytest
from flask.testing import FlaskClient

from tests.gis.conftest import HERE


def test_a_lamp_by_its_number(browser: FlaskClient) -> None:
    answer = browser.get("/douliu/api/gis/v1/assets/lamp/01234")
    assert answer.status_code == 200
    told = answer.get_json()
    assert told.pop("updated_at").startswith("2026-11-20T04:00:00")
    assert told == {
        "number": "01234",
        "name": None,
        "lon": HERE[0],
        "lat": HERE[1],
        "address": "慶生路 128 號前",
        "village": "虎溪里",
        "kind": "lamp",
        "attributes": {
            "light": "LED",
            "watts": 60,
            "changed": "2021-03",
            "height_m": 8,
            "road": "慶生路",
            "house": 128,
        },
        "open_reports": 1,
        "reports_this_year": 1,
        "version": 1,
        "url": "http://127.0.0.1:8000/douliu/assets/lamp/01234",
    }


def test_an_unknown_number_is_a_problem_with_suggestions(browser: FlaskClient) -> None:
    answer = browser.get("/douliu/api/gis/v1/assets/lamp/1234", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    told = answer.get_json()
    assert (told["status"], told["detail"]) == (404, "There is no such number: 1234.")
    assert told["errors"][0]["pointer"] == "#/number"
    assert told["suggestions"][0]["number"] == "01234"


def test_the_nearest_with_metres(browser: FlaskClient) -> None:
    answer = browser.get(f"/douliu/api/gis/v1/assets/lamp?near={HERE[0]},{HERE[1]}&limit=2")
    assert [(one["number"], one["metres"]) for one in answer.get_json()] == [("01234", 0.0), ("01235", 30.5)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "near"),
        ("near=1", "near"),
        ("near=23,120.5,1", "near"),
        ("near=20,120.5", "near"),
        ("near=abc,def", "near"),
        ("near=120.5,23.7&limit=0", "limit"),
        ("near=120.5,23.7&limit=101", "limit"),
        ("near=120.5,23.7&radius=5", "radius"),
    ],
)
def test_what_is_wrong_is_named(browser: FlaskClient, query: str, field: str) -> None:
    answer = browser.get(f"/douliu/api/gis/v1/assets/lamp?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["pointer"] == f"#/{field}"


def test_the_neighbours_assets_stay_unseen(browser: FlaskClient) -> None:
    assert browser.get("/anping/api/gis/v1/assets/lamp/01234").get_json()["suggestions"] == []
    assert browser.get("/anping/api/gis/v1/assets/lamp/1234").get_json()["suggestions"] == []
    near = browser.get(f"/anping/api/gis/v1/assets/lamp?near={HERE[0]},{HERE[1]}").get_json()
    assert [one["number"] for one in near] == ["09999"]
    assert browser.get("/anping/api/gis/v1/assets/park/P001").status_code == 404


def test_every_operation_is_documented(browser: FlaskClient) -> None:
    document = browser.get("/gis/openapi.json").get_json()
    assert set(document["paths"]) == {
        "/{tenant}/api/gis/v1/assets/{kind}",
        "/{tenant}/api/gis/v1/assets/{kind}/{number}",
        "/{tenant}/assets/{kind}.geojson",
        "/{tenant}/assets/background.geojson",
    }


def test_the_service_is_ready_where_its_store_is(browser: FlaskClient) -> None:
    assert browser.get("/gis/health/ready").get_json()["missing"] == {}
