"""Dying at the worst moments: between claim and call, after the provider has accepted, while recording, while asking.

In this process the death is an exception that nothing catches; in a process of its own it is SIGKILL.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.runtime import Runtime
from services.notify import attempts, claims, doubts
from services.notify import sender as sender_module
from services.notify.couriers import MailCourier, SmsCourier
from services.notify.mail import ConsoleMail, mail_from
from services.notify.ports import Ports
from services.notify.sender import Sender
from services.notify.sms import ConsoleSms
from services.notify.twilio_sms import TwilioSms
from tests.fakes.mailbox import Mailbox
from tests.fakes.twilio import SENDER, SID, TOKEN, FakeTwilio
from tests.fakes.twilio_remote import RemoteTwilio, twilio_process
from tests.notify.conftest import Make
from tests.notify.world import EMAIL, Shifted, at_once, every, only, tell
from tests.platform import free_port
from tests.servers import ROOT

FINAL = ("accepted", "delivered", "failed", "parked")


class Killed(BaseException):
    """The process is dead: no handler of ordinary errors runs."""


def dying_at(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Die at the first passing of this place."""
    passed: list[str] = []

    def reached(name: str) -> None:
        if name == place and not passed:
            passed.append(name)
            raise Killed(name)

    monkeypatch.setattr(sender_module, "failpoint", reached)
    for module, function in ((claims, "_prepare"), (attempts, "conclude"), (doubts, "clear")):
        original = getattr(module, function)
        name = f"{module.__name__.rpartition('.')[2]}.{function}"

        def wrapped(*arguments: object, _original: Callable[..., object] = original, _name: str = name) -> object:
            done = _original(*arguments)
            reached(_name)
            return done

        monkeypatch.setattr(module, function, wrapped)


@pytest.fixture
def connected(runtime: Runtime, twilio: FakeTwilio) -> Runtime:
    port = TwilioSms(SID, TOKEN, SENDER, origin=twilio.url, answer_within=0.3, settle=2)
    runtime.ports = Ports(port, ConsoleMail())
    return runtime


def live_until_final(courier: SmsCourier | MailCourier, runtime: Runtime, lives: int = 12) -> None:
    """One sender after another, each a little later than the last, until every message has an end."""
    now = Shifted()
    for _ in range(lives):
        one = Sender(runtime, courier, spawn=at_once, now=now)
        try:
            one.ask()
            one.send()
        except Killed:
            pass
        if all(message.state in FINAL for message in every(runtime)):
            return
        now.forward(seconds=8)
    raise AssertionError([(message.state, message.code) for message in every(runtime)])


@pytest.mark.parametrize("fault", [{"answer": "accept"}, {"answer": "error-after"}, {"answer": "error-before"}])
@pytest.mark.parametrize(
    "place", ["claims._prepare", "after_claim", "after_accept", "attempts.conclude", "doubts.clear", "nowhere"]
)
def test_a_death_anywhere_neither_loses_a_message_nor_sends_it_twice(
    connected: Runtime, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch, place: str, fault: dict[str, str]
) -> None:
    twilio.script(**fault)
    for number in range(3):
        tell(connected, number=f"DL-115-00000{number}-1")
    dying_at(monkeypatch, place)
    live_until_final(SmsCourier(connected), connected)
    assert Counter(message.state for message in every(connected)) == {"accepted": 3}
    assert len({kept["body"] for kept in twilio.accepted()}) == len(twilio.accepted()) == 3
    assert {kept["sid"] for kept in twilio.accepted()} == {message.reference for message in every(connected)}


@pytest.mark.parametrize(
    ("place", "state", "received"),
    [
        ("claims._prepare", "accepted", 1),
        ("after_claim", "parked", 0),
        ("after_accept", "parked", 1),
        ("attempts.conclude", "parked", 1),
    ],
)
def test_a_mail_in_doubt_is_parked_never_repeated(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, place: str, state: str, received: int
) -> None:
    with Mailbox() as box:
        runtime.ports = Ports(ConsoleSms(), mail_from(box.setting))
        tell(runtime, phone=None, email=EMAIL)
        dying_at(monkeypatch, place)
        live_until_final(MailCourier(runtime), runtime)
        assert (only(runtime).state, len(box.received)) == (state, received)
        assert (only(runtime).code == "doubt") == (state == "parked")


@contextmanager
def notify_process(url: str, folder: Path, port: int | None = None, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        "PATH": os.environ["PATH"],
        "NO_PROXY": "*",
        "LAMPPOST_NOTIFY_STORE": url,
        "LAMPPOST_DATA": str(folder),
        **more,
    }
    command = [sys.executable, "-m", "tests.notify.notify_process", *([str(port)] if port else [])]
    with (folder / "notify.log").open("ab") as log:
        child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield child
        finally:
            child.terminate()
            child.wait(30)


def ended(runtime: Runtime) -> bool:
    return all(message.state in FINAL for message in every(runtime))


def kill_until_done(
    runtime: Runtime, url: str, folder: Path, settings: dict[str, str], failpoints: str, deaths: int
) -> int:
    """Let processes die at the failpoints, start another each time, and let the last one finish. Returns the deaths."""
    died = 0
    end = time.monotonic() + 120
    while not ended(runtime):
        assert time.monotonic() < end, Counter(message.state for message in every(runtime))
        armed = {"LAMPPOST_FAILPOINT": failpoints} if died < deaths else {}
        with notify_process(url, folder, **settings, **armed) as child:
            while child.poll() is None and not ended(runtime):
                time.sleep(0.1)
            died += child.poll() == -signal.SIGKILL
    return died


def test_killed_senders_send_every_sms_exactly_once(
    make: Make, postgres_url: str, tmp_path: Path, keys_file: Path
) -> None:
    with twilio_process() as twilio:
        settings = {
            "LAMPPOST_SMS": f"{twilio.setting}&settle=1",
            "LAMPPOST_KEYS": str(keys_file),
            "LAMPPOST_PUBLIC_URL": "http://127.0.0.1:9",
        }
        runtime = make(postgres_url, **settings)
        for number in range(30):
            tell(runtime, number=f"DL-115-{number:06}-1")
        died = kill_until_done(runtime, postgres_url, tmp_path, settings, "after_accept:0.25,after_claim:0.1", deaths=4)
        assert died >= 2
        assert Counter(message.state for message in every(runtime)) == {"accepted": 30}
        _exactly_once(twilio, 30)


def test_killed_senders_never_send_a_mail_twice(make: Make, sqlite_url: str, tmp_path: Path, keys_file: Path) -> None:
    with Mailbox() as box:
        settings = {"LAMPPOST_MAIL": box.setting, "LAMPPOST_KEYS": str(keys_file)}
        runtime = make(sqlite_url, **settings)
        for number in range(20):
            tell(runtime, phone=None, email=EMAIL, number=f"DL-115-{number:06}-1")
        died = kill_until_done(runtime, sqlite_url, tmp_path, settings, "after_accept:0.2", deaths=2)
        found = Counter(message.state for message in every(runtime))
        subjects = Counter(letter.letter["Subject"] for letter in box.received)
        assert died >= 1
        assert found["accepted"] + found["parked"] == 20
        assert set(subjects.values()) == {1}
        assert found["accepted"] <= len(box.received)
        assert all(message.reason for message in every(runtime) if message.state == "parked")


def test_receipts_come_back_to_a_real_process(make: Make, postgres_url: str, tmp_path: Path, keys_file: Path) -> None:
    port = free_port()
    with twilio_process() as twilio:
        settings = {
            "LAMPPOST_SMS": f"{twilio.setting}&settle=1",
            "LAMPPOST_KEYS": str(keys_file),
            "LAMPPOST_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        runtime = make(postgres_url, **settings)
        phones = {"+886901900004": "delivered", "+886901930005": "failed", "+886901900003": "delivered"}
        with notify_process(postgres_url, tmp_path, port, **settings):
            for number, phone in enumerate(phones):
                tell(runtime, phone=phone, number=f"DL-115-{number:06}-1")
            end = time.monotonic() + 60
            while {message.state for message in every(runtime)} != {"delivered", "failed"}:
                assert time.monotonic() < end, [(one.state, one.reason) for one in every(runtime)]
                time.sleep(0.1)
            assert twilio.drain()
        found = {message.case_number: message for message in every(runtime)}
        states = [found[f"DL-115-{number:06}-1"].state for number in range(3)]
        assert states == list(phones.values())
        assert found["DL-115-000001-1"].code == "30005"
        _exactly_once(twilio, 3)
    log = (tmp_path / "notify.log").read_text(encoding="utf-8")
    assert not any(phone.removeprefix("+886") in log for phone in phones)


def _exactly_once(twilio: RemoteTwilio, count: int) -> None:
    bodies = Counter(kept["body"] for kept in twilio.accepted())
    assert len(bodies) == count
    assert set(bodies.values()) == {1}


def test_a_sender_in_a_second_process_leaves_living_calls_alone(connected: Runtime, twilio: FakeTwilio) -> None:
    now = Shifted()
    other = Sender(connected, SmsCourier(connected), spawn=at_once, now=now)

    class Meanwhile(SmsCourier):
        """While this call lasts, another process looks around."""

        def send(self, call: claims.Call, moment: object) -> object:  # type: ignore[override]
            other.ask()
            other.send()
            return super().send(call, moment)  # type: ignore[arg-type]

    tell(connected)
    Sender(connected, Meanwhile(connected), spawn=at_once).send()
    assert only(connected).state == "accepted"
    assert len(twilio.accepted()) == 1


def test_a_lease_is_longer_than_it_takes_to_renew_it() -> None:
    assert timedelta(seconds=2 * (sender_module.RENEW_AFTER + sender_module.TICK)) < claims.LEASE
