"""The nearest assets: cells everywhere, PostGIS where it is, both held against looking at everything."""

from collections.abc import Callable, Sequence
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text

from chassis.runtime import Runtime
from chassis.store.tenancy import ScopedSession
from services.gis import geography
from services.gis.cells import DECIMALS
from services.gis.inventory import NewAsset, put
from services.gis.model import Asset
from services.gis.nearest import by_cells, nearest
from tests.gis.conftest import HERE, NOW, fill, lamp
from tests.gis.test_cells import by_vectors

Find = Callable[[ScopedSession, str, float, float, int], Sequence[Asset]]

SHARED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FEW = settings(SHARED, max_examples=40)
LON = st.floats(-180, 180).map(lambda degrees: round(degrees, DECIMALS))
LAT = st.floats(-90, 90).map(lambda degrees: round(degrees, DECIMALS))
PLACES = st.lists(st.tuples(LON, LAT), max_size=25)


def implementations(session: ScopedSession) -> list[Find]:
    return [by_cells, geography.nearest] if geography.present(session) else [by_cells]


def town(count: int) -> list[NewAsset]:
    """Lamps in clumps with empty ground between, some of them two on one pole."""
    dice = Random("town")
    clumps = [(dice.uniform(120.48, 120.64), dice.uniform(23.65, 23.77)) for _ in range(12)]
    places = [(dice.gauss(x, 0.004), dice.gauss(y, 0.004)) for x, y in dice.choices(clumps, k=count * 9 // 10)]
    places += dice.choices(places, k=count - len(places))
    return [lamp(f"{i:05d}", round(lon, DECIMALS), round(lat, DECIMALS)) for i, (lon, lat) in enumerate(places, 1)]


def looked_at_all(assets: Sequence[NewAsset], lon: float, lat: float, limit: int) -> list[str]:
    """The oracle."""
    return [
        one.number
        for one in sorted(assets, key=lambda one: (round(by_vectors(lon, lat, one.lon, one.lat), 4), one.number))
    ][:limit]


def test_both_find_what_looking_at_all_finds(gis: Runtime) -> None:
    everything = town(3000)
    fill(gis, *everything)
    near_town = st.tuples(st.floats(120.4, 120.7), st.floats(23.6, 23.8))

    @SHARED
    @given(near_town, st.integers(1, 40))
    @example((120.545, 23.71), 10)  # the corner of four cells
    @example((120.4, 23.6), 1)
    def check(here: tuple[float, float], limit: int) -> None:
        with gis.store.session("douliu") as session:
            for find in implementations(session):
                found = [asset.number for asset in find(session, "lamp", *here, limit)]
                assert found == looked_at_all(everything, *here, limit)

    check()


def test_they_agree_all_over_the_globe(gis: Runtime) -> None:
    @FEW
    @given(PLACES, LON, LAT, st.integers(1, 12))
    @example([(179.999, 10.0), (-179.999, 10.0), (0.0, 10.0)], 180.0, 10.0, 2)
    @example([(0.0, 89.99), (180.0, 89.99), (90.0, 89.9)], 0.0, 89.995, 2)
    @example([(0.0, -90.0), (120.0, -89.9999)], -60.0, -90.0, 1)
    @example([(120.0, 23.0)] * 5, 120.0, 23.0, 2)
    def check(places: list[tuple[float, float]], lon: float, lat: float, limit: int) -> None:
        everything = [lamp(f"{i:05d}", x, y) for i, (x, y) in enumerate(places)]
        with gis.store.session("douliu") as session:
            session.execute(delete(Asset))
            put(session, "lamp", everything, NOW)
            expected = looked_at_all(everything, lon, lat, limit)
            away = [by_vectors(lon, lat, *places[int(number)]) for number in expected]
            for find in implementations(session):
                found = find(session, "lamp", lon, lat, limit)
                # Which of two that are equally far to a tenth of a metre comes first is for rounding to say.
                assert [by_vectors(lon, lat, one.lon, one.lat) for one in found] == pytest.approx(away, abs=0.2)

    check()


def test_two_on_one_pole_come_by_number(gis: Runtime) -> None:
    fill(gis, *(lamp(f"{number:05d}") for number in range(40, 0, -1)), lamp("00000", HERE[0] + 0.001, HERE[1]))
    with gis.store.session("douliu") as session:
        for find in implementations(session):
            assert [one.number for one in find(session, "lamp", *HERE, 3)] == ["00001", "00002", "00003"]
            assert find(session, "lamp", *HERE, 41)[-1].number == "00000"


def test_metres_are_true(gis: Runtime) -> None:
    fill(gis, lamp("1", HERE[0], HERE[1] + 0.001), lamp("2", HERE[0] + 0.001, HERE[1]))
    with gis.store.session("douliu") as session:
        found = nearest(session, "lamp", *HERE, 5)
    # A thousandth of a degree is shorter to the east than to the north: by degrees they would be equally far.
    assert [(near.asset.number, round(near.metres, 1)) for near in found] == [("2", 101.8), ("1", 111.2)]


@pytest.mark.parametrize("away", [0, 1e-300, 1e-20, 1e-12, 1e-10, 1e-8])
@pytest.mark.parametrize("place", [(0.0, 0.0), (120.5431, 23.7118), (90.0, 0.0), (0.0, 90.0)])
def test_standing_almost_upon_it_finds_it(gis: Runtime, place: tuple[float, float], away: float) -> None:
    fill(gis, lamp("1", *place))
    with gis.store.session("douliu") as session:
        for here in ((place[0] + away, place[1]), (place[0], place[1] - away)):
            assert [round(near.metres, 1) for near in nearest(session, "lamp", *here, 1)] == [0.0]


def test_only_standing_ones_of_the_kind_and_the_office_count(gis: Runtime) -> None:
    fill(gis, lamp("1"), lamp("2"))
    fill(gis, lamp("3"), kind="park")
    fill(gis, lamp("4"), tenant="anping")
    with gis.store.session("douliu") as session:
        session.get_one(Asset, nearest(session, "lamp", *HERE, 1)[0].asset.id).removed_at = NOW
    with gis.store.session("douliu") as session:
        for find in implementations(session):
            assert [one.number for one in find(session, "lamp", *HERE, 10)] == ["2"]
    with gis.store.session("anping") as session:
        for find in implementations(session):
            assert [one.number for one in find(session, "lamp", *HERE, 10)] == ["4"]


def test_where_there_is_nothing_nothing_is_near(gis: Runtime) -> None:
    with gis.store.session("douliu") as session:
        for find in implementations(session):
            assert list(find(session, "park", *HERE, 10)) == []


@pytest.mark.parametrize(
    ("lon", "lat", "limit", "field"),
    [
        (181, 0, 1, "lon"),
        (float("nan"), 0, 1, "lon"),
        (0, -90.1, 1, "lat"),
        (0, float("inf"), 1, "lat"),
        (0, 0, 0, "limit"),
        (0, 0, 1001, "limit"),
    ],
)
def test_what_is_out_of_range_is_named(laptop: Runtime, lon: float, lat: float, limit: int, field: str) -> None:
    with laptop.store.session("douliu") as session, pytest.raises(ValueError, match=f"^{field}:"):
        nearest(session, "lamp", lon, lat, limit)


def test_postgis_answers_from_its_index(postgis: Runtime) -> None:
    fill(postgis, *town(5000))
    with postgis.store.session("douliu") as session:
        assert geography.present(session)
        session.execute(text("ANALYZE asset"))
        plan = session.scalars(
            text(
                "EXPLAIN SELECT * FROM asset WHERE tenant = 'douliu' AND kind = 'lamp' AND removed_at IS NULL"
                " ORDER BY place <-> ST_SetSRID(ST_MakePoint(120.5431, 23.7118), 4326)::geography LIMIT 11"
            )
        ).all()
    assert "Index Scan using asset_place_lamp" in "\n".join(plan)


def test_without_postgis_the_cells_answer(without_postgis: Runtime) -> None:
    everything = town(400)
    fill(without_postgis, *everything)
    with without_postgis.store.session("douliu") as session:
        assert not geography.present(session)
        found = [near.asset.number for near in nearest(session, "lamp", *HERE, 10)]
    assert found == looked_at_all(everything, *HERE, 10)
