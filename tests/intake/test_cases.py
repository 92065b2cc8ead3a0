"""What is done to a case: guarded, versioned, told, and never on top of what somebody else just did."""

import threading
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from chassis.runtime import Runtime
from chassis.store import OutboxRow
from services.intake import cases, deadlines, staff
from services.intake.act import APPLICANT, Act, Actor
from services.intake.lifecycle import STATES, NotAllowed, State
from services.intake.model import Case, HistoryRow
from services.intake.office_calendar import calendar_of
from services.intake.request import Applicant
from tests.intake.conftest import CHIEF, CLERK, NOON, Open

MakeAct = Callable[..., Act]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def last_event(intake: Runtime) -> dict[str, object]:
    newest = select(OutboxRow.envelope).order_by(OutboxRow.position.desc()).limit(1)
    with intake.store.session("douliu") as session:
        return session.scalars(newest).one()["data"]  # type: ignore[no-any-return]


def add_member(intake: Runtime, username: str, section: str, tenant: str = "douliu") -> None:
    with intake.store.session(tenant) as session:
        staff.add(session, username, name=username, password="0123456789", roles=["clerk"], now=NOON, section=section)


def do(intake: Runtime, step: Callable[[Act], Case], actor: Actor = CLERK, now: object = NOON) -> Case:
    with intake.store.session("douliu") as session:
        return step(Act(intake, session, actor, now))  # type: ignore[arg-type]


def test_a_case_goes_its_whole_way(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    do(intake, lambda act: cases.take(act, number))
    do(intake, lambda act: cases.return_case(act, number, ["照片"], note="拍近一點"))
    do(intake, lambda act: cases.supplement(act, number, "照片在這裡"), APPLICANT)
    closed = do(intake, lambda act: cases.close(act, number, " 已更換燈具 "))
    assert (closed.status, closed.version, closed.reply, closed.handler) == ("closed", 5, "已更換燈具", "lin.works")
    with intake.store.session("douliu") as session:
        lines = session.scalars(select(HistoryRow).order_by(HistoryRow.id)).all()
    assert [(line.version, line.action, line.actor_kind) for line in lines] == [
        (1, "open", "applicant"),
        (2, "take", "staff"),
        (3, "return", "staff"),
        (4, "supplement", "applicant"),
        (5, "close", "staff"),
    ]
    assert (lines[2].details, lines[2].text) == ({"missing": ["照片"]}, "拍近一點")


def test_a_stale_form_is_refused_and_changes_nothing(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    do(intake, lambda act: cases.take(act, number, version=1))
    with pytest.raises(cases.Conflict) as caught:
        do(intake, lambda act: cases.return_case(act, number, ["照片"], version=1), CHIEF)
    assert caught.value.version == 2
    with intake.store.session("douliu") as session:
        assert cases.find_case(session, number).version == 2


def test_of_two_who_take_it_at_once_one_is_told(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    results: list[str] = []

    def take() -> None:
        try:
            results.append(str(do(intake, lambda act: cases.take(act, number, version=1)).version))
        except cases.Conflict as conflict:
            results.append(f"conflict {conflict.version}")

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["2", "conflict 2"]


def test_the_neighbours_case_does_not_exist(intake: Runtime, open_case: Open) -> None:
    number = open_case("anping").case.number
    with pytest.raises(cases.NoSuchCase):
        do(intake, lambda act: cases.take(act, number))
    with intake.store.session("douliu") as session, pytest.raises(cases.NoSuchCase):
        cases.find_case(session, number)


def test_not_everybody_may_do_everything(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    with pytest.raises(NotAllowed) as caught:
        do(intake, lambda act: cases.take(act, number), APPLICANT)
    assert caught.value.field == "role"


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (lambda act, number: cases.return_case(act, number, [" ", ""]), "missing"),
        (lambda act, number: cases.close(act, number, "  "), "reply"),
        (lambda act, number: cases.close(act, number, "字" * 4_001), "reply"),
        (lambda act, number: cases.assign(act, number, "nobody"), "handler"),
        (lambda act, number: cases.reopen(act, number, "又壞"), "action"),
    ],
)
def test_a_wrong_input_is_named_and_changes_nothing(
    intake: Runtime, open_case: Open, step: Callable[[Act, str], Case], field: str
) -> None:
    number = open_case().case.number
    do(intake, lambda act: cases.take(act, number))
    with pytest.raises(NotAllowed) as caught:
        do(intake, lambda act: step(act, number))
    assert caught.value.field == field
    with intake.store.session("douliu") as session:
        assert cases.find_case(session, number).version == 2
        assert session.scalar(select(func.count()).select_from(HistoryRow)) == 2


def test_an_assigned_case_moves_to_its_handlers_section(intake: Runtime, open_case: Open) -> None:
    add_member(intake, "tsai.cleaning", "cleaning")
    number = open_case().case.number
    case = do(intake, lambda act: cases.assign(act, number, "tsai.cleaning"), CHIEF)
    assert (case.handler, case.section, case.status) == ("tsai.cleaning", "cleaning", "in_progress")
    assert last_event(intake)["handler"] == "tsai.cleaning"


def test_a_case_is_not_given_to_the_neighbours_staff_or_to_a_closed_account(intake: Runtime, open_case: Open) -> None:
    add_member(intake, "ap.civil", "civil", "anping")
    add_member(intake, "gone.works", "works")
    with intake.store.session("douliu") as session:
        staff.disable(session, "gone.works")
    number = open_case().case.number
    for handler in ("ap.civil", "gone.works"):
        with pytest.raises(NotAllowed), intake.store.session("douliu") as session:
            cases.assign(Act(intake, session, CHIEF, NOON), number, handler)


def test_the_clock_stands_while_the_applicant_is_asked(intake: Runtime, open_case: Open) -> None:
    opened = open_case().case
    calendar = calendar_of(intake.tenants["douliu"])
    do(intake, lambda act: cases.take(act, opened.number))
    returned = do(intake, lambda act: cases.return_case(act, opened.number, ["照片"]), now=NOON + HOUR)
    assert returned.deadline == opened.deadline
    assert last_event(intake)["case"]["deadline"] is None  # type: ignore[index]
    answered = NOON + 5 * DAY + HOUR
    resumed = do(intake, lambda act: cases.supplement(act, opened.number, "好"), APPLICANT, answered)
    assert resumed.deadline == deadlines.resume(NOON + HOUR, answered, opened.deadline or NOON, calendar)
    paused = deadlines.working_time(NOON + HOUR, answered, calendar)
    assert resumed.paused_minutes == paused.total_seconds() // 60 > 0
    assert deadlines.remaining(answered, resumed.deadline, calendar) == deadlines.remaining(
        NOON + HOUR, opened.deadline or NOON, calendar
    )


def test_a_reopened_case_has_the_time_it_had_left(intake: Runtime, open_case: Open) -> None:
    opened = open_case().case
    calendar = calendar_of(intake.tenants["douliu"])
    do(intake, lambda act: cases.take(act, opened.number))
    do(intake, lambda act: cases.close(act, opened.number, "修好了"), now=NOON + HOUR)
    again = do(intake, lambda act: cases.reopen(act, opened.number, "又不亮"), now=NOON + 9 * DAY)
    assert (again.status, again.closed_at, again.reply) == ("in_progress", None, None)
    left = deadlines.remaining(NOON + 9 * DAY, again.deadline or NOON, calendar)
    assert left == deadlines.remaining(NOON + HOUR, opened.deadline or NOON, calendar)


def test_whoever_is_told_of_the_end_is_asked_how_it_was(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    do(intake, lambda act: cases.take(act, number))
    do(intake, lambda act: cases.close(act, number, "修好了"))
    event = last_event(intake)
    link = intake.sealer.open(str(event["survey_link"]), audience="notify", tenant="douliu")
    assert link.startswith("http://127.0.0.1:8000/s/")
    assert sha256(link.rpartition("/")[2].encode()).hexdigest() == event["survey_token_hash"]


def test_whoever_is_not_told_is_not_asked(intake: Runtime, open_case: Open) -> None:
    number = open_case(applicant=Applicant()).case.number
    do(intake, lambda act: cases.take(act, number))
    do(intake, lambda act: cases.close(act, number, "修好了"))
    event = last_event(intake)
    assert (event["recipient"], event["survey_link"], event["survey_token_hash"]) == (None, None, None)


def test_every_message_of_a_case_carries_the_same_link(intake: Runtime, open_case: Open) -> None:
    opened = open_case()
    do(intake, lambda act: cases.take(act, opened.case.number))
    do(intake, lambda act: cases.return_case(act, opened.case.number, ["照片"]))
    sealed = last_event(intake)["recipient"]["link"]  # type: ignore[index]
    link = intake.sealer.open(sealed, audience="notify", tenant="douliu")
    assert link.endswith(f"/douliu/cases/{opened.case.number}?code={opened.code}")


def test_the_past_is_played_without_telling_anybody(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    with intake.store.session("douliu") as session:
        act = Act(intake, session, CLERK, NOON, tell=False)
        cases.take(act, number)
        cases.return_case(act, number, ["照片"])
    assert last_event(intake)["recipient"] is None


def test_buttons_are_what_can_be_done(intake: Runtime, open_case: Open) -> None:
    case = open_case().case
    assert set(cases.possible(case, frozenset({"clerk"}))) == {"take", "assign", "withdraw"}
    assert set(cases.possible(case, frozenset({"applicant"}))) == {"withdraw"}
    assert cases.possible(case, frozenset({"city_it"})) == ()


STEPS: list[Callable[[Act, str], Case]] = [
    lambda act, number: cases.take(act, number),
    lambda act, number: cases.return_case(act, number, ["一", "二"]),
    lambda act, number: cases.supplement(act, number, "好"),
    lambda act, number: cases.close(act, number, "完成"),
    lambda act, number: cases.reopen(act, number, "再來"),
    lambda act, number: cases.withdraw(act, number),
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from([CLERK, APPLICANT]), st.integers(1, 4000))))
def test_version_history_and_events_agree_after_any_walk(
    lite: Runtime, walk: list[tuple[Callable[[Act, str], Case], Actor, int]]
) -> None:
    from services.intake.opening import accept
    from tests.intake.conftest import wanted

    number, now = accept(lite, "douliu", wanted(), APPLICANT, NOON).case.number, NOON
    for step, actor, minutes in walk:
        now += timedelta(minutes=minutes)
        try:
            with lite.store.session("douliu") as session:
                step(Act(lite, session, actor, now), number)
        except NotAllowed:
            pass
    with lite.store.session("douliu") as session:
        case = cases.find_case(session, number)
        versions = session.scalars(
            select(HistoryRow.version).where(HistoryRow.number == number).order_by(HistoryRow.id)
        ).all()
        told = session.scalars(
            select(OutboxRow.envelope).where(OutboxRow.subject == number).order_by(OutboxRow.position)
        ).all()
    assert list(versions) == list(range(1, case.version + 1))
    assert [event["sequence"] for event in told] == list(versions)
    assert told[-1]["data"]["case"]["status"] == case.status
    rule = STATES[State(case.status)]
    assert (case.closed_at is None) == rule.is_open
    assert (case.paused_at is None) == rule.clock_runs
