"""Taking messages in hand: written down before the call, fair to every office, in the order of a case, never twice."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis import clock
from chassis.runtime import Runtime
from services.notify import claims, messages, suppressions
from services.notify.claims import LEASE, Call, Claimed
from services.notify.messages import LIFETIME
from tests.notify.world import EMAIL, attempts_of, every, only, said, tell


def claim(runtime: Runtime, room: int = 10, now: datetime | None = None, channel: Any = "sms") -> Claimed:
    with runtime.store.everywhere() as session:
        return claims.claim(session, runtime.tenants, channel, room, now or clock.now())


def refuse(runtime: Runtime, claimed: Claimed) -> None:
    for refusal in claimed.refused:
        with runtime.store.session(refusal.tenant) as session:
            claims.refuse(session, refusal, clock.now())


def finish(runtime: Runtime, call: Call, reference: str) -> None:
    with runtime.store.session(call.tenant) as session:
        message = messages.alone(session, call.message_id)
        assert message is not None
        messages.accept(session, message, reference, 1, clock.now())


def test_an_attempt_is_written_before_the_call(runtime: Runtime) -> None:
    tell(runtime)
    (call,) = claim(runtime).calls
    message, (attempt,) = only(runtime), attempts_of(runtime)
    assert (message.state, message.attempt_no, message.tries) == ("sending", 1, 1)
    assert message.lease_until is not None
    assert timedelta(0) < message.lease_until - clock.now() <= LEASE
    assert (attempt.message_id, attempt.n, attempt.state) == (message.id, 1, "prepared")
    assert (call.nonce, call.n, call.tenant, call.text) == (attempt.nonce, 1, "douliu", message.text)
    assert len(attempt.nonce) == 32


def test_what_is_in_hand_is_not_taken_again(runtime: Runtime) -> None:
    tell(runtime)
    assert len(claim(runtime).calls) == 1
    assert len(claim(runtime)) == 0


def test_what_is_not_due_waits(laptop: Runtime) -> None:
    tell(laptop)
    assert len(claim(laptop, now=clock.now() - timedelta(minutes=1))) == 0


def test_each_channel_is_claimed_by_itself(laptop: Runtime) -> None:
    tell(laptop, email=EMAIL)
    assert [call.subject is None for call in claim(laptop).calls] == [True]
    assert [call.subject is None for call in claim(laptop, channel="email").calls] == [False]


def test_no_more_is_taken_than_there_is_room_for(runtime: Runtime) -> None:
    for number in range(5):
        tell(runtime, number=f"DL-115-00000{number}-1")
    assert [len(claim(runtime, room=2)) for _ in range(4)] == [2, 2, 1, 0]


def test_every_office_gets_its_turn(runtime: Runtime) -> None:
    for number in range(30):
        tell(runtime, number=f"DL-115-{number:06}-1")
    for office in ("anping", "yangmei"):
        tell(runtime, tenant=office, number=f"{office[:2].upper()}-115-000001-1")
    first = Counter(call.tenant for call in claim(runtime, room=5).calls)
    assert first == {"douliu": 3, "anping": 1, "yangmei": 1}


@settings(deadline=None, max_examples=60)
@given(
    backlog=st.dictionaries(st.sampled_from(["douliu", "anping", "yanshui", "yangmei"]), st.integers(1, 12)),
    room=st.integers(1, 10),
)
def test_no_office_gets_more_than_one_turn_ahead_of_another(backlog: dict[str, int], room: int) -> None:
    rows = [_Row(f"{office}{place}", office, place) for office, count in backlog.items() for place in range(count)]
    chosen = Counter(one.rstrip("0123456789") for one in claims._turns(rows, room, lambda order: None))
    assert sum(chosen.values()) == min(room, len(rows))
    for office, count in backlog.items():
        if chosen[office] < count:
            assert chosen[office] >= max(chosen.values()) - 1


class _Row(tuple[str, str, datetime]):
    due_at: datetime

    def __new__(cls, message_id: str, office: str, place: int) -> _Row:
        due = clock.now() + timedelta(seconds=place)
        row = super().__new__(cls, (message_id, office, due))
        row.due_at = due
        return row


def test_a_later_turn_of_a_case_waits_for_the_earlier_one(runtime: Runtime) -> None:
    tell(runtime, "case_closed", sequence=5)
    tell(runtime, "case_opened", sequence=1)
    tell(runtime, "case_returned", sequence=3)
    tell(runtime, "case_opened", number="DL-115-000009-9", sequence=1)
    order = []
    while calls := claim(runtime).calls:
        order.append(
            sorted((one.purpose for one in every(runtime) if one.state == "sending"), key=list(LIFETIME).index)
        )
        for call in calls:
            finish(runtime, call, f"sm-{call.message_id}")
    assert order == [["case_opened", "case_opened"], ["case_returned"], ["case_closed"]]


def test_a_parked_message_holds_up_nobody(laptop: Runtime) -> None:
    tell(laptop, "case_opened", sequence=1)
    first = only(laptop).id
    with laptop.store.session("douliu") as session:
        message = messages.alone(session, first)
        assert message is not None
        messages.fail(session, message, "parked", "quota", "…", clock.now())
    tell(laptop, "case_returned", sequence=3)
    assert len(claim(laptop).calls) == 1


def test_what_is_out_of_date_is_not_sent(runtime: Runtime) -> None:
    tell(runtime)
    claimed = claim(runtime, now=clock.now() + LIFETIME["case_opened"])
    assert not claimed.calls
    refuse(runtime, claimed)
    assert (only(runtime).state, only(runtime).code, only(runtime).attempt_no) == ("expired", "expired", 0)
    assert [kind for kind, _ in said(runtime)] == ["message_failed.v1"]


def test_an_opt_out_between_event_and_sending_is_honoured(runtime: Runtime) -> None:
    tell(runtime)
    message = only(runtime)
    with runtime.store.session("douliu") as session:
        suppressions.suppress(session, message, "21610", clock.now())
        suppressions.suppress(session, message, "21610", clock.now())
    claimed = claim(runtime)
    assert not claimed.calls
    refuse(runtime, claimed)
    assert (only(runtime).state, only(runtime).code) == ("suppressed", "opted-out")
    assert attempts_of(runtime) == []


def test_a_refusal_does_not_touch_what_has_gone_on(laptop: Runtime) -> None:
    tell(laptop)
    claimed = claim(laptop, now=clock.now() + LIFETIME["case_opened"])
    claim(laptop)
    refuse(laptop, claimed)
    assert only(laptop).state == "sending"


def test_claims_at_the_same_moment_share_and_never_overlap(runtime: Runtime) -> None:
    for number in range(24):
        tell(runtime, number=f"DL-115-{number:06}-1")
    found: list[Call] = []
    ready = threading.Barrier(4)

    def take() -> None:
        ready.wait()
        while calls := claim(runtime, room=3).calls:
            found.extend(calls)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while calls := claim(runtime, room=3).calls:  # what a busy claimer skipped
        found.extend(calls)
    assert len(found) == len({call.message_id for call in found}) == 24
    assert {attempt.n for attempt in attempts_of(runtime)} == {1}


@pytest.mark.parametrize("again", [1, 2])
def test_a_message_sent_again_has_a_new_nonce(laptop: Runtime, again: int) -> None:
    tell(laptop)
    message_id = only(laptop).id
    for _ in range(again + 1):
        claim(laptop)
        with laptop.store.session("douliu") as session:
            message = messages.alone(session, message_id)
            assert message is not None
            messages.wait(session, message, clock.now(), clock.now())
    assert len({attempt.nonce for attempt in attempts_of(laptop)}) == again + 1
