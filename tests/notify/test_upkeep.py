"""Forgetting what is old, counting what is not finished, starting and stopping."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client import generate_latest
from sqlalchemy import func, select

from chassis import clock
from chassis.runtime import Runtime
from chassis.web.metrics import registry
from services.notify import loops, manifest, retention
from services.notify.counts import counts
from services.notify.model import Attempt, Message
from services.notify.outcome import Rejected
from tests.notify.world import every, record, sender, tell

DAYS = timedelta(days=180)


def test_what_is_finished_and_old_is_forgotten_with_its_attempts(runtime: Runtime) -> None:
    record(runtime, sms=[Rejected("20003", "…", "configuration")])
    tell(runtime)  # parked: stays until somebody decides
    sender(runtime).send()
    tell(runtime, number="DL-115-000002-2")
    tell(runtime, tenant="anping", number="AP-115-000003-3")
    sender(runtime).send()
    tell(runtime, number="DL-115-000004-4")  # waiting
    office = runtime.tenant("douliu")
    assert retention.forget(runtime.store, office, clock.now() + DAYS - timedelta(minutes=1)) == 0
    assert retention.forget(runtime.store, office, clock.now() + DAYS + timedelta(minutes=1)) == 1
    left = sorted((message.case_number or "", message.state) for message in every(runtime))
    assert left == [("AP-115-000003-3", "accepted"), ("DL-115-000004-4", "waiting"), ("DL-115-004217-6", "parked")]
    with runtime.store.everywhere() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 2


def test_forgetting_takes_many_in_several_bites(laptop: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    record(laptop)
    for number in range(5):
        tell(laptop, number=f"DL-115-{number:06}-1")
    sender(laptop).send()
    assert retention.forget(laptop.store, laptop.tenant("douliu"), clock.now() + 2 * DAYS) == 5


def test_what_is_not_finished_is_counted_with_its_age(runtime: Runtime) -> None:
    tell(runtime)
    with runtime.store.everywhere() as session:
        message = session.scalars(select(Message)).one()
        message.created_at = clock.now() - timedelta(minutes=10)
    loops.keep(runtime, forgetting=True)
    shown = generate_latest(registry("notify")).decode()
    assert 'lamppost_notify_messages{state="waiting"} 1.0' in shown
    assert 'lamppost_notify_messages{state="parked"} 0.0' in shown
    age = next(line for line in shown.splitlines() if line.startswith('lamppost_notify_age_seconds{state="waiting"}'))
    assert 599 < float(age.split()[-1]) < 700


def test_attempts_and_callbacks_are_counted(laptop: Runtime) -> None:
    def count(meter: str, **labels: str) -> float:
        return registry("notify").get_sample_value(f"lamppost_notify_{meter}_total", labels) or 0.0

    counts()
    accepted, forged = count("attempts", channel="sms", outcome="accepted"), count("callbacks", result="forged")
    tell(laptop)
    sender(laptop).send()
    manifest.web(laptop).test_client().post("/hooks/sms/twilio", data={"MessageSid": "x"})
    assert count("attempts", channel="sms", outcome="accepted") == accepted + 1
    assert count("callbacks", result="forged") == forged + 1


def test_starting_sends_both_channels_and_stopping_ends_it(runtime: Runtime) -> None:
    import time

    tell(runtime, email="wang@example.tw")
    stop = manifest.start(runtime)
    assert stop is not None
    end = time.monotonic() + 15
    while {message.state for message in every(runtime)} != {"accepted"}:
        assert time.monotonic() < end
        time.sleep(0.05)
    stop()
    tell(runtime, number="DL-115-000002-2")
    time.sleep(1.2)
    assert [message.state for message in every(runtime)].count("waiting") == 1


def test_the_package_is_cheap_to_import() -> None:
    import subprocess
    import sys

    code = (
        "import sys, services.notify\n"
        "heavy = {'flask', 'twilio', 'phonenumbers', 'requests', 'smtplib'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
