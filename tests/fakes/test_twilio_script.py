"""Scripted faults happen where they are said to, and are counted truly."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import closing
from typing import Any

import pytest
import requests

from tests.fakes.conftest import TABLE, TO, Post
from tests.fakes.hook import Hook
from tests.fakes.twilio import SENDER, SID, TOKEN, FakeTwilio
from tests.fakes.twilio_remote import RemoteTwilio


@pytest.mark.parametrize(
    ("answer", "status", "accepted"),
    [("error-before", 500, 0), ("error-after", 500, 1), ("throttle", 429, 0), ("garbage-after", 201, 1)],
)
def test_scripted_answers(twilio: FakeTwilio, post: Post, answer: str, status: int, accepted: int) -> None:
    twilio.script(answer=answer, times=2)
    assert [post().status_code for _ in range(3)] == [status, status, 201]
    assert len(twilio.accepted()) == 2 * accepted + 1
    assert [seen["status"] for seen in twilio.requests()] == [status, status, 201]


@pytest.mark.parametrize(("answer", "accepted"), [("reset-before", 0), ("reset-after", 1)])
def test_a_reset_is_a_reset(twilio: FakeTwilio, post: Post, answer: str, accepted: int) -> None:
    twilio.script(answer=answer)
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        post()
    assert len(twilio.accepted()) == accepted
    assert twilio.requests()[0]["status"] == 0


def test_rules_match_by_suffix_and_by_share(twilio: FakeTwilio, post: Post) -> None:
    twilio.script(answer="throttle", to_suffix="77", times=None)
    assert [post(To=f"+8869123456{tail}").status_code for tail in ("77", "78", "77")] == [429, 201, 429]
    twilio.reset()
    twilio.script(answer="throttle", times=None, share=0.5)
    statuses = {post().status_code for _ in range(40)}
    assert statuses == {429, 201}


def test_a_hung_client_that_was_killed_was_still_counted(twilio: FakeTwilio, hook: Hook) -> None:
    twilio.script(answer="hang-after", seconds=5)
    script = f"import requests; requests.post({twilio.url + TABLE!r}, auth={(SID, TOKEN)!r}, data={{'To': {TO!r}, "
    script += f"'From': {SENDER!r}, 'Body': 'x', 'StatusCallback': {hook.url + '/cb'!r}}})"
    with subprocess.Popen([sys.executable, "-c", script]) as client:
        until = time.monotonic() + 20
        while not hook.calls and time.monotonic() < until:
            time.sleep(0.02)
        client.send_signal(signal.SIGKILL)
    assert twilio.drain()
    assert len(twilio.accepted()) == 1
    assert hook.statuses() == ["sent", "delivered"]


@pytest.mark.parametrize("rule", [{"anser": "x"}, {"answer": "explode"}, {"callbacks": {"when": 1}}, {"callbacks": 7}])
def test_a_wrong_rule_is_refused(twilio: FakeTwilio, rule: dict[str, Any]) -> None:
    with closing(RemoteTwilio(twilio.url)) as remote, pytest.raises(ValueError, match=r"unknown|none of|iterable"):
        remote.script(**rule)
