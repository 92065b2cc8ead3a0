"""Finding assets by number, box and village, on both stores."""

from collections.abc import Sequence

import pytest

from chassis.runtime import Runtime
from services.gis import assets
from services.gis.assets import Selection
from services.gis.cells import Box
from services.gis.model import Asset
from tests.gis.conftest import HERE, NOW, fill, lamp


def numbers(found: Sequence[Asset]) -> list[str]:
    return [asset.number for asset in found]


@pytest.mark.parametrize("written", ["01234", "０１２３４", "路燈 01234 號", "No. 01234"])
def test_a_lamp_is_found_however_its_number_is_written(gis: Runtime, written: str) -> None:
    fill(gis, lamp("01234", address="慶生路 128 號前"))
    with gis.store.session("douliu") as session:
        found = assets.find(session, "lamp", written)
    assert found is not None
    assert (found.number, found.address) == ("01234", "慶生路 128 號前")


def test_a_number_without_its_zeros_is_suggested_and_never_taken_silently(gis: Runtime) -> None:
    fill(gis, lamp("01234"), lamp("12340"))
    with gis.store.session("douliu") as session:
        assert assets.find(session, "lamp", "1234") is None
        assert numbers(assets.suggestions(session, "lamp", "1234"))[0] == "01234"


def test_suggestions_come_likeliest_first_and_at_most_five(gis: Runtime) -> None:
    fill(gis, *(lamp(f"{number:05d}") for number in (1243, 2134, 1274, 1239, 1235, 1230, 1334, 91234, 77777)))
    with gis.store.session("douliu") as session:
        found = numbers(assets.suggestions(session, "lamp", "01234"))
    assert found == ["01243", "02134", "01239", "01235", "01230"]


def test_where_nothing_looks_alike_the_neighbours_are_suggested(gis: Runtime) -> None:
    fill(gis, *(lamp(f"{number:05d}") for number in (13010, 13011, 13012)))
    with gis.store.session("douliu") as session:
        assert numbers(assets.suggestions(session, "lamp", "13024")) == ["13012", "13011"]
        assert numbers(assets.suggestions(session, "lamp", "99988")) == []
        assert numbers(assets.suggestions(session, "lamp", "P9")) == []


@pytest.mark.parametrize("number", ["", "路燈", "9" * 5000, "\x00", "\ud800", "' OR 1=1 --", "%"])
def test_what_is_no_number_finds_nothing(gis: Runtime, number: str) -> None:
    fill(gis, lamp("01234"))
    with gis.store.session("douliu") as session:
        assert assets.find(session, "lamp", number) is None
        assert isinstance(assets.suggestions(session, "lamp", number), list)


def test_kinds_have_numbers_of_their_own(gis: Runtime) -> None:
    fill(gis, lamp("001"))
    fill(gis, lamp("001", name_zh="人文公園"), kind="park")
    with gis.store.session("douliu") as session:
        found = assets.find(session, "park", "001")
        assert found is not None
        assert found.name == {"zh": "人文公園", "en": "人文公園"}
        assert assets.find(session, "facility", "001") is None
        with pytest.raises(ValueError, match="kind"):
            assets.find(session, "tree", "001")


def test_what_was_removed_is_not_found(gis: Runtime) -> None:
    fill(gis, lamp("01234"), lamp("01235"))
    with gis.store.session("douliu") as session:
        removed = assets.find(session, "lamp", "01234")
        assert removed is not None
        removed.removed_at = NOW
    with gis.store.session("douliu") as session:
        assert assets.find(session, "lamp", "01234") is None
        assert assets.count(session, Selection("lamp")) == 1
        assert numbers(assets.suggestions(session, "lamp", "01234")) == ["01235"]


def test_a_box_holds_what_lies_in_it_or_on_its_edge(gis: Runtime) -> None:
    fill(gis, *(lamp(f"{i:05d}", 120.5 + i / 100, 23.7) for i in range(10)))
    with gis.store.session("douliu") as session:
        box = Box(120.52, 23.69, 120.54, 23.7)
        assert numbers(assets.within(session, "lamp", box, 10)) == ["00002", "00003", "00004"]
        assert numbers(assets.within(session, "lamp", box, 2)) == ["00002", "00003"]
        assert numbers(assets.within(session, "lamp", Box(120, 23, 121, 23.6999), 10)) == []


def test_a_box_across_the_180th_meridian_holds_both_sides(gis: Runtime) -> None:
    fill(gis, lamp("1", 179.99, 65), lamp("2", -179.99, 65), lamp("3", 0, 65), lamp("4", 180, 65), lamp("5", -180, 65))
    with gis.store.session("douliu") as session:
        assert numbers(assets.within(session, "lamp", Box(177, 60, -177, 70), 10)) == ["1", "2", "4", "5"]
        assert numbers(assets.within(session, "lamp", Box(-180, -90, 180, 90), 10)) == ["1", "2", "3", "4", "5"]


def test_pages_follow_each_other_both_ways(gis: Runtime) -> None:
    fill(gis, *(lamp(f"{i:05d}") for i in range(1, 8)))
    chosen = Selection("lamp")
    with gis.store.session("douliu") as session:
        first = numbers(assets.page(session, chosen, 3))
        second = numbers(assets.page(session, chosen, 3, first[-1]))
        third = numbers(assets.page(session, chosen, 3, second[-1]))
        assert first + second + third == [f"{i:05d}" for i in range(1, 8)]
        assert assets.page_before(session, chosen, 3, first[0]) is None
        assert assets.page_before(session, chosen, 3, second[0]) == ""
        assert assets.page_before(session, chosen, 3, third[0]) == first[-1]


def test_villages_are_counted(gis: Runtime) -> None:
    fill(gis, lamp("1", village="虎溪里"), lamp("2", village="虎溪里"), lamp("3", village="三平里"), lamp("4"))
    with gis.store.session("douliu") as session:
        assert assets.villages(session, "lamp") == [("三平里", 1), ("虎溪里", 2)]
        assert assets.count(session, Selection("lamp", None, "虎溪里")) == 2


def test_the_extent_is_the_smallest_box(gis: Runtime) -> None:
    fill(gis, lamp("1", 120.51, 23.72), lamp("2", 120.53, 23.70))
    with gis.store.session("douliu") as session:
        assert assets.extent(session, Selection("lamp")) == Box(120.51, 23.70, 120.53, 23.72)
        assert assets.extent(session, Selection("park")) is None


def test_the_neighbours_assets_stay_unseen(gis: Runtime) -> None:
    fill(gis, lamp("01234", village="虎溪里"))
    everything = Box(-180, -90, 180, 90)
    with gis.store.session("anping") as session:
        assert assets.find(session, "lamp", "01234") is None
        assert assets.suggestions(session, "lamp", "1234") == []
        assert assets.within(session, "lamp", everything, 10) == []
        assert assets.count(session, Selection("lamp")) == 0
        assert assets.villages(session, "lamp") == []
        assert assets.extent(session, Selection("lamp")) is None


def test_two_offices_may_use_one_number(gis: Runtime) -> None:
    fill(gis, lamp("01234", address="慶生路"))
    fill(gis, lamp("01234", *HERE, address="安平路"), tenant="anping")
    with gis.store.session("anping") as session:
        found = assets.find(session, "lamp", "01234")
        assert found is not None
        assert found.address == "安平路"
