"""GeoJSON for maps: points while they are few, clusters when they are many, the background."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.runtime import Runtime
from tests.gis.conftest import HERE, fill, lamp


def features(browser: FlaskClient, address: str) -> list[dict[str, Any]]:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "application/geo+json"
    document = answer.get_json()
    assert document["type"] == "FeatureCollection"
    found: list[dict[str, Any]] = document["features"]
    return found


def test_few_assets_are_points_with_what_the_map_needs(browser: FlaskClient) -> None:
    reported, other, *_ = features(browser, "/douliu/assets/lamp.geojson")
    assert reported == {
        "type": "Feature",
        "id": "01234",
        "geometry": {"type": "Point", "coordinates": list(HERE)},
        "properties": {
            "number": "01234",
            "label": "01234 號路燈",
            "href": "/douliu/assets/lamp/01234",
            "address": "慶生路 128 號前",
            "village": "虎溪里",
            "tone": "late",
            "open_reports": 1,
        },
    }
    assert "tone" not in other["properties"]


def test_a_box_and_a_village_choose(browser: FlaskClient) -> None:
    box = f"{HERE[0]},{HERE[1]},{HERE[0] + 0.001},{HERE[1]}"
    upside_down = f"{HERE[0]},24,{HERE[0] + 0.001},23"
    for query in (f"bbox={box}", f"bbox={upside_down}", "village=虎溪里"):
        found = features(browser, f"/douliu/assets/lamp.geojson?{query}")
        assert [one["id"] for one in found] == ["01234", "01235"]
    assert features(browser, "/douliu/assets/lamp.geojson?bbox=-180,-90,-170,-80") == []


def test_many_assets_are_clusters_that_lead_to_their_part(town: Runtime, browser: FlaskClient) -> None:
    fill(town, *(lamp(f"5{i:04d}", 120.5 + i / 1000, 23.7) for i in range(100)))
    found = features(browser, "/douliu/assets/lamp.geojson?limit=20")
    assert len(found) <= 20
    assert sum(one["properties"]["count"] for one in found) == 104
    for one in found:
        assert one["properties"]["label"].endswith("盞路燈")
        page = browser.get(one["properties"]["href"]).get_data(as_text=True)
        assert f"這一區有 {one['properties']['label']}" in page


def test_a_single_square_is_never_a_cluster_of_itself(town: Runtime, browser: FlaskClient) -> None:
    fill(town, *(lamp(f"5{i:04d}") for i in range(30)))
    (cluster, *_) = features(browser, "/douliu/assets/lamp.geojson?limit=5&village=")
    box = cluster["properties"]["href"].partition("bbox=")[2].replace("%2C", ",")
    found = features(browser, f"/douliu/assets/lamp.geojson?limit=5&bbox={box}")
    assert all("number" in one["properties"] for one in found)
    assert len(found) == 5


def test_the_background_has_outline_and_roads_and_may_be_kept(browser: FlaskClient) -> None:
    found = features(browser, "/douliu/assets/background.geojson")
    assert {one["properties"]["layer"] for one in found} == {"outline", "road"}
    assert "max-age" in browser.get("/douliu/assets/background.geojson").headers["Cache-Control"]


def test_the_neighbours_assets_stay_unseen(browser: FlaskClient) -> None:
    assert [one["id"] for one in features(browser, "/anping/assets/lamp.geojson")] == ["09999"]
    assert features(browser, "/anping/assets/park.geojson") == []
    assert features(browser, "/anping/assets/lamp.geojson?village=虎溪里") == []
    assert features(browser, f"/anping/assets/lamp.geojson?bbox={HERE[0]},23,{HERE[0] + 1},24") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,3,4,5,6", "bbox"),
        ("bbox=1e1,2,3,4", "bbox"),
        ("limit=0", "limit"),
        ("limit=2001", "limit"),
        ("limit=many", "limit"),
        ("colour=red", "colour"),
        ("village=" + "里" * 31, "village"),
    ],
)
def test_what_is_wrong_is_named(browser: FlaskClient, query: str, field: str) -> None:
    answer = browser.get(f"/douliu/assets/lamp.geojson?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["errors"][0]["pointer"] == f"#/{field}"


def test_an_unknown_kind_or_office_is_not_found(browser: FlaskClient) -> None:
    assert browser.get("/douliu/assets/tree.geojson").status_code == 404
    assert browser.get("/atlantis/assets/lamp.geojson").status_code == 404
