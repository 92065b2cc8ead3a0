"""The sender and a stand-in Twilio that breaks in every way: each message arrives once, or is shown with a reason."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chassis import clock
from chassis.runtime import Runtime
from chassis.store import Store, StoreDown
from services.notify import sender as sender_module
from services.notify.couriers import SmsCourier
from services.notify.loops import start
from services.notify.mail import ConsoleMail
from services.notify.outcome import Accepted, Outcome, Rejected, Unknown
from services.notify.ports import Ports
from services.notify.sender import Sender
from services.notify.sms import RecordingSms
from services.notify.twilio_sms import TwilioSms
from tests.fakes.twilio import SENDER, SID, TOKEN, FakeTwilio
from tests.notify.world import Shifted, at_once, attempts_of, every, only, open_text, record, said, sender, tell

FINAL = ("accepted", "delivered", "failed", "parked", "suppressed", "expired")


@pytest.fixture
def connected(runtime: Runtime, twilio: FakeTwilio) -> Runtime:
    """notify that sends to the stand-in, does not wait long for it, and asks about doubts at once."""
    port = TwilioSms(SID, TOKEN, SENDER, origin=twilio.url, answer_within=0.3, settle=0)
    runtime.ports = Ports(port, ConsoleMail())
    return runtime


def until_final(runtime: Runtime, rounds: int = 30) -> None:
    """Send and ask, with the pauses skipped, until every message has an end."""
    now = Shifted()
    one = Sender(runtime, SmsCourier(runtime), spawn=at_once, now=now)
    for _ in range(rounds):
        one.send()
        one.ask()
        if all(message.state in FINAL for message in every(runtime)):
            return
        waiting = [message.due_at for message in every(runtime) if message.state == "waiting"]
        if waiting and min(waiting) > now():
            now.by = min(waiting) - clock.now() + timedelta(seconds=0.1)
    raise AssertionError(f"no end: {[(one.state, one.code) for one in every(runtime)]}")


def test_a_message_is_handed_over_as_it_was_written(connected: Runtime, twilio: FakeTwilio) -> None:
    tell(connected)
    sender(connected).send()
    message, (kept,) = only(connected), twilio.accepted()
    assert (message.state, message.reference, message.segments) == ("accepted", kept["sid"], kept["segments"])
    assert kept["to"] == "+886912345678"
    assert kept["body"] == open_text(connected, message)
    nonce = attempts_of(connected)[0].nonce
    address = f"http://127.0.0.1:8000/hooks/sms/twilio?t=douliu&m={message.id}&n=1&k={nonce}"
    assert kept["StatusCallback"].partition("#")[0] == address


FAULTS = [
    ({"answer": "accept"}, "accepted", 1, 1),
    ({"answer": "refuse", "code": 21211}, "failed", 0, 1),
    ({"answer": "refuse", "code": 29999}, "failed", 0, 1),
    ({"answer": "problem", "code": 21614}, "failed", 0, 1),
    ({"answer": "refuse", "code": 21610}, "failed", 0, 1),
    ({"answer": "refuse", "code": 20003, "status": 401}, "parked", 0, 1),
    ({"answer": "refuse", "code": 21606}, "parked", 0, 1),
    ({"answer": "throttle"}, "accepted", 1, 2),
    ({"answer": "throttle", "times": None}, "failed", 0, 8),
    ({"answer": "refuse", "code": 21611, "times": 3}, "accepted", 1, 4),
    ({"answer": "error-before"}, "accepted", 1, 2),
    ({"answer": "error-before", "times": 3}, "accepted", 1, 4),
    ({"answer": "error-before", "times": None}, "failed", 0, 8),
    ({"answer": "error-after"}, "accepted", 1, 1),
    ({"answer": "reset-before"}, "accepted", 1, 2),
    ({"answer": "reset-after"}, "accepted", 1, 1),
    ({"answer": "hang-before", "seconds": 1}, "accepted", 1, 2),
    ({"answer": "hang-after", "seconds": 1}, "accepted", 1, 1),
    ({"answer": "garbage-after"}, "accepted", 1, 1),
]


@pytest.mark.parametrize(
    ("fault", "state", "accepted", "requests"),
    FAULTS,
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
def test_every_fault_of_the_provider_ends_with_one_message_or_a_reason(
    connected: Runtime, twilio: FakeTwilio, fault: dict[str, Any], state: str, accepted: int, requests: int
) -> None:
    twilio.script(**fault)
    tell(connected)
    until_final(connected)
    message = only(connected)
    assert (message.state, len(twilio.accepted()), len(twilio.requests())) == (state, accepted, requests)
    assert (message.reference is None) == (state != "accepted")
    assert (message.reason is None) == (state == "accepted")
    assert [kind for kind, _ in said(connected)] == [f"message_{'accepted' if state == 'accepted' else 'failed'}.v1"]


def test_a_provider_that_is_away_is_tried_again(connected: Runtime, twilio: FakeTwilio) -> None:
    away = TwilioSms(SID, TOKEN, SENDER, origin="http://127.0.0.1:1", settle=0)
    there, connected.ports = connected.ports, Ports(away, ConsoleMail())
    tell(connected)
    sender(connected).send()
    assert (only(connected).state, only(connected).attempt_no) == ("waiting", 1)
    connected.ports = there
    until_final(connected)
    assert (only(connected).state, len(twilio.accepted())) == ("accepted", 1)


def test_a_doubt_that_nobody_can_clear_is_parked(connected: Runtime, twilio: FakeTwilio) -> None:
    there = connected.ports
    twilio.script(answer="error-after")
    tell(connected)
    sender(connected).send()
    connected.ports = Ports(TwilioSms(SID, TOKEN, SENDER, origin="http://127.0.0.1:1", settle=0), ConsoleMail())
    until_final(connected)
    message = only(connected)
    assert (message.state, message.code) == ("parked", "doubt")
    connected.ports = there
    until_final(connected)
    assert len(twilio.accepted()) == 1


def test_doubts_wait_until_the_provider_can_know(connected: Runtime, twilio: FakeTwilio) -> None:
    port = TwilioSms(SID, TOKEN, SENDER, origin=twilio.url, settle=60)
    connected.ports = Ports(port, ConsoleMail())
    now = Shifted()
    one = Sender(connected, SmsCourier(connected), spawn=at_once, now=now)
    twilio.script(answer="error-after")
    tell(connected)
    one.send()
    now.forward(seconds=58)
    one.ask()
    assert only(connected).state == "sending"
    now.forward(seconds=3)
    one.ask()
    assert only(connected).state == "accepted"


def test_a_port_that_raises_leaves_a_doubt_and_no_second_send(runtime: Runtime) -> None:
    ports = record(runtime)
    ports.sms.send = lambda *arguments: 1 / 0  # type: ignore[method-assign]
    tell(runtime)
    sender(runtime).send()
    (attempt,) = attempts_of(runtime)
    assert (only(runtime).state, attempt.state) == ("sending", "unknown")
    assert attempt.reason == "ZeroDivisionError during the call"


def test_what_cannot_be_unsealed_is_parked(runtime: Runtime) -> None:
    record(runtime)
    tell(runtime)
    with runtime.store.everywhere() as session:
        from sqlalchemy import update

        from services.notify.model import Message

        session.execute(update(Message).values(text="gAAAAA"))
    sender(runtime).send()
    assert (only(runtime).state, only(runtime).code) == ("parked", "unsealable")


def test_a_call_that_would_begin_too_late_is_not_made(runtime: Runtime) -> None:
    ports = record(runtime)
    now = Shifted()

    def slowly(work: Callable[..., None], *arguments: Any) -> None:
        now.forward(seconds=6)
        work(*arguments)

    tell(runtime)
    Sender(runtime, SmsCourier(runtime), spawn=slowly, now=now).send()
    assert (only(runtime).state, attempts_of(runtime)[0].code) == ("waiting", "late")
    assert isinstance(ports.sms, RecordingSms)
    assert ports.sms.sent == []


class Slow(RecordingSms):
    """Answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.calls: Counter[str] = Counter()

    def send(self, to: str, body: str, callback: str | None, expires_in: int | None) -> Outcome:
        self.calls[to] += 1
        if to.endswith("99"):
            assert self.go.wait(20)
        return super().send(to, body, callback, expires_in)


def wait_for(true: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def test_a_slow_call_holds_up_neither_the_others_nor_its_own_lease(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow()
    runtime.ports = Ports(slow, ConsoleMail())
    for module in (sender_module, sender_module.claims, sender_module.doubts):
        monkeypatch.setattr(module, "LEASE", timedelta(seconds=2))
    monkeypatch.setattr(sender_module, "RENEW_AFTER", 0.3)
    monkeypatch.setattr(sender_module, "TICK", 0.2)
    tell(runtime, phone="+886911111199", number="DL-115-000099-1")
    stop = start(runtime)
    try:
        wait_for(lambda: slow.calls["+886911111199"] == 1)
        for number in range(20):
            tell(runtime, number=f"DL-115-{number:06}-1")
        wait_for(lambda: Counter(one.state for one in every(runtime)) == {"accepted": 20, "sending": 1})
        time.sleep(3)  # longer than its lease
        assert slow.calls["+886911111199"] == 1
        assert attempts_of(runtime)[0].state in ("prepared", "accepted")
        slow.go.set()
        wait_for(lambda: {one.state for one in every(runtime)} == {"accepted"})
        assert set(slow.calls.values()) == {1, 20}
    finally:
        slow.go.set()
        stop()


def test_a_commit_wakes_the_sender(runtime: Runtime) -> None:
    ports = record(runtime)
    assert isinstance(ports.sms, RecordingSms)
    stop = start(runtime)
    try:
        time.sleep(0.3)
        begun = time.monotonic()
        tell(runtime)
        wait_for(lambda: only(runtime).state == "accepted")
        assert time.monotonic() - begun < 0.9, "it waited for the timer"
    finally:
        stop()


def test_stopping_finishes_the_calls_in_hand(runtime: Runtime) -> None:
    slow = Slow()
    runtime.ports = Ports(slow, ConsoleMail())
    tell(runtime, phone="+886911111199")
    stop = start(runtime)
    wait_for(lambda: slow.calls["+886911111199"] == 1)
    threading.Timer(0.5, slow.go.set).start()
    stop()
    assert only(runtime).state == "accepted"
    tell(runtime, number="DL-115-000002-2")
    time.sleep(1.3)
    assert [message.state for message in every(runtime)] == ["accepted", "waiting"]


class Flaky:
    """A store whose sessions of one office fail some times."""

    def __init__(self, store: Store, times: int) -> None:
        self._store, self.left = store, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def session(self, tenant: str, **more: Any) -> Any:
        if tenant != "*" and self.left:
            self.left -= 1
            raise StoreDown("away")
        return self._store.session(tenant, **more)


def test_an_outcome_is_kept_until_the_store_takes_it(runtime: Runtime) -> None:
    record(runtime, sms=[Accepted("SM1", 2)])
    tell(runtime)
    real = runtime.store
    one = sender(runtime)
    one._store = Flaky(real, 2)  # type: ignore[assignment]
    one.send()
    assert (only(runtime).state, only(runtime).reference) == ("accepted", "SM1")


@pytest.mark.parametrize("outcome", [Unknown("…"), Rejected("20003", "…", "configuration")])
def test_the_sender_goes_on_after_a_bad_message(runtime: Runtime, outcome: Outcome) -> None:
    record(runtime, sms=[outcome])
    for number in range(3):
        tell(runtime, number=f"DL-115-00000{number}-1")
    sender(runtime).send()
    assert Counter(message.state for message in every(runtime))["accepted"] == 2
