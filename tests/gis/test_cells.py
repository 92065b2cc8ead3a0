"""Boxes, cells and metres: the sphere, with its poles and its 180th meridian."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gis.cells import RADIUS, WORLD, Box, box_around, cell, cell_box, circle_box, metres

LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)


def by_vectors(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """The oracle: the angle between two vectors, which shares nothing with the haversine."""

    def vector(x: float, y: float) -> tuple[float, float, float]:
        east, north = math.radians(x), math.radians(y)
        return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)

    a, b = vector(lon, lat), vector(to_lon, to_lat)
    cross = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return RADIUS * math.atan2(math.hypot(*cross), sum(i * j for i, j in zip(a, b, strict=True)))


def holds(box: Box, lon: float, lat: float) -> bool:
    return box.south <= lat <= box.north and any(west <= lon <= east for west, east in box.spans())


@given(LON, LAT, LON, LAT)
def test_metres_are_those_of_the_sphere(lon: float, lat: float, to_lon: float, to_lat: float) -> None:
    # Near the antipodes the haversine loses some decimetres in twenty thousand kilometres.
    assert metres(lon, lat, to_lon, to_lat) == pytest.approx(by_vectors(lon, lat, to_lon, to_lat), rel=1e-7, abs=1e-3)


def test_a_known_distance() -> None:
    # Taipei 101 and Kaohsiung's 85 Sky Tower: 297.5 km on the ellipsoid, half a percent is the sphere's.
    assert metres(121.5645, 25.0340, 120.3001, 22.6117) == pytest.approx(297_500, rel=0.005)


@given(LON, LAT)
def test_a_point_lies_in_its_cell(lon: float, lat: float) -> None:
    box = cell_box(cell(lon), cell(lat))
    assert box.west - 1e-8 <= lon < box.east
    assert box.south - 1e-8 <= lat < box.north


def test_a_cell_owns_its_west_edge_and_not_its_east_one() -> None:
    assert [cell(i / 1000) for i in (120545, 120550)] == [24109, 24110]
    assert all(cell(round(i * 0.005, 7)) == i for i in range(-36000, 36001))


@given(LON, LAT, st.integers(0, 127))
def test_a_box_around_a_point_holds_it(lon: float, lat: float, reach: int) -> None:
    box = box_around(lon, lat, reach)
    assert holds(box._replace(west=box.west - 1e-8, south=box.south - 1e-8), lon, lat)


@given(LON, LAT, LON, LAT)
def test_nothing_within_the_radius_lies_outside_the_circles_box(
    lon: float, lat: float, to_lon: float, to_lat: float
) -> None:
    radius = metres(lon, lat, to_lon, to_lat)
    assert holds(circle_box(lon, lat, radius), to_lon, to_lat)


@given(st.floats(118, 123), st.floats(21, 27), st.floats(1, 50_000))
def test_the_circles_box_is_no_larger_than_it_must_be(lon: float, lat: float, radius: float) -> None:
    box = circle_box(lon, lat, radius)
    assert metres(lon, lat, lon, box.north) == pytest.approx(radius, rel=1e-5, abs=0.02)
    assert metres(lon, box.south, lon, lat) == pytest.approx(radius, rel=1e-5, abs=0.02)
    assert metres(lon, lat, box.east, lat) <= radius * 1.01 + 0.02


def test_across_the_180th_meridian_a_box_is_two_spans() -> None:
    assert list(Box(177, 65, -177, 70).spans()) == [(177, 180), (-180, -177)]
    assert list(Box(179.9, 0, 180.1, 1).spans()) == [(179.9, 180.0), (-180.0, pytest.approx(-179.9))]
    assert list(WORLD.spans()) == [(-180, 180)]


@given(st.integers(-36000, 35999), st.integers(-18000, 17999))
def test_the_box_of_one_cell_is_known_as_such_whatever_rounding_does(column: int, row: int) -> None:
    assert cell_box(column, row).one_cell
    assert not cell_box(column, row, 2).one_cell
