"""Figures count what they say, in Taipei's months, for one office."""

from datetime import UTC, datetime, timedelta

from chassis.runtime import Runtime
from services.intake import cases, feedback, figures
from services.intake.act import Act
from tests.intake.conftest import CLERK, NOON, Open

DAY = timedelta(days=1)


def close(intake: Runtime, number: str, at: datetime) -> None:
    with intake.store.session("douliu") as session:
        act = Act(intake, session, CLERK, at)
        cases.take(act, number)
        cases.close(act, number, "好了")


def test_figures_of_an_office(intake: Runtime, open_case: Open) -> None:
    on_time, late = open_case().case.number, open_case().case.number
    overdue = open_case().case.number
    due_soon = open_case(now=NOON + 9 * DAY).case.number
    close(intake, on_time, NOON + DAY)
    close(intake, late, NOON + 9 * DAY)
    open_case("anping")
    with intake.store.session("douliu") as session:
        found = figures.figures(session, intake.tenants["douliu"], NOON + 10 * DAY)
        of_works = figures.figures(session, intake.tenants["douliu"], NOON + 10 * DAY, "works")
        of_civil = figures.figures(session, intake.tenants["douliu"], NOON + 10 * DAY, "civil")
    assert (found.open, found.overdue, found.due_soon) == (2, 1, 1)
    assert (found.opened_this_month, found.closed_this_month, found.on_time) == (4, 2, 0.5)
    assert of_works == found
    assert (of_civil.open, of_civil.on_time) == (0, None)
    assert overdue != due_soon


def test_a_month_begins_at_midnight_in_taipei(intake: Runtime, open_case: Open) -> None:
    last_of_october = datetime(2026, 10, 31, 15, 59, tzinfo=UTC)
    open_case(now=last_of_october)
    open_case(now=last_of_october + timedelta(minutes=1))
    with intake.store.session("douliu") as session:
        months = figures.by_month(session, NOON)
    assert [month.opened for month in months[-3:]] == [0, 1, 1]
    assert len(months) == 12
    assert months[-1].month.isoformat() == "2026-11-01T00:00:00+08:00"


def test_the_head_sees_every_dissatisfied_answer_newest_first(intake: Runtime, open_case: Open) -> None:
    numbers = [open_case().case.number for _ in range(3)]
    for number in numbers:
        close(intake, number, NOON + DAY)
    with intake.store.session("douliu") as session:
        act = Act(intake, session, CLERK, NOON)
        feedback.record_answer(act, numbers[0], 2, True, "慢", NOON + 2 * DAY)
        feedback.record_answer(act, numbers[1], 5, False, None, NOON + 3 * DAY)
        feedback.record_answer(act, numbers[2], 1, True, "沒修", NOON + 4 * DAY)
        page = figures.head_page(session, intake.tenants["douliu"], NOON + 5 * DAY)
    assert [(case.number, case.dissatisfaction_reason) for case in page.dissatisfied] == [
        (numbers[2], "沒修"),
        (numbers[0], "慢"),
    ]
    works = next(section for section in page.sections if section.section == "works")
    assert (works.open, works.dissatisfied) == (0, 2)
    assert {section.section for section in page.sections} == {one.code for one in intake.tenants["douliu"].sections}


def test_the_heads_page_of_the_neighbour_is_empty(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    close(intake, number, NOON + 9 * DAY)
    with intake.store.session("anping") as session:
        page = figures.head_page(session, intake.tenants["anping"], NOON + 10 * DAY)
    assert (page.figures.open, page.figures.closed_this_month, list(page.overdue), list(page.dissatisfied)) == (
        0, 0, [], [],
    )  # fmt: skip
    assert sum(section.open + section.overdue for section in page.sections) == 0
    assert sum(month.opened + month.closed for month in page.months) == 0
