"""The rules of answering, without pages: kept, complete, once, said."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis.runtime import Runtime
from services.survey.answering import Incomplete, NotOpen, fill, filled, send
from services.survey.events import SurveyAnswered
from services.survey.invitations import find
from services.survey.model import Answer, Draft, Invitation
from tests.survey.conftest import NUMBER, TOKEN, case_closed, events, hash_of, hear

CLOSED = datetime(2026, 11, 20, 6, tzinfo=UTC)
NOW = CLOSED + timedelta(days=1)
HASH = hash_of(TOKEN)


@pytest.fixture
def asked(survey: Runtime) -> Runtime:
    hear(survey, case_closed(closed_at=CLOSED))
    return survey


def fill_in(runtime: Runtime, now: datetime = NOW, tenant: str = "douliu", **given: Any) -> None:
    with runtime.store.session(tenant) as session:
        fill(session, HASH, now, **given)


def send_it(runtime: Runtime, now: datetime = NOW, tenant: str = "douliu") -> bool:
    with runtime.store.session(tenant) as session:
        return send(session, HASH, runtime.sealer, now)


def count(runtime: Runtime, table: type[Answer] | type[Draft] | type[Invitation]) -> int:
    with runtime.store.everywhere() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_what_was_filled_in_stays_page_by_page(asked: Runtime) -> None:
    fill_in(asked, satisfaction=2)
    fill_in(asked, reason="too_slow", comment="等了兩個月")
    fill_in(asked, satisfaction=1)
    with asked.store.session("douliu") as session:
        invitation = find(session, HASH)
        assert invitation is not None
        kept = filled(session, invitation)
    assert (kept.satisfaction, kept.reason, kept.comment) == (1, "too_slow", "等了兩個月")


def test_a_dissatisfied_answer_tells_intake_why_and_nobody_else(asked: Runtime) -> None:
    fill_in(asked, satisfaction=1, reason="too_slow", comment="等了兩個月")
    assert send_it(asked)
    (envelope,) = events(asked)
    assert (envelope["type"], envelope["subject"], envelope["sequence"]) == ("survey_answered.v1", NUMBER, 1)
    said = SurveyAnswered.model_validate(envelope["data"])
    assert (said.case_number, said.satisfaction, said.dissatisfied, said.answered_at) == (NUMBER, 1, True, NOW)
    assert said.reason is not None
    assert "兩個月" not in str(envelope)
    assert asked.sealer.open(said.reason, audience="intake", tenant="douliu") == "花太久時間：等了兩個月"


def test_a_satisfied_answer_forgets_a_reason_that_was_taken_back(asked: Runtime) -> None:
    fill_in(asked, satisfaction=1, reason="attitude", comment=None)
    fill_in(asked, satisfaction=4)
    send_it(asked)
    (envelope,) = events(asked)
    assert (envelope["data"]["dissatisfied"], envelope["data"]["reason"]) == (False, None)
    with asked.store.session("douliu") as session:
        row = session.scalars(select(Answer)).one()
    assert (row.satisfaction, row.reason, row.questionnaire) == (4, None, 1)


def test_praise_travels_sealed_too(asked: Runtime) -> None:
    fill_in(asked, satisfaction=5, comment="師傅很親切")
    send_it(asked)
    reason = events(asked)[0]["data"]["reason"]
    assert asked.sealer.open(reason, audience="intake", tenant="douliu") == "師傅很親切"


@pytest.mark.parametrize("given", [{}, {"comment": "x"}, {"satisfaction": 2}, {"satisfaction": 1, "comment": "x"}])
def test_what_is_incomplete_is_not_sent(asked: Runtime, given: dict[str, Any]) -> None:
    fill_in(asked, **given)
    with pytest.raises(Incomplete):
        send_it(asked)
    assert (count(asked, Answer), events(asked)) == (0, [])


def test_after_the_answer_nothing_can_be_changed(asked: Runtime) -> None:
    fill_in(asked, satisfaction=5)
    assert send_it(asked)
    assert not send_it(asked)
    with pytest.raises(NotOpen):
        fill_in(asked, satisfaction=1)
    assert (count(asked, Answer), count(asked, Draft), len(events(asked))) == (1, 0, 1)


def test_after_14_days_it_is_too_late(asked: Runtime) -> None:
    fill_in(asked, satisfaction=5)
    late = CLOSED + timedelta(days=14)
    with pytest.raises(NotOpen):
        fill_in(asked, late, satisfaction=4)
    with pytest.raises(NotOpen):
        send_it(asked, late)
    assert send_it(asked, late - timedelta(seconds=1))


def test_ten_presses_at_once_are_one_answer(asked: Runtime) -> None:
    fill_in(asked, satisfaction=2, reason="other")
    results: list[bool | Exception] = []
    gate = threading.Barrier(10)

    def press() -> None:
        gate.wait()
        try:
            results.append(send_it(asked))
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == ["False"] * 9 + ["True"]
    assert (count(asked, Answer), len(events(asked))) == (1, 1)


def test_first_pages_sent_at_once_are_one_draft(asked: Runtime) -> None:
    failures: list[Exception] = []
    gate = threading.Barrier(6)

    def press(level: int) -> None:
        gate.wait()
        try:
            fill_in(asked, satisfaction=level)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=press, args=(1 + number % 5,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failures, count(asked, Draft)) == ([], 1)


def test_the_neighbour_can_neither_fill_in_nor_send(asked: Runtime) -> None:
    with pytest.raises(NotOpen):
        fill_in(asked, tenant="anping", satisfaction=1)
    fill_in(asked, satisfaction=1, reason="other")
    with pytest.raises(NotOpen):
        send_it(asked, tenant="anping")
    assert count(asked, Answer) == 0


def test_a_case_closed_again_is_answered_again(asked: Runtime) -> None:
    fill_in(asked, satisfaction=1, reason="not_solved")
    send_it(asked)
    hear(asked, case_closed("the-second-closing-of-it", closed_at=CLOSED + timedelta(days=3)))
    second = hash_of("the-second-closing-of-it")
    with asked.store.session("douliu") as session:
        fill(session, second, NOW, satisfaction=5)
        assert send(session, second, asked.sealer, NOW)
    assert [envelope["sequence"] for envelope in events(asked)] == [1, 2]
