"""gis on the bus: handlers in any order, questions and their answers, and the wall between offices."""

import json
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from chassis.bus.catalogue import asked, heard
from chassis.bus.retry import Unreadable
from chassis.runtime import Runtime
from services.gis import manifest
from services.gis.model import AssetCase
from services.gis.service import Gis
from tests.gis.conftest import HERE, case_event, fill, lamp, worker

HANDLERS = ["on_case_closed", "on_case_opened", "on_case_reopened", "on_case_withdrawn"]


def ask(runtime: Runtime, number: str, tenant: str = "douliu", kind: str = "lamp") -> dict[str, Any]:
    answer: dict[str, Any] = worker(runtime).asset(tenant=tenant, kind=kind, number=number)
    json.dumps(answer)
    return answer


def cases(runtime: Runtime, tenant: str = "douliu") -> list[tuple[str, int, bool]]:
    with runtime.store.session(tenant) as session:
        rows = session.scalars(select(AssetCase).order_by(AssetCase.case_number))
        return [(row.case_number, row.version, row.closed_at is None) for row in rows]


def test_names_are_pinned() -> None:
    assert Gis.name == "gis"
    assert asked({"gis": manifest}) == ["gis.asset", "gis.nearest"]
    assert sorted(subscription.method for subscription in heard({"gis": manifest})) == HANDLERS


def test_a_lamp_is_answered_with_everything_the_form_shows(gis: Runtime) -> None:
    fill(gis, lamp("01234", address="慶生路 128 號前", village="虎溪里", attributes={"light": "LED", "watts": 60}))
    worker(gis).on_case_opened(case_event())
    found = ask(gis, "０１２３４")["found"]
    assert found == {
        "number": "01234",
        "name": None,
        "lon": HERE[0],
        "lat": HERE[1],
        "address": "慶生路 128 號前",
        "village": "虎溪里",
        "attributes": {"light": "LED", "watts": 60},
        "open_cases": [{"number": "DL-115-000001-1", "status": "received", "opened_at": "2026-11-18T01:12:00+00:00"}],
        "reports_this_year": 1,
    }


def test_an_unknown_number_is_answered_with_suggestions(gis: Runtime) -> None:
    fill(gis, lamp("01234", address="慶生路"), lamp("77777"))
    answer = ask(gis, "1234")
    assert answer["found"] is None
    assert answer["suggestions"][0] == {
        "number": "01234",
        "name": None,
        "lon": HERE[0],
        "lat": HERE[1],
        "address": "慶生路",
        "village": None,
    }


def test_a_park_has_a_name_in_both_languages(gis: Runtime) -> None:
    fill(gis, lamp("P001", name_zh="人文公園", name_en="Renwen Park"), kind="park")
    assert ask(gis, "p001", kind="park")["found"]["name"] == {"zh": "人文公園", "en": "Renwen Park"}


def test_the_nearest_are_answered_with_metres(gis: Runtime) -> None:
    fill(gis, lamp("1", HERE[0], HERE[1] + 0.001), lamp("2"))
    answer = worker(gis).nearest(tenant="douliu", kind="lamp", lon=HERE[0], lat=HERE[1], limit=5)
    assert [(one["number"], one["metres"]) for one in answer] == [("2", 0.0), ("1", 111.2)]
    json.dumps(answer)


def test_the_neighbour_gets_no_answer_about_our_lamps(gis: Runtime) -> None:
    fill(gis, lamp("01234"))
    assert ask(gis, "01234", tenant="anping") == {"found": None, "suggestions": []}
    assert worker(gis).nearest(tenant="anping", kind="lamp", lon=HERE[0], lat=HERE[1], limit=5) == []


@pytest.mark.parametrize("tenant", ["*", "atlantis", "", "DOULIU"])
def test_a_question_for_no_office_is_an_error(gis: Runtime, tenant: str) -> None:
    fill(gis, lamp("01234"))
    with pytest.raises(KeyError):
        ask(gis, "01234", tenant=tenant)
    with pytest.raises(KeyError):
        worker(gis).nearest(tenant=tenant, kind="lamp", lon=0, lat=0, limit=1)


def test_a_question_about_no_kind_is_an_error(gis: Runtime) -> None:
    with pytest.raises(ValueError, match="kind"):
        ask(gis, "01234", kind="tree")


def test_three_deliveries_in_any_order_end_like_one_in_order(gis: Runtime) -> None:
    told = [
        ("on_case_opened", 1, None),
        ("on_case_closed", 2, "2026-11-19T01:00:00Z"),
        ("on_case_reopened", 3, None),
        ("on_case_withdrawn", 4, "2026-11-20T01:00:00Z"),
    ]
    bus = worker(gis)
    for i, order in enumerate(permutations(told)):
        for method, version, closed in [*order, *reversed(order), *order]:
            event = case_event(f"A{i:02d}", version=version, closed=closed, event_id=f"{i}-{version}")
            getattr(bus, method)(event)
    assert cases(gis) == [(f"A{i:02d}", 4, False) for i in range(24)]


def test_a_case_about_no_lamp_marks_none(gis: Runtime) -> None:
    fill(gis, lamp("01234"))
    worker(gis).on_case_opened(case_event(asset=None))
    assert ask(gis, "01234")["found"]["open_cases"] == []


def test_an_event_of_one_office_changes_nothing_at_another(gis: Runtime) -> None:
    fill(gis, lamp("01234"))
    fill(gis, lamp("01234"), tenant="anping")
    bus = worker(gis)
    bus.on_case_opened(case_event(tenant="douliu"))
    bus.on_case_closed(case_event(tenant="anping", version=9, closed="2026-11-19T01:00:00Z"))
    assert cases(gis) == [("DL-115-000001-1", 1, True)]
    assert cases(gis, "anping") == [("DL-115-000001-1", 9, False)]
    assert ask(gis, "01234", tenant="anping")["found"]["open_cases"] == []


@pytest.mark.parametrize("spoiled", [{"tenant": "atlantis"}, {"data": {}}, {"data": {"case": {"number": 7}}}])
def test_an_event_that_cannot_be_read_is_refused_whole(gis: Runtime, spoiled: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        worker(gis).on_case_opened(case_event() | spoiled)
    assert cases(gis) == []
