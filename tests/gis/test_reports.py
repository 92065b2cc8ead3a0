"""Which assets are reported: whatever order events come in, and however often."""

from datetime import timedelta
from itertools import permutations

from sqlalchemy import select

from chassis.runtime import Runtime
from services.gis import reports
from services.gis.inbox import Case
from services.gis.model import AssetCase
from tests.gis.conftest import NOW

OPENED = NOW - timedelta(days=3)
STORY = (
    Case(number="A", version=1, status="received", asset_kind="lamp", asset_number="01234", opened_at=OPENED),
    Case(
        number="A",
        version=2,
        status="closed",
        asset_kind="lamp",
        asset_number="01234",
        opened_at=OPENED,
        closed_at=NOW,
    ),
    Case(number="A", version=3, status="in_progress", asset_kind="lamp", asset_number="01235", opened_at=OPENED),
)


def state(runtime: Runtime, tenant: str = "douliu") -> list[tuple[object, ...]]:
    with runtime.store.session(tenant) as session:
        rows = session.scalars(select(AssetCase).order_by(AssetCase.case_number)).all()
        return [(row.case_number, row.kind, row.number, row.version, row.status, row.closed_at) for row in rows]


def tell(runtime: Runtime, *told: Case, tenant: str = "douliu") -> None:
    for case in told:
        with runtime.store.session(tenant) as session:
            reports.remember(session, case)


def test_every_order_and_any_repetition_ends_in_the_same_state(gis: Runtime) -> None:
    for i, order in enumerate(permutations(STORY)):
        renamed = [case.model_copy(update={"number": f"A{i}"}) for case in order]
        tell(gis, *renamed, *reversed(renamed), renamed[0])
    assert {row[1:] for row in state(gis)} == {("lamp", "01235", 3, "in_progress", None)}
    assert len(state(gis)) == 6


def test_a_case_that_left_its_lamp_does_not_come_back_with_an_old_event(gis: Runtime) -> None:
    left = Case(number="A", version=4, status="in_progress", opened_at=OPENED)
    tell(gis, left, *STORY)
    assert state(gis) == [("A", None, None, 4, "in_progress", None)]


def test_history_tells_the_open_ones_and_those_of_a_year(gis: Runtime) -> None:
    def case(number: str, days: int, closed: bool) -> Case:
        opened = NOW - timedelta(days=days)
        ended = opened + timedelta(days=1) if closed else None
        return Case(
            number=number,
            version=1,
            status="x",
            asset_kind="lamp",
            asset_number="01234",
            opened_at=opened,
            closed_at=ended,
        )

    tell(gis, case("A", 1, False), case("B", 100, True), case("C", 366, True), case("D", 400, False))
    with gis.store.session("douliu") as session:
        known = reports.history(session, "lamp", "路燈 01234", NOW)
        assert [one.case_number for one in known.open] == ["A", "D"]
        assert [one.case_number for one in known.within_a_year] == ["A", "B"]
        assert reports.history(session, "lamp", "1234", NOW) == reports.History([], [])
        assert reports.history(session, "park", "01234", NOW) == reports.History([], [])


def test_a_number_written_in_full_width_is_the_same_lamp(gis: Runtime) -> None:
    tell(gis, STORY[0].model_copy(update={"asset_number": "０１２３４"}))
    with gis.store.session("douliu") as session:
        assert reports.reported(session, "lamp", ["01234", "01235"]) == {"01234": 1}


def test_the_neighbours_cases_stay_unseen(gis: Runtime) -> None:
    tell(gis, STORY[0])
    with gis.store.session("anping") as session:
        assert reports.history(session, "lamp", "01234", NOW).open == []
        assert reports.reported(session, "lamp", ["01234"]) == {}
    tell(gis, STORY[1], tenant="anping")
    assert state(gis)[0][3] == 1
    assert state(gis, "anping")[0][3] == 2
