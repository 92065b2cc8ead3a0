"""The desk's lists: what belongs where, nearest deadline first, page by page, and only one's own office's."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.runtime import Runtime
from services.intake import cases, feedback, queue
from services.intake.act import SYSTEM, Act
from services.intake.queue import NAMES, Desk, Name, WrongCursor
from tests.intake.conftest import CLERK, NOON, Open, build, wanted

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WORKS = Desk("lin.works", "works", NOON + 20 * DAY)


def listed(intake: Runtime, desk: Desk, name: Name, tenant: str = "douliu") -> list[str]:
    with intake.store.session(tenant) as session:
        return [case.number for case in queue.page(session, desk, name).cases]


@pytest.fixture
def office(intake: Runtime, open_case: Open) -> dict[str, str]:
    """Cases of every kind, by what they are; the deadline of each is three working days after it was opened."""
    made = {name: open_case(now=NOON + hours * HOUR).case.number
            for hours, name in enumerate(("new", "taken", "returned", "closed", "unhappy", "unreached"))}  # fmt: skip
    made["fresh"] = open_case(now=NOON + 19 * DAY).case.number
    made["elsewhere"] = open_case(service_code="bulky_waste", asset_kind=None, asset_number=None).case.number
    open_case("anping", service_code="streetlight")
    with intake.store.session("douliu") as session:
        act = Act(intake, session, CLERK, NOON + DAY)
        for name in ("taken", "returned", "closed", "unhappy"):
            cases.take(act, made[name])
        cases.return_case(act, made["returned"], ["照片"])
        cases.close(act, made["closed"], "好了")
        cases.close(act, made["unhappy"], "好了")
        feedback.record_answer(act, made["unhappy"], 1, True, "太慢", NOON + 2 * DAY)
        system = Act(intake, session, SYSTEM, NOON + DAY)
        feedback.record_message(system, made["unreached"], message_id="m1", purpose="case_opened",
                                channel="sms", state="failed", reason="21614")  # fmt: skip
    return made


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("open", {"new", "taken", "returned", "unreached", "fresh"}),
        ("mine", {"taken", "returned"}),
        ("unassigned", {"new", "unreached", "fresh"}),
        ("waiting", {"returned"}),
        ("overdue", {"new", "taken", "unreached"}),
        ("dissatisfied", {"unhappy"}),
        ("undelivered", {"unreached"}),
        ("closed", {"closed", "unhappy"}),
    ],
)
def test_each_list_has_its_cases(intake: Runtime, office: dict[str, str], name: Name, expected: set[str]) -> None:
    known = {number: what for what, number in office.items()}
    assert {known[number] for number in listed(intake, WORKS, name)} == expected


def test_counts_are_the_lengths_of_the_lists(intake: Runtime, office: dict[str, str]) -> None:
    for desk in (WORKS, Desk("wu.works", None, WORKS.now), Desk(None, "cleaning", NOON)):
        with intake.store.session("douliu") as session:
            counted = queue.counts(session, desk)
        assert counted == {name: len(listed(intake, desk, name)) for name in NAMES if name != "closed"}


def test_the_neighbour_sees_only_its_own(intake: Runtime, office: dict[str, str]) -> None:
    desk = Desk(None, None, WORKS.now)
    assert len(listed(intake, desk, "open", "anping")) == 1
    assert listed(intake, desk, "closed", "anping") == []
    with intake.store.session("anping") as session:
        assert queue.counts(session, desk)["open"] == 1
        assert queue.counts(session, desk)["undelivered"] == 0
        assert len(queue.open_for_asset(session, "lamp", "01234")) == 1


def test_the_nearest_deadline_comes_first(intake: Runtime, office: dict[str, str]) -> None:
    with intake.store.session("douliu") as session:
        deadlines = [case.deadline for case in queue.page(session, WORKS, "open").cases]
    assert deadlines == sorted(deadlines, key=str)


def test_a_returned_case_is_not_overdue_while_it_waits(intake: Runtime, office: dict[str, str]) -> None:
    assert office["returned"] not in listed(intake, WORKS, "overdue")


def test_open_cases_about_one_lamp(intake: Runtime, open_case: Open) -> None:
    first, second = open_case().case.number, open_case(now=NOON + HOUR).case.number
    open_case(asset_number="01235")
    with intake.store.session("douliu") as session:
        assert [case.number for case in queue.open_for_asset(session, "lamp", "01234")] == [first, second]


@pytest.mark.parametrize("after", ["", "x", "2026-01-01~1", f"{NOON}~x", f"{NOON}~-1", f"{NOON}~{10**20}"])
def test_a_forged_cursor_is_refused(lite: Runtime, after: str) -> None:
    with lite.store.session("douliu") as session, pytest.raises(WrongCursor):
        queue.page(session, WORKS, "open", after=after)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 3), max_size=12), size=st.integers(1, 5), name=st.sampled_from(["open", "closed"]))
def test_pages_put_together_are_the_whole_list(
    tmp_path_factory: pytest.TempPathFactory, keys_file: object, days: list[int], size: int, name: Name
) -> None:
    from services.intake.act import APPLICANT
    from services.intake.opening import accept

    runtime = build(tmp_path_factory.mktemp("pages"), keys_file)  # type: ignore[arg-type]
    for day in days:
        number = accept(runtime, "douliu", wanted(), APPLICANT, NOON + day * DAY).case.number
        if name == "closed":
            with runtime.store.session("douliu") as session:
                act = Act(runtime, session, CLERK, NOON + 9 * DAY)
                cases.take(act, number)
                cases.close(act, number, "好了")
    together: list[str] = []
    after, pages = None, 0
    while pages == 0 or after is not None:
        with runtime.store.session("douliu") as session:
            page = queue.page(session, Desk(None, None, NOON), name, after=after, limit=size)
        together += [case.number for case in page.cases]
        after, pages = page.after, pages + 1
    assert together == listed(runtime, Desk(None, None, NOON), name)
    assert len(together) == len(days)
    runtime.store.close()


def test_a_list_is_counted_and_narrowed_by_service(intake: Runtime, office: dict[str, str]) -> None:
    whole = Desk("lin.works", None, WORKS.now)
    with intake.store.session("douliu") as session:
        assert list(queue.by_service(session, whole, "open").items()) == [("streetlight", 5), ("bulky_waste", 1)]
        narrowed = queue.page(session, whole, "open", service="bulky_waste").cases
        assert [case.number for case in narrowed] == [office["elsewhere"]]
        assert queue.by_service(session, WORKS, "waiting") == {"streetlight": 1}
