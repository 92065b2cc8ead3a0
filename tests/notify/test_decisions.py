"""What staff may decide, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis import clock
from chassis.runtime import Runtime
from services.notify import decisions, messages, suppressions
from services.notify.decisions import NotNow, Person
from services.notify.model import Decision, Suppression
from services.notify.outcome import Outcome, Rejected, Unknown
from tests.notify.test_attempts import claimed, clear, conclude
from tests.notify.world import every, only, record, said, sender, tell

WHO = Person("chen", "陳課長")
REFUSED = Rejected("20003", "account SID or auth token is wrong", "configuration")


def decide(runtime: Runtime, action: str, tenant: str = "douliu") -> None:
    message_id = only(runtime).id
    with runtime.store.session(tenant) as session:
        message = messages.alone(session, message_id)
        assert message is not None
        getattr(decisions, action)(session, message, WHO, clock.now())


def parked(runtime: Runtime, outcome: Outcome = REFUSED) -> None:
    tell(runtime)
    call = claimed(runtime)
    conclude(runtime, call, outcome)
    if isinstance(outcome, Unknown):
        from services.notify.outcome import CannotTell

        clear(runtime, call, CannotTell("…"), 9)
    assert only(runtime).state == "parked"


def test_a_parked_message_is_sent_again_with_all_its_tries(runtime: Runtime) -> None:
    parked(runtime)
    decide(runtime, "resume")
    message = only(runtime)
    assert (message.state, message.tries, message.attempt_no, message.reason) == ("waiting", 0, 1, None)
    record(runtime)
    sender(runtime).send()
    assert (only(runtime).state, only(runtime).attempt_no) == ("accepted", 2)


def test_a_parked_message_can_be_given_up(runtime: Runtime) -> None:
    parked(runtime)
    decide(runtime, "give_up")
    assert (only(runtime).state, only(runtime).code) == ("failed", "given-up")
    kind, data = said(runtime)[-1]
    assert (kind, data["parked"]) == ("message_failed.v1", False)


def test_who_decided_what_is_kept(runtime: Runtime) -> None:
    parked(runtime)
    decide(runtime, "give_up")
    decide(runtime, "resume")
    with runtime.store.session("douliu") as session:
        kept = session.scalars(select(Decision).order_by(Decision.id)).all()
    assert [(one.action, one.username, one.name) for one in kept] == [
        ("give-up", "chen", "陳課長"),
        ("resume", "chen", "陳課長"),
    ]


@pytest.mark.parametrize("action", ["resume", "give_up"])
def test_what_is_under_way_is_not_decided_about(runtime: Runtime, action: str) -> None:
    tell(runtime)
    with pytest.raises(NotNow):
        decide(runtime, action)
    claimed(runtime)
    with pytest.raises(NotNow):
        decide(runtime, action)
    assert only(runtime).state == "sending"


@pytest.mark.parametrize("action", ["resume", "give_up"])
def test_what_has_gone_is_not_decided_about(laptop: Runtime, action: str) -> None:
    record(laptop)
    tell(laptop)
    sender(laptop).send()
    with pytest.raises(NotNow):
        decide(laptop, action)


def test_a_second_click_changes_nothing(laptop: Runtime) -> None:
    parked(laptop)
    decide(laptop, "resume")
    with pytest.raises(NotNow):
        decide(laptop, "resume")


def test_a_number_that_takes_no_sms_stays_so(laptop: Runtime) -> None:
    tell(laptop, phone="05-532-2000")
    with pytest.raises(NotNow):
        decide(laptop, "resume")


def test_an_opt_out_can_be_lifted(runtime: Runtime) -> None:
    tell(runtime)
    first = only(runtime)
    with runtime.store.session("douliu") as session:
        suppressions.suppress(session, first, "21610", clock.now())
    record(runtime)
    sender(runtime).send()
    assert only(runtime).state == "suppressed"
    decide(runtime, "resume")
    sender(runtime).send()
    assert only(runtime).state == "accepted"
    with runtime.store.session("douliu") as session:
        assert session.scalars(select(Suppression)).all() == []


def test_what_is_out_of_date_gets_new_time(laptop: Runtime) -> None:
    tell(laptop)
    message_id = only(laptop).id
    with laptop.store.session("douliu") as session:
        message = messages.alone(session, message_id)
        assert message is not None
        message.expires_at = clock.now() - timedelta(hours=1)
        messages.fail(session, message, "expired", "expired", "…", clock.now())
    decide(laptop, "resume")
    assert only(laptop).expires_at > clock.now() + timedelta(hours=23)


def test_all_that_surely_did_not_go_can_be_sent_at_once(runtime: Runtime) -> None:
    record(runtime, sms=[REFUSED, REFUSED, Unknown("…")])
    for number in range(3):
        tell(runtime, number=f"DL-115-00000{number}-1")
    one = sender(runtime)
    one.send()
    tell(runtime, tenant="anping", number="AP-115-000001-1")
    doubtful = next(message for message in every(runtime) if message.state == "sending")
    with runtime.store.session("douliu") as session:
        message = messages.alone(session, doubtful.id)
        assert message is not None
        messages.fail(session, message, "parked", "doubt", "…", clock.now())
    with runtime.store.session("douliu") as session:
        assert decisions.resume_all(session, WHO, clock.now()) == 2
    assert sorted(message.state for message in every(runtime, "douliu")) == ["parked", "waiting", "waiting"]
