"""From an event to messages: one by each channel, once, however often and in whatever order events come."""

from __future__ import annotations

import random
from typing import Any

import pytest

from chassis.bus.retry import Unreadable
from chassis.runtime import Runtime
from chassis.sealing import Unsealable
from services.notify import suppressions
from tests.notify.world import EMAIL, PHONE, SURVEY, envelope, every, hear, only, open_text, said, sender, tell

PURPOSES = ("case_opened", "case_returned", "case_closed")


def open_to(runtime: Runtime, sealed: str, tenant: str = "douliu") -> str:
    return runtime.sealer.open(sealed, audience="notify", tenant=tenant)


@pytest.mark.parametrize(
    ("phone", "email", "channels"),
    [
        (PHONE, EMAIL, ["sms", "email"]),
        (PHONE, None, ["sms"]),
        (None, EMAIL, ["email"]),
        (None, None, []),
        (" ", "", []),
    ],
)
def test_each_channel_the_applicant_left_is_used(
    laptop: Runtime, phone: str | None, email: str | None, channels: list[str]
) -> None:
    tell(laptop, phone=phone, email=email)
    assert [message.channel for message in every(laptop)] == channels


def test_nobody_to_tell_is_nobody_told(laptop: Runtime) -> None:
    for purpose in PURPOSES:
        tell(laptop, purpose, told=False)
    assert every(laptop) == []


def test_a_message_waits_with_all_that_is_needed(runtime: Runtime) -> None:
    body = tell(runtime, phone="0912-345-678")
    message = only(runtime)
    assert (message.tenant, message.state, message.purpose) == ("douliu", "waiting", "case_opened")
    assert (message.event_id, message.case_number, message.sequence) == (body["id"], "DL-115-004217-6", 1)
    assert open_to(runtime, message.recipient) == PHONE
    assert open_text(runtime, message).startswith("【斗六市公所】")
    assert message.segments == 2
    assert message.expires_at > message.due_at


def test_each_event_has_its_own_text(laptop: Runtime) -> None:
    for sequence, purpose in enumerate(PURPOSES, 1):
        tell(laptop, purpose, sequence=sequence, survey=SURVEY if purpose == "case_closed" else None)
    texts = {message.purpose: open_text(laptop, message) for message in every(laptop)}
    assert "已收到" in texts["case_opened"]
    assert "請補一張現場照片" in texts["case_returned"]
    assert texts["case_closed"].endswith(SURVEY)


def test_the_language_is_the_applicants(laptop: Runtime) -> None:
    tell(laptop, language="en", email=EMAIL)
    sms, mail = every(laptop)
    assert open_text(laptop, sms).startswith("Douliu City Office: ")
    assert mail.subject == 'Douliu City Office: we have your request "Streetlight repair" DL-115-004217-6'


def test_events_three_times_in_any_order_are_the_same_messages(runtime: Runtime) -> None:
    bodies = [
        envelope(runtime, purpose, sequence=sequence, email=EMAIL, number=f"DL-115-00000{case}-1")
        for case in range(3)
        for sequence, purpose in enumerate(PURPOSES, 1)
    ]
    deliveries = bodies * 3
    random.Random(7).shuffle(deliveries)
    for body in deliveries:
        hear(runtime, body)
    found = sorted((one.event_id, one.purpose, one.channel) for one in every(runtime))
    wanted = [(body["id"], body["type"][:-3], way) for body in bodies for way in ("email", "sms")]
    assert found == sorted(wanted)


def test_an_event_that_the_inbox_has_forgotten_is_still_one_message(runtime: Runtime) -> None:
    from sqlalchemy import delete

    from chassis.store import InboxRow

    body = tell(runtime, email=EMAIL)
    with runtime.store.session("douliu") as session:
        session.execute(delete(InboxRow))
    hear(runtime, body)
    assert len(every(runtime)) == 2


@pytest.mark.parametrize("phone", ["05-532-2000", "+819012345678", "不知道"])
def test_a_number_that_takes_no_sms_is_shown_with_the_reason(runtime: Runtime, phone: str) -> None:
    tell(runtime, phone=phone)
    message = only(runtime)
    assert (message.state, message.code) == ("suppressed", "not-mobile")
    assert open_to(runtime, message.recipient) == phone
    ((kind, data),) = said(runtime)
    assert kind == "message_failed.v1"
    assert data["reason"] == "not a Taiwanese mobile number"
    assert sender(runtime).send() is None
    assert only(runtime).attempt_no == 0


def test_an_address_that_is_none_is_shown_with_the_reason(laptop: Runtime) -> None:
    tell(laptop, phone=None, email="nobody at home")
    assert (only(laptop).state, only(laptop).code) == ("suppressed", "not-address")


def test_who_has_opted_out_is_not_written_to_by_that_office(runtime: Runtime) -> None:
    tell(runtime)
    first = only(runtime)
    with runtime.store.session("douliu") as session:
        suppressions.suppress(session, first, "21610", first.created_at)
    tell(runtime, number="DL-115-000002-2")
    tell(runtime, number="AP-115-000003-3", tenant="anping")
    sender(runtime).send()
    states = {message.case_number: (message.state, message.code) for message in every(runtime)}
    assert states["DL-115-000002-2"] == ("suppressed", "opted-out")
    assert states["AP-115-000003-3"] == ("accepted", None)


@pytest.mark.parametrize("field", ["recipient", "case", "missing"])
def test_an_event_without_what_is_needed_changes_nothing(laptop: Runtime, field: str) -> None:
    body = envelope(laptop, "case_returned")
    body["data"][field] = {"number": 1} if field != "missing" else "photo"
    with pytest.raises(Unreadable):
        hear(laptop, body)
    assert every(laptop) == []


def test_what_was_sealed_for_another_office_is_not_opened(runtime: Runtime) -> None:
    body: dict[str, Any] = envelope(runtime, tenant="douliu")
    with pytest.raises(Unsealable):
        hear(runtime, {**body, "tenant": "anping"})
    assert every(runtime) == []
