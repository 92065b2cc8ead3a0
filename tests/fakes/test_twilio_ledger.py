"""What was accepted outlives clients and the stand-in itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import requests

from tests.fakes.conftest import TABLE, TO, Post, sdk
from tests.fakes.twilio import SENDER, SID, TOKEN, FakeTwilio
from tests.fakes.twilio_remote import ROOT, twilio_process


def test_the_count_outlives_the_stand_in_itself(tmp_path: Path, post: Post) -> None:
    state = tmp_path / "twilio.jsonl"
    with FakeTwilio(state=state) as first:
        for number in range(3):
            sdk(first).messages.create(to=TO, from_=SENDER, body=f"第 {number} 則\u2028")
        assert first.drain()
        gone, redacted, kept = (message["sid"] for message in first.accepted())
        sdk(first).messages(gone).delete()
        sdk(first).messages(redacted).update(body="")
    with state.open("a", encoding="utf-8") as torn:
        torn.write('\n{"event": "accep')
    with FakeTwilio(state=state) as second:
        assert [message["sid"] for message in second.accepted()] == [gone, redacted, kept]
        assert [message.sid for message in sdk(second).messages.list(to=TO)] == [kept, redacted]
        assert sdk(second).messages(kept).fetch().body == "第 2 則\u2028"
        assert sdk(second).messages(kept).fetch().status == "delivered"
        assert sdk(second).messages(redacted).fetch().body == ""
        second.reset()
        sdk(second).messages.create(to=TO, from_=SENDER, body="x")
    with FakeTwilio(state=state) as third:
        assert len(third.accepted()) == 1


def test_in_a_process_of_its_own(tmp_path: Path) -> None:
    with twilio_process(tmp_path / "state.jsonl") as twilio:
        twilio.script(answer="error-after")
        with requests.Session() as http:
            http.trust_env = False
            form = {"To": TO, "From": SENDER, "Body": "x"}
            answers = [http.post(twilio.url + TABLE, data=form, auth=(SID, TOKEN), timeout=10) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [500, 201]
        assert twilio.drain()
        assert twilio.count() == len(twilio.accepted()) == len(twilio.requests()) == 2
        assert twilio.callbacks() == []
        assert twilio.setting.startswith(f"twilio://{SID}:{TOKEN}@127.0.0.1:")
        twilio.reset()
        assert twilio.count() == 0


def test_the_port_can_be_chosen_and_bad_arguments_are_usage_errors() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.fakes.twilio", "--port", "x"], cwd=ROOT, capture_output=True, timeout=30
    )
    assert run.returncode == 2
