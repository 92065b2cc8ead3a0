"""Coordinates: two systems and two orders, told apart by their ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gis.cells import metres
from services.gis.coordinates import from_twd97, point

TAICHUNG_TWD97 = (214924.1924, 2682213.1004)  # a pair published by Taichung City in both systems
TAICHUNG = (120.654590162, 24.2451180475)


def test_the_published_pair_is_met_to_a_millimetre() -> None:
    lon, lat = from_twd97(*TAICHUNG_TWD97)
    assert metres(lon, lat, *TAICHUNG) < 0.01
    assert (lon, lat) == (120.6545902, 24.2451181)


@pytest.mark.parametrize(
    ("pair", "swapped"),
    [
        (TAICHUNG, False),
        ((TAICHUNG[1], TAICHUNG[0]), True),
        (TAICHUNG_TWD97, False),
        ((TAICHUNG_TWD97[1], TAICHUNG_TWD97[0]), True),
    ],
)
def test_either_system_in_either_order_is_one_point(pair: tuple[float, float], swapped: bool) -> None:
    found = point(*pair)
    assert metres(found.lon, found.lat, *TAICHUNG) < 0.02
    assert found.swapped is swapped


@given(st.floats(119.9, 122.1), st.floats(21.9, 25.4))
def test_within_taiwan_the_order_never_matters(lon: float, lat: float) -> None:
    there, back = point(lon, lat), point(lat, lon)
    assert there[:2] == back[:2]
    assert (there.swapped, back.swapped) == (False, True)


@pytest.mark.parametrize(
    "pair",
    [(0, 0), (120.5, 0), (0, 23.7), (-120.5, 23.7), (139.7, 35.7), (120.5, 120.5), (23.7, 23.7), (1e308, 1e308)],
)
def test_what_is_not_in_taiwan_is_refused(pair: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="neither WGS84 degrees nor TWD97 metres"):
        point(*pair)
