"""What an outcome does to a message: decided once, fenced by its number, told with an event."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from chassis import clock
from chassis.runtime import Runtime
from services.notify import attempts, claims, doubts, messages
from services.notify.claims import Call
from services.notify.model import Suppression
from services.notify.outcome import Accepted, CannotTell, Found, Later, NotFound, Outcome, Rejected, Search, Unknown
from services.notify.retries import MOST_TRIES
from tests.notify.world import attempts_of, every, only, said, sender, tell

SETTLE = timedelta(seconds=120)
WAITS = doubts.pauses(SETTLE)


def claimed(runtime: Runtime, now: datetime | None = None) -> Call:
    with runtime.store.everywhere() as session:
        (call,) = claims.claim(session, runtime.tenants, "sms", 1, now or clock.now()).calls
    return call


def conclude(runtime: Runtime, call: Call, outcome: Outcome, now: datetime | None = None) -> None:
    with runtime.store.session(call.tenant) as session:
        found = messages.locked(session, call.message_id, call.n)
        assert found is not None
        attempts.conclude(session, *found, outcome, now or clock.now(), SETTLE)


def clear(runtime: Runtime, call: Call, search: Search, asked: int = 1) -> None:
    with runtime.store.session(call.tenant) as session:
        found = messages.locked(session, call.message_id, call.n)
        assert found is not None
        found[1].asked = asked
        doubts.clear(session, *found, search, clock.now(), WAITS)


@pytest.fixture
def call(runtime: Runtime) -> Call:
    tell(runtime)
    return claimed(runtime)


def test_accepted_is_the_end_of_sending(runtime: Runtime, call: Call) -> None:
    conclude(runtime, call, Accepted("SM1", 3))
    message, (attempt,) = only(runtime), attempts_of(runtime)
    assert (message.state, message.reference, message.segments) == ("accepted", "SM1", 3)
    assert (message.lease_until, attempt.state, attempt.reference) == (None, "accepted", "SM1")
    assert message.accepted_at is not None
    assert said(runtime) == [
        (
            "message_accepted.v1",
            {
                "message_id": message.id,
                "case_number": "DL-115-004217-6",
                "purpose": "case_opened",
                "channel": "sms",
                "segments": 3,
            },
        )
    ]


def test_a_provider_that_counts_no_segments_leaves_our_count(laptop: Runtime) -> None:
    tell(laptop)
    conclude(laptop, claimed(laptop), Accepted("SM1", None))
    assert only(laptop).segments == 2


def test_later_waits_and_tries_again(runtime: Runtime, call: Call) -> None:
    conclude(runtime, call, Later("20429", "too many requests", retry_after=30))
    message = only(runtime)
    assert (message.state, message.attempt_no, message.tries) == ("waiting", 1, 1)
    assert message.due_at >= clock.now() + timedelta(seconds=29)
    assert said(runtime) == []
    assert claimed(runtime, now=message.due_at).n == 2


def test_enough_tries_are_enough(laptop: Runtime) -> None:
    tell(laptop)
    now = clock.now()
    for _ in range(MOST_TRIES):
        assert only(laptop).state == "waiting"
        now = max(now, only(laptop).due_at)
        conclude(laptop, claimed(laptop, now), Later("connection", "no way there"), now)
    message = only(laptop)
    assert (message.state, message.code, message.tries) == ("failed", "connection", 8)
    assert [kind for kind, _ in said(laptop)] == ["message_failed.v1"]
    assert said(laptop)[0][1]["reason"] == "no way there; given up after 8 tries"


def test_no_try_comes_after_a_message_is_out_of_date(laptop: Runtime) -> None:
    tell(laptop)
    end = only(laptop).expires_at
    conclude(laptop, claimed(laptop, end - timedelta(seconds=3)), Later("x", "…"), end - timedelta(seconds=3))
    assert only(laptop).state == "failed"
    assert only(laptop).reason == "…; no time left for another try"


def test_a_retry_far_away_is_no_retry(laptop: Runtime) -> None:
    tell(laptop)
    conclude(laptop, claimed(laptop), Later("20429", "…", retry_after=10**7))
    assert only(laptop).state == "failed"


def test_a_permanent_refusal_costs_one_attempt(runtime: Runtime, call: Call) -> None:
    conclude(runtime, call, Rejected("21614", "the number cannot receive SMS", "permanent"))
    message, ((kind, data),) = only(runtime), said(runtime)
    assert (message.state, message.code, message.attempt_no) == ("failed", "21614", 1)
    assert kind == "message_failed.v1"
    assert data["reason"] == "21614: the number cannot receive SMS"
    assert not data["parked"]
    with pytest.raises(ValueError, match="not enough"):
        claimed(runtime, clock.now() + timedelta(hours=23))


def test_a_refusal_of_our_settings_parks_and_is_logged(
    runtime: Runtime, call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    conclude(runtime, call, Rejected("20003", "account SID or auth token is wrong", "configuration"))
    assert (only(runtime).state, only(runtime).code) == ("parked", "20003")
    assert said(runtime)[0][1]["parked"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_an_opt_out_is_remembered_with_the_outcome(runtime: Runtime, call: Call) -> None:
    conclude(runtime, call, Rejected("21610", "the recipient has opted out", "permanent"))
    with runtime.store.session("douliu") as session:
        assert len(session.scalars(select(Suppression)).all()) == 1
    tell(runtime, number="DL-115-000002-2")
    sender(runtime).send()
    assert [message.state for message in every(runtime)] == ["failed", "suppressed"]


def test_a_doubt_is_left_to_be_asked_about(runtime: Runtime, call: Call) -> None:
    conclude(runtime, call, Unknown("HTTP 500 from the provider"))
    message, (attempt,) = only(runtime), attempts_of(runtime)
    assert (message.state, attempt.state, attempt.reason) == ("sending", "unknown", "HTTP 500 from the provider")
    assert message.lease_until is not None
    assert message.lease_until >= clock.now() + SETTLE - timedelta(seconds=5)
    assert said(runtime) == []


def test_what_the_provider_has_was_accepted(runtime: Runtime, call: Call) -> None:
    conclude(runtime, call, Unknown("…"))
    clear(runtime, call, Found("SM1"))
    assert (only(runtime).state, only(runtime).reference) == ("accepted", "SM1")


def test_what_the_provider_surely_lacks_is_sent_again(runtime: Runtime, call: Call) -> None:
    conclude(runtime, call, Unknown("…"))
    clear(runtime, call, NotFound())
    assert only(runtime).state == "waiting"
    assert claimed(runtime).n == 2


def test_what_nobody_can_tell_is_asked_again_and_then_parked(runtime: Runtime, call: Call) -> None:
    conclude(runtime, call, Unknown("no answer"))
    waits = []
    for asked in (1, 2, 3):
        clear(runtime, call, CannotTell("no list"), asked)
        lease = only(runtime).lease_until
        assert lease is not None
        waits.append(round((lease - clock.now()).total_seconds() / 60))
    assert waits == [1, 5, 15]
    assert only(runtime).state == "sending"
    clear(runtime, call, CannotTell("no list"), 4)
    message = only(runtime)
    assert (message.state, message.code) == ("parked", "doubt")
    assert message.reason == "it may have been sent (no answer), and nobody can tell: no list"
    assert said(runtime)[-1][1]["parked"]


def test_a_message_is_not_taken_for_another_one(runtime: Runtime, call: Call) -> None:
    conclude(runtime, call, Accepted("SM1"))
    tell(runtime, "case_returned", sequence=2)
    second = claimed(runtime)
    conclude(runtime, second, Unknown("…"))
    clear(runtime, second, Found("SM1"), 4)
    assert sorted((message.state, message.reference) for message in every(runtime)) == [
        ("accepted", "SM1"),
        ("parked", None),
    ]


Late = Callable[[Runtime, Call], None]


@pytest.mark.parametrize(
    ("first", "then", "state"),
    [
        (Accepted("SM1"), Later("x", "…"), "accepted"),
        (Accepted("SM1"), Rejected("21614", "…", "permanent"), "accepted"),
        (Accepted("SM1"), Unknown("…"), "accepted"),
        (Accepted("SM1"), Accepted("SM1"), "accepted"),
        (Rejected("21614", "…", "permanent"), Later("x", "…"), "failed"),
        (Later("x", "…"), Unknown("…"), "waiting"),
        (Rejected("21614", "…", "permanent"), Accepted("SM1"), "accepted"),
        (Later("x", "…"), Accepted("SM1"), "accepted"),
        (Unknown("…"), Later("x", "…"), "waiting"),
        (Unknown("…"), Rejected("21614", "…", "permanent"), "failed"),
    ],
)
def test_an_attempt_is_decided_once_but_proof_of_acceptance_wins(
    runtime: Runtime, call: Call, first: Outcome, then: Outcome, state: str
) -> None:
    conclude(runtime, call, first)
    conclude(runtime, call, then)
    assert only(runtime).state == state
    if state == "accepted":
        assert only(runtime).reference == "SM1"


def test_the_outcome_of_an_old_attempt_does_not_move_a_newer_one(runtime: Runtime, call: Call) -> None:
    conclude(runtime, call, Unknown("…"))
    clear(runtime, call, NotFound())
    second = claimed(runtime)
    for stale in (Later("x", "…"), Rejected("21614", "…", "permanent"), Unknown("…")):
        conclude(runtime, call, stale)
    assert (only(runtime).state, only(runtime).attempt_no) == ("sending", 2)
    conclude(runtime, second, Accepted("SM2"))
    assert only(runtime).reference == "SM2"


def test_a_late_truth_about_an_old_attempt_stops_the_next_one(runtime: Runtime, call: Call) -> None:
    conclude(runtime, call, Unknown("…"))
    clear(runtime, call, NotFound())
    second = claimed(runtime)
    conclude(runtime, call, Accepted("SM1"))  # the list lagged behind
    assert only(runtime).state == "sending"
    conclude(runtime, second, Later("20429", "…"))
    assert (only(runtime).state, only(runtime).reference) == ("accepted", "SM1")


def test_two_deliveries_of_one_message_are_both_recorded_and_logged(
    runtime: Runtime, call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    conclude(runtime, call, Unknown("…"))
    clear(runtime, call, NotFound())
    conclude(runtime, claimed(runtime), Accepted("SM2"))
    conclude(runtime, call, Accepted("SM1"))
    assert only(runtime).reference == "SM2"
    assert [(attempt.state, attempt.reference) for attempt in attempts_of(runtime)] == [
        ("accepted", "SM1"),
        ("accepted", "SM2"),
    ]
    assert "sent twice" in caplog.text


def test_a_parked_doubt_is_healed_by_the_call_that_ends_after_all(runtime: Runtime, call: Call) -> None:
    conclude(runtime, call, Unknown("the sender stopped during the call"))
    clear(runtime, call, CannotTell("…"), 4)
    assert only(runtime).state == "parked"
    conclude(runtime, call, Accepted("SM1"))
    assert (only(runtime).state, only(runtime).reference, only(runtime).reason) == ("accepted", "SM1", None)
    assert [kind for kind, _ in said(runtime)] == ["message_failed.v1", "message_accepted.v1"]


def test_events_of_a_message_are_counted(runtime: Runtime, call: Call) -> None:
    from tests.notify.world import outbox

    conclude(runtime, call, Rejected("21614", "…", "permanent"))
    conclude(runtime, call, Accepted("SM1"))
    assert [(event["subject"], event["sequence"]) for event in outbox(runtime)] == [
        (call.message_id, 1),
        (call.message_id, 2),
    ]
