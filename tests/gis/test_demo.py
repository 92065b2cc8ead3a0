"""Demo assets: the figures of the offices' reports (DL6, DL7, AP7, AP17), plausible places, the same at every call."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.tenants import Tenants
from services.gis import demo
from services.gis.demo import DemoAsset
from services.gis.demo_places import place
from services.gis.demo_streets import Street, distance, offset, shares, streets

LAMPS = {"douliu": 13_012, "shanlin": 2_300, "yanshui": 3_400, "anping": 4_100, "yangmei": 5_200}
VILLAGES = {"douliu": 39, "shanlin": 8, "yanshui": 13, "anping": 13, "yangmei": 41}
GENERATORS: tuple[Callable[[str], Iterable[DemoAsset]], ...] = (demo.lamps, demo.parks, demo.facilities)

every_office = pytest.mark.parametrize("office", LAMPS)


def assets(office: str) -> list[DemoAsset]:
    return [asset for generator in GENERATORS for asset in generator(office)]


@every_office
def test_as_many_lamps_as_the_office_has(office: str) -> None:
    assert sum(1 for _ in demo.lamps(office)) == LAMPS[office]


@every_office
def test_lamp_numbers_are_unique_five_digit_texts(office: str) -> None:
    numbers = [lamp["number"] for lamp in demo.lamps(office)]
    assert len(set(numbers)) == LAMPS[office]
    assert all(len(number) == 5 and number.isascii() and number.isdigit() for number in numbers)
    assert min(numbers) == "00001"


def test_lamp_01234_stands_in_qingsheng_road() -> None:
    (lamp,) = [lamp for lamp in demo.lamps("douliu") if lamp["number"] == "01234"]
    assert (lamp["village"], lamp["address"]) == ("虎溪里", "慶生路 128 號前")
    attributes = lamp["attributes"]
    assert (attributes["light"], attributes["watts"], attributes["changed"]) == ("LED", 60, "2021-03")


def test_neighbours_of_lamp_01234_stand_beside_it() -> None:
    by_number = {lamp["number"]: lamp for lamp in demo.lamps("douliu")}
    here, *beside = (by_number[number] for number in ("01234", "01233", "01235"))
    for lamp in beside:
        assert lamp["village"] == here["village"]
        assert distance((lamp["lon"], lamp["lat"]), (here["lon"], here["lat"])) < 40


@every_office
def test_everything_stands_inside_the_offices_bounding_box(office: str, offices: Tenants) -> None:
    west, south, east, north = offices[office].bounding_box
    found = assets(office)
    assert all(west < asset["lon"] < east and south < asset["lat"] < north for asset in found)
    ring = demo.outline(office)
    assert all(west <= lon <= east and south <= lat <= north for lon, lat in ring)


@every_office
def test_everything_stands_inside_the_outline(office: str) -> None:
    ring = demo.outline(office)
    assert ring[0] == ring[-1]
    outside = [asset for asset in assets(office) if not _inside(asset["lon"], asset["lat"], ring)]
    assert outside == []


@every_office
def test_every_village_has_lamps_and_nothing_stands_elsewhere(office: str) -> None:
    villages = {village.name for village in place(office).villages}
    assert len(villages) == VILLAGES[office]
    assert {lamp["village"] for lamp in demo.lamps(office)} == villages
    assert {asset["village"] for asset in assets(office)} == villages


def test_douliu_has_thirty_nine_villages_with_most_lamps_near_the_centre() -> None:
    lamps = list(demo.lamps("douliu"))
    centre = place("douliu").centre
    near = sum(distance((lamp["lon"], lamp["lat"]), centre) < 2_000 for lamp in lamps)
    # A circle of 2 km is an eighth of the city's 93.7 km².
    assert near > 2 * len(lamps) / 8


@every_office
def test_no_two_lamps_have_one_address(office: str) -> None:
    addresses = Counter((lamp["village"], lamp["address"]) for lamp in demo.lamps(office))
    assert addresses.most_common(1)[0][1] == 1


@every_office
def test_lamps_stand_at_the_kerb_of_their_road(office: str) -> None:
    lines: dict[str, list[Street]] = {}
    for street in streets(office):
        lines.setdefault(street.name, []).append(street)
    for lamp in list(demo.lamps(office))[::101]:
        spot = (lamp["lon"], lamp["lat"])
        pieces = lines[lamp["attributes"]["road"]]
        assert any(abs(_aside(spot, piece) - demo.KERB) < 0.5 for piece in pieces)


@every_office
@pytest.mark.parametrize("generator", [*GENERATORS, demo.roads, demo.outline])
def test_two_calls_give_the_same(office: str, generator: Callable[[str], Iterable[object]]) -> None:
    first, second = list(generator(office)), list(generator(office))
    assert first
    assert first == second


def test_changing_what_was_given_changes_nothing_for_the_next() -> None:
    for lamp in demo.lamps("shanlin"):
        lamp["attributes"].clear()
    assert next(iter(demo.lamps("shanlin")))["attributes"]["road"]


def test_parks_of_douliu_are_those_of_its_report() -> None:
    parks = [park["attributes"] for park in demo.parks("douliu")]
    assert len(parks) == 63
    assert sum(park["maintained"] for park in parks) == 47
    assert Counter(park["contract"] for park in parks) == {"mowing": 24, "cleaning": 21, None: 18}
    assert sum(park["insured"] for park in parks) == 41
    assert sum(park["area_m2"] for park in parks) == 347_923
    assert all(isinstance(park["area_m2"], int) and park["area_m2"] > 0 for park in parks)


@every_office
def test_parks_without_a_contract_are_open_for_adoption(office: str) -> None:
    for park in demo.parks(office):
        assert park["attributes"]["adoptable"] == (park["attributes"]["contract"] is None)


def test_anping_has_ten_adoption_sites_with_a_qr_sign_and_a_hundred_parking_spaces() -> None:
    signs = [park for park in demo.parks("anping") if park["attributes"]["qr_sign"]]
    assert len(signs) == 10
    assert all(park["attributes"]["adoptable"] for park in signs)
    assert sum(facility["attributes"].get("spaces", 0) for facility in demo.facilities("anping")) == 100


def test_douliu_has_sixteen_canteens_for_457_diners_and_29_activity_centres() -> None:
    kinds: dict[str, list[DemoAsset]] = {}
    for facility in demo.facilities("douliu"):
        kinds.setdefault(facility["attributes"]["facility"], []).append(facility)
    assert len(kinds["canteen"]) == 16
    assert sum(canteen["attributes"]["diners"] for canteen in kinds["canteen"]) == 457
    assert len(kinds["activity_centre"]) == 29
    assert {"aed", "accessible", "tree_burial"} <= kinds.keys()


@every_office
def test_parks_and_facilities_are_named_in_both_languages(office: str) -> None:
    for asset in (*demo.parks(office), *demo.facilities(office)):
        name = asset["name"]
        assert name is not None
        assert name.keys() == {"zh", "en"}
        assert all(name.values())


@every_office
def test_numbers_are_unique_within_a_kind(office: str) -> None:
    numbers = Counter((asset["kind"], asset["number"]) for asset in assets(office))
    assert numbers.most_common(1)[0][1] == 1


@every_office
def test_roads_carry_a_name_and_a_line(office: str) -> None:
    for road in demo.roads(office):
        assert road["name"]
        assert len(road["line"]) >= 2


def test_an_office_without_demo_data_is_named() -> None:
    with pytest.raises(LookupError, match="atlantis"):
        list(demo.lamps("atlantis"))
    with pytest.raises(LookupError, match="atlantis"):
        list(demo.parks("atlantis"))


@given(st.integers(0, 10**6), st.lists(st.floats(0.001, 1000), min_size=1, max_size=60))
def test_shares_sum_to_the_total_and_differ_less_than_one_from_the_exact_share(
    total: int, weights: list[float]
) -> None:
    found = shares(total, weights)
    assert sum(found) == total
    assert all(abs(share - total * weight / sum(weights)) <= 1 for share, weight in zip(found, weights, strict=True))


@given(st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_an_offset_is_as_far_away_as_it_says(east: float, north: float) -> None:
    origin = (120.541, 23.709)
    assert distance(origin, offset(origin, east, north)) == pytest.approx(math.hypot(east, north), abs=0.01)


def _inside(lon: float, lat: float, ring: list[list[float]]) -> bool:
    """Even-odd rule."""
    crossings = (
        (a[1] > lat) != (b[1] > lat) and lon < (b[0] - a[0]) * (lat - a[1]) / (b[1] - a[1]) + a[0]
        for a, b in pairwise(ring)
    )
    return sum(crossings) % 2 == 1


def _aside(spot: tuple[float, float], street: Street) -> float:
    """Metres from the nearest of the points that lie every metre along the street."""
    return min(distance(spot, street.beside(step, 0)) for step in range(int(street.metres) + 1))
