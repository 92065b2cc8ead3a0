"""Opening a case: one transaction, a deadline, a code, and an event that tells personal data only to who needs it."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from chassis.runtime import Runtime
from chassis.sealing import Unsealable
from chassis.store import OutboxRow
from services.intake.act import APPLICANT, Act
from services.intake.counters import next_number
from services.intake.deadlines import deadline
from services.intake.model import Base, Case, HistoryRow
from services.intake.numbers import code_matches
from services.intake.office_calendar import calendar_of
from services.intake.opening import Opened, accept
from services.intake.opening import open_case as write_case
from services.intake.request import Applicant, Invalid
from tests.intake.conftest import NOON, Open, wanted


def said(intake: Runtime, tenant: str = "douliu") -> list[dict[str, object]]:
    with intake.store.session(tenant) as session:
        return list(session.scalars(select(OutboxRow.envelope).order_by(OutboxRow.position)))


def test_case_history_and_event_are_written_together(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    with intake.store.session("douliu") as session:
        case = session.scalars(select(Case)).one()
        line = session.scalars(select(HistoryRow)).one()
    [envelope] = said(intake)
    assert (case.number, case.version, case.status, case.section) == (number, 1, "received", "works")
    assert (line.number, line.version, line.action, line.actor_kind) == (number, 1, "open", "applicant")
    assert (envelope["subject"], envelope["sequence"], envelope["type"]) == (number, 1, "case_opened.v1")


def test_what_fails_leaves_nothing(intake: Runtime) -> None:
    number = next_number(intake.store, intake.tenants["douliu"], NOON)
    with pytest.raises(RuntimeError), intake.store.session("douliu") as session:
        write_case(Act(intake, session, APPLICANT, NOON), wanted(), number)
        raise RuntimeError
    with intake.store.everywhere() as session:
        rows = [session.scalar(select(func.count()).select_from(table)) for table in (Case, HistoryRow, OutboxRow)]
    assert rows == [0, 0, 0]


def test_a_wrong_request_changes_nothing(intake: Runtime) -> None:
    with pytest.raises(Invalid):
        accept(intake, "douliu", wanted(service_code="moonlight"), APPLICANT, NOON)
    with intake.store.session("douliu") as session:
        counted = [session.connection().execute(select(func.count()).select_from(t)).scalar()
                   for t in Base.metadata.sorted_tables]  # fmt: skip
    assert set(counted) == {0}


def test_deadline_is_the_services_in_working_days(intake: Runtime, open_case: Open) -> None:
    office = intake.tenants["douliu"]
    expected = deadline(NOON, office.service("streetlight").days, calendar_of(office))
    assert open_case().case.deadline == expected


def test_the_code_opens_and_is_not_stored(intake: Runtime, open_case: Open) -> None:
    opened = open_case()
    with intake.store.session("douliu") as session:
        case = session.scalars(select(Case)).one()
    assert code_matches(opened.code, case.code_hash or "", intake.keys.pepper)
    assert opened.code not in json.dumps([str(value) for value in vars(case).values()])


def test_no_personal_data_travels_in_the_clear(intake: Runtime, open_case: Open) -> None:
    opened = open_case()
    wire = json.dumps(said(intake), ensure_ascii=False)
    for secret in ("王小明", "912000101", "wang@example.tw", "入夜後不亮", opened.code):
        assert secret not in wire


def test_notify_can_read_whom_to_tell_and_the_neighbour_cannot(intake: Runtime, open_case: Open) -> None:
    opened = open_case()
    recipient = said(intake)[0]["data"]["recipient"]  # type: ignore[index]
    read = {name: intake.sealer.open(recipient[name], audience="notify", tenant="douliu")
            for name in ("name", "phone", "email", "link")}  # fmt: skip
    assert read == {
        "name": "王小明",
        "phone": "+886912000101",
        "email": "wang@example.tw",
        "link": f"http://127.0.0.1:8000/douliu/cases/{opened.case.number}?code={opened.code}",
    }
    with pytest.raises(Unsealable):
        intake.sealer.open(recipient["phone"], audience="notify", tenant="anping")
    with pytest.raises(Unsealable):
        intake.sealer.open(recipient["phone"], audience="search", tenant="douliu")


def test_search_can_read_the_description(intake: Runtime, open_case: Open) -> None:
    open_case()
    sealed = said(intake)[0]["data"]["case"]["description"]  # type: ignore[index]
    assert intake.sealer.open(sealed, audience="search", tenant="douliu") == "入夜後不亮"


def test_who_cannot_be_reached_is_not_told(intake: Runtime, open_case: Open) -> None:
    open_case(applicant=Applicant(name="只有名字"))
    assert said(intake)[0]["data"]["recipient"] is None  # type: ignore[index]


def test_an_event_carries_the_whole_case(intake: Runtime, open_case: Open) -> None:
    case = open_case(lon=120.54, lat=23.7, address="慶生路").case
    state = said(intake)[0]["data"]["case"]  # type: ignore[index]
    shown = ("number", "status", "channel", "service_code", "section", "address", "asset_number", "lon", "lat")
    assert {name: state[name] for name in shown} == {name: getattr(case, name) for name in shown}


def test_the_neighbour_sees_nothing_of_it(intake: Runtime, open_case: Open) -> None:
    open_case()
    with intake.store.session("anping") as session:
        seen = [session.scalars(select(table)).all() for table in (Case, HistoryRow, OutboxRow)]
    assert seen == [[], [], []]


def test_title_names_the_thing_or_the_first_words(open_case: Open) -> None:
    about_a_lamp = open_case().case.title
    mailbox = {"service_code": "mayor_mailbox", "asset_kind": None, "asset_number": None}
    words: Opened = open_case(**mailbox, description="很長的一段話" * 20)
    assert about_a_lamp == "路燈報修 01234"
    assert words.case.title.endswith("…")
    assert len(words.case.title) < 60


def test_moments_come_back_as_they_went_in(intake: Runtime, open_case: Open) -> None:
    number = open_case(now=NOON + timedelta(microseconds=123456)).case.number
    with intake.store.session("douliu") as session:
        stored = session.scalars(select(Case.opened_at).where(Case.number == number)).one()
    assert stored == NOON + timedelta(microseconds=123456)
