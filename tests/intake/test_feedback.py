"""What other services tell arrives in any order, and the newest decides."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Literal

import pytest
from sqlalchemy import select

from chassis.runtime import Runtime
from services.intake import feedback, timeline
from services.intake.act import SYSTEM, Act
from services.intake.cases import NoSuchCase, find_case
from services.intake.model import Case
from tests.intake.conftest import NOON, Open

HOUR = timedelta(hours=1)
Told = tuple[Literal["accepted", "failed"], int, datetime]


def tell(intake: Runtime, number: str, told: Told, message: str = "m1") -> None:
    state, sequence, at = told
    with intake.store.session("douliu") as session:
        feedback.record_message(
            Act(intake, session, SYSTEM, at), number, message_id=message, purpose="case_opened", channel="sms",
            state=state, reason="21614" if state == "failed" else None, sequence=sequence,
        )  # fmt: skip


@pytest.mark.parametrize(
    "history",
    [
        [("accepted", 1, NOON), ("failed", 2, NOON + HOUR)],
        [("failed", 1, NOON), ("accepted", 2, NOON)],
        [("accepted", 1, NOON), ("failed", 1, NOON)],
        [("accepted", 1, NOON), ("failed", 1, NOON + HOUR), ("accepted", 1, NOON + 2 * HOUR)],
    ],
)
def test_any_order_of_messages_ends_the_same(intake: Runtime, open_case: Open, history: list[Told]) -> None:
    number, expected = open_case().case.number, history[-1][0]
    for place, order in enumerate(permutations(history)):
        for told in [*order, *reversed(order)]:
            tell(intake, number, told, f"m{place}")
    with intake.store.session("douliu") as session:
        assert {note.state for note in timeline.messages(session, number)} == {expected}


def test_a_bad_judgement_stands_on_the_case(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    with intake.store.session("douliu") as session:
        feedback.record_answer(Act(intake, session, SYSTEM, NOON), number, 2, True, "太慢", NOON)
    with intake.store.session("douliu") as session:
        case = find_case(session, number)
        line = timeline.lines(session, number)[-1]
    assert (case.satisfaction, case.dissatisfied, case.dissatisfaction_reason, case.version) == (2, True, "太慢", 1)
    assert (line.action, line.version, line.text) == ("answer", None, "太慢")


def test_the_newest_judgement_counts_whatever_the_order(intake: Runtime, open_case: Open) -> None:
    for order in permutations([(1, True, NOON), (5, False, NOON + HOUR), (2, True, NOON - HOUR)]):
        number = open_case().case.number
        for satisfaction, dissatisfied, at in order:
            with intake.store.session("douliu") as session:
                feedback.record_answer(Act(intake, session, SYSTEM, at), number, satisfaction, dissatisfied, "…", at)
        with intake.store.session("douliu") as session:
            case = find_case(session, number)
        assert (case.satisfaction, case.dissatisfied, case.dissatisfaction_reason) == (5, False, None)


def test_the_neighbours_case_is_not_judged(intake: Runtime, open_case: Open) -> None:
    number = open_case("anping").case.number
    with pytest.raises(NoSuchCase), intake.store.session("douliu") as session:
        feedback.record_answer(Act(intake, session, SYSTEM, NOON), number, 1, True, None, NOON)
    with intake.store.session("anping") as session:
        assert session.scalars(select(Case.satisfaction)).one() is None
