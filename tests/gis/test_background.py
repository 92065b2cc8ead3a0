"""What maps are drawn on."""

from chassis import tenants
from services.gis.background import background, sketch
from services.gis.cells import Box
from tests.servers import ROOT

OFFICES = tenants.load(ROOT / "deploy" / "tenants")


def test_an_office_has_its_outline_and_roads() -> None:
    features = background(OFFICES["douliu"])["features"]
    outline, *roads = features
    assert outline["geometry"]["type"] == "Polygon"
    assert outline["geometry"]["coordinates"][0][0] == outline["geometry"]["coordinates"][0][-1]
    assert len(roads) > 100
    assert all(road["properties"]["layer"] == "road" and road["properties"]["name"] for road in roads)


def test_a_part_has_only_the_roads_that_touch_it() -> None:
    part = Box(120.54, 23.70, 120.55, 23.71)
    lines = sketch(OFFICES["douliu"], part)["features"][1]["geometry"]["coordinates"]
    assert 0 < len(lines) < len(background(OFFICES["douliu"])["features"])
    for line in lines:
        assert min(x for x, _ in line) <= part.east
        assert max(x for x, _ in line) >= part.west


def test_an_office_without_known_roads_has_its_box() -> None:
    office = OFFICES["douliu"].model_copy(update={"code": "atlantis"})
    (outline,) = sketch(office)["features"]
    west, south, east, north = office.bounding_box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    assert outline["geometry"]["coordinates"] == [ring]
