"""Every line of a hotline's file becomes a case or is reported; a second run changes nothing."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from chassis.runtime import Runtime
from chassis.store import OutboxRow
from services.intake.importing import Outcome, import_lines
from services.intake.model import Case
from tests.intake.conftest import NOON

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "tainan-1999-2015-04.jsonl"


def line(number: str = "UN1", **more: object) -> str:
    record = {
        "service_request_id": number,
        "requested_datetime": "2015-04-15 00:02:00.0",
        "status": "未處理",
        "area": "安平區",
        "service_name": "違規停車",
        "subproject": "違規停車",
        "description": "安平路 1 號前違停",
        "address_string": "安平路 1 號",
        "lat": "0",
        "long": "0",
        "updated_datetime": "null",
        "expected_datetime": "2015-04-22 00:02:00.0",
    }
    return json.dumps(record | more, ensure_ascii=False) + "\n"


def run(intake: Runtime, *lines: str, tenant: str | None = None) -> list[Outcome]:
    return list(import_lines(intake, lines, NOON, tenant))


def all_cases(intake: Runtime) -> Iterator[Case]:
    with intake.store.everywhere() as session:
        yield from session.scalars(select(Case).order_by(Case.id)).all()


def test_a_line_goes_to_the_office_of_its_area(intake: Runtime) -> None:
    outcomes = run(intake, line("UN1"), line("UN2", area="鹽水區"), line("UN3", area="火星區"))
    assert [(outcome.became, outcome.tenant) for outcome in outcomes] == [
        ("opened", "anping"),
        ("opened", "yanshui"),
        ("refused", None),
    ]
    assert (outcomes[2].line_number, outcomes[2].field) == (3, "area")


def test_a_named_office_takes_every_area(intake: Runtime) -> None:
    outcomes = run(intake, line("UN1"), line("UN2", area="火星區"), tenant="douliu")
    assert [outcome.tenant for outcome in outcomes] == ["douliu", "douliu"]


def test_a_case_keeps_when_it_came_and_where_it_stands(intake: Runtime) -> None:
    run(intake, line("UN1"), line("UN2", status="已完工", updated_datetime="2015-04-16 10:00:00.0"))
    waiting, done = all_cases(intake)
    assert (waiting.opened_at.isoformat(), waiting.status, waiting.channel) == (
        "2015-04-14T16:02:00+00:00",
        "received",
        "hotline",
    )
    assert waiting.number.startswith("AP-104-000001-")
    assert waiting.deadline is not None
    assert waiting.deadline.isoformat() == "2015-04-21T16:02:00+00:00"
    assert (done.status, done.closed_at and done.closed_at.isoformat()) == ("closed", "2015-04-16T02:00:00+00:00")
    assert waiting.external_reference == "UN1"


def test_a_service_is_found_or_the_hotlines_own_is_used(intake: Runtime) -> None:
    run(intake, line("UN1"), line("UN2", service_name="路燈故障", subproject="路燈故障", address_string=""))
    services = [case.service_code for case in all_cases(intake)]
    assert services == ["petition_1999", "streetlight"]


def test_nobody_is_told(intake: Runtime) -> None:
    run(intake, line())
    with intake.store.session("anping") as session:
        [envelope] = session.scalars(select(OutboxRow.envelope)).all()
    assert (envelope["type"], envelope["data"]["recipient"]) == ("case_opened.v1", None)


def test_broken_lines_are_reported_with_their_number(intake: Runtime) -> None:
    wrong_status, wrong_text = line("UN2", status="飛走了"), line("UN3", description="a\x00b")
    outcomes = run(intake, "{\n", line(), "[]\n", wrong_status, wrong_text, "\udcff\n")
    assert [(outcome.line_number, outcome.became, outcome.field) for outcome in outcomes] == [
        (1, "refused", "line"),
        (2, "opened", None),
        (3, "refused", "line"),
        (4, "refused", "status"),
        (5, "refused", "description"),
        (6, "refused", "line"),
    ]


def test_a_second_run_changes_nothing(intake: Runtime) -> None:
    lines = [line(f"UN{number}") for number in range(250)]
    first = run(intake, *lines)
    second = run(intake, *lines)
    assert Counter(outcome.became for outcome in first) == {"opened": 250}
    assert Counter(outcome.became for outcome in second) == {"known": 250}
    assert [outcome.number for outcome in first] == [outcome.number for outcome in second]
    assert len(list(all_cases(intake))) == 250


def test_a_line_that_comes_twice_is_one_case(intake: Runtime) -> None:
    outcomes = run(intake, line("UN1"), line("UN1"))
    assert [outcome.became for outcome in outcomes] == ["opened", "known"]
    assert outcomes[0].number == outcomes[1].number


def test_the_same_reference_at_two_offices_is_two_cases(intake: Runtime) -> None:
    run(intake, line("UN1"), tenant="douliu")
    assert run(intake, line("UN1"), tenant="anping")[0].became == "opened"


@pytest.mark.skipif(not REAL.is_file(), reason="the hotline's 900 lines are not beside the repository")
def test_the_real_900_lines_are_each_accounted_for(intake: Runtime) -> None:
    with REAL.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        by_area = list(import_lines(intake, lines, NOON))
    counted = Counter(outcome.became for outcome in by_area)
    assert [outcome.line_number for outcome in by_area] == list(range(1, 901))
    assert counted == {"opened": 55, "refused": 845}
    assert {outcome.field for outcome in by_area if outcome.became == "refused"} == {"area"}
    for expected in ("opened", "known"):
        with REAL.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
            assert Counter(one.became for one in import_lines(intake, lines, NOON, "douliu")) == {expected: 900}
    with intake.store.session("douliu") as session:
        statuses = dict(session.execute(select(Case.status, func.count()).group_by(Case.status)).all())
    assert statuses == {"received": 839, "closed": 61}
