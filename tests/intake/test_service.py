"""The bus boundary: names that are part of queues' names, and what a heard event does, however often it comes."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis.bus.retry import Unreadable
from chassis.runtime import Runtime
from services.intake import manifest, queue, timeline
from services.intake.cases import NoSuchCase, find_case
from services.intake.events import EVENTS
from services.intake.model import HistoryRow
from services.intake.service import Intake
from tests.intake.conftest import NOON, Open


def envelope(source: str, event: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "e1",
        "source": f"/{source}",
        "type": event,
        "subject": data.get("case_number") or "m1",
        "time": NOON.isoformat(),
        "tenant": "douliu",
        "sequence": 1,
        "data": data,
    }


def answered(intake: Runtime, number: str, **more: Any) -> dict[str, Any]:
    reason = intake.sealer.seal("沒有修好", audience="intake", tenant="douliu")
    data = {"case_number": number, "satisfaction": 1, "dissatisfied": True, "reason": reason}
    return envelope("survey", "survey_answered.v1", data | {"answered_at": NOON.isoformat(), "unknown": 1} | more)


def failed(number: str | None) -> dict[str, Any]:
    data = {"message_id": "m1", "case_number": number, "purpose": "case_opened", "channel": "sms", "reason": "21614"}
    return envelope("notify", "message_failed.v1", data)


def worker(intake: Runtime) -> Any:
    return SimpleNamespace(runtime=intake)


def test_handlers_names_are_pinned() -> None:
    assert Intake.name == "intake"
    for method in ("on_survey_answered", "on_message_accepted", "on_message_failed"):
        assert callable(getattr(Intake, method))
    assert {event.type for event in EVENTS} == {event.type for event in manifest.events}


def test_a_judgement_heard_three_times_counts_once(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    for _ in range(3):
        Intake.on_survey_answered(worker(intake), answered(intake, number))
    with intake.store.session("douliu") as session:
        assert find_case(session, number).dissatisfaction_reason == "沒有修好"
        assert session.scalar(select(func.count()).select_from(HistoryRow)) == 2


def test_a_failed_message_stands_before_the_desk(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    Intake.on_message_failed(worker(intake), failed(number))
    with intake.store.session("douliu") as session:
        assert [note.reason for note in timeline.messages(session, number)] == ["21614"]
        assert queue.counts(session, queue.Desk(None, None, NOON))["undelivered"] == 1


def test_an_accepted_message_is_noted(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    data = {"message_id": "m1", "case_number": number, "purpose": "case_opened", "channel": "sms", "segments": 1}
    Intake.on_message_accepted(worker(intake), envelope("notify", "message_accepted.v1", data))
    with intake.store.session("douliu") as session:
        assert [note.state for note in timeline.messages(session, number)] == ["accepted"]


def test_a_message_about_no_case_is_nobodys_note(intake: Runtime) -> None:
    Intake.on_message_failed(worker(intake), failed(None))


def test_an_event_for_the_neighbour_changes_nothing_here(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    event = answered(intake, number, reason=None) | {"tenant": "anping"}
    with pytest.raises(NoSuchCase):
        Intake.on_survey_answered(worker(intake), event)
    with intake.store.session("douliu") as session:
        assert find_case(session, number).satisfaction is None


def test_an_event_of_an_unknown_office_is_unreadable(intake: Runtime) -> None:
    with pytest.raises(Unreadable):
        Intake.on_message_failed(worker(intake), failed("DL-115-000001-7") | {"tenant": "atlantis"})
