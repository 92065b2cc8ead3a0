"""Clusters: every asset counted once, few enough for a browser."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from chassis.runtime import Runtime
from services.gis import assets
from services.gis.assets import Selection
from services.gis.cells import Box
from services.gis.clusters import clusters
from services.gis.inventory import put
from services.gis.model import Asset
from tests.gis.conftest import NOW, fill, lamp

DEGREES = st.integers(0, 2_000_000).map(lambda tenths_of_a_micro: tenths_of_a_micro / 10_000_000)
EDGES = st.integers(0, 40).map(lambda cells: cells / 200)
AWAY = DEGREES | EDGES
PLACE = st.tuples(AWAY, AWAY).map(lambda away: (round(120.5 + away[0], 7), round(23.6 + away[1], 7)))
PLACES = st.lists(PLACE, max_size=60)


def test_every_asset_is_counted_once_in_at_most_so_many_clusters(gis: Runtime) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(PLACES, st.integers(1, 30))
    def check(places: list[tuple[float, float]], most: int) -> None:
        with gis.store.session("douliu") as session:
            session.execute(delete(Asset))
            put(session, "lamp", [lamp(f"{i:05d}", *place) for i, place in enumerate(places)], NOW)
            found = clusters(session, Selection("lamp"), most)
            assert len(found) <= most
            assert sum(cluster.size for cluster in found) == len(places)
            for cluster in found:
                inside = [place for place in places if _holds(cluster.box, *place)]
                assert len(inside) == cluster.size
                assert cluster.box.west - 1e-6 <= cluster.lon <= cluster.box.east + 1e-6

    check()


def _holds(box: Box, lon: float, lat: float) -> bool:
    return box.west <= lon <= box.east and box.south <= lat <= box.north


def test_squares_are_as_small_as_the_number_allows(gis: Runtime) -> None:
    fill(gis, *(lamp(f"{i}", 120.501 + i * 0.005, 23.701) for i in range(8)))
    with gis.store.session("douliu") as session:
        assert [cluster.size for cluster in clusters(session, Selection("lamp"), 8)] == [1] * 8
        assert [cluster.size for cluster in clusters(session, Selection("lamp"), 7)] == [2] * 4
        assert [cluster.size for cluster in clusters(session, Selection("lamp"), 1)] == [8]


def test_a_cluster_leads_to_its_own_assets(gis: Runtime) -> None:
    fill(gis, *(lamp(f"{i}", 120.501 + i * 0.005, 23.701) for i in range(8)))
    with gis.store.session("douliu") as session:
        for cluster in clusters(session, Selection("lamp"), 3):
            assert len(assets.within(session, "lamp", cluster.box, 10)) == cluster.size


def test_the_neighbour_has_no_clusters(gis: Runtime) -> None:
    fill(gis, lamp("1"))
    with gis.store.session("anping") as session:
        assert clusters(session, Selection("lamp"), 10) == []
