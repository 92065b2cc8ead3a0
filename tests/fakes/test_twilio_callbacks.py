"""Callbacks are signed, repeated, reordered, copied and lost as scripted."""

from __future__ import annotations

import re
import socket
import time

import pytest
import requests
from twilio.request_validator import RequestValidator

from tests.fakes.conftest import OTHER, OTHER_TOKEN, SERVICE, TABLE, TO, Post, sdk
from tests.fakes.hook import Hook
from tests.fakes.twilio import SENDER, SID, TOKEN, FakeTwilio


def test_callbacks_come_in_order_and_signed(twilio: FakeTwilio, hook: Hook, post: Post) -> None:
    sid = post(StatusCallback=f"{hook.url}/hooks/sms/douliu?n=7&k=a%2Fb#rc=5&rp=5xx,ct,rt").json()["sid"]
    assert twilio.drain()
    assert hook.statuses() == ["sent", "delivered"]
    for call in hook.calls:
        assert call.url == f"{hook.url}/hooks/sms/douliu?n=7&k=a%2Fb"
        assert RequestValidator(TOKEN).validate(call.url, call.form, call.headers["x-twilio-signature"])
        assert not RequestValidator("other").validate(call.url, call.form, call.headers["x-twilio-signature"])
        assert (call.form["MessageSid"], call.form["To"], call.form["AccountSid"]) == (sid, TO, SID)
    assert re.fullmatch(r"\d{10}", hook.calls[-1].form["RawDlrDoneDate"])
    assert "ErrorCode" not in hook.calls[-1].form


def test_each_account_signs_with_its_own_token(twilio: FakeTwilio, hook: Hook) -> None:
    form = {"To": TO, "From": SENDER, "Body": "x", "StatusCallback": hook.url + "/cb"}
    requests.post(twilio.url + TABLE.replace(SID, OTHER), data=form, auth=(OTHER, OTHER_TOKEN), timeout=10)
    assert twilio.drain()
    call = hook.calls[0]
    assert RequestValidator(OTHER_TOKEN).validate(call.url, call.form, call.headers["x-twilio-signature"])


def test_a_messaging_service_also_reports_queued(twilio: FakeTwilio, hook: Hook, post: Post) -> None:
    post(MessagingServiceSid=SERVICE, StatusCallback=hook.url + "/cb")
    assert twilio.drain()
    assert hook.statuses() == ["queued", "sent", "delivered"]
    assert hook.calls[0].form["MessagingServiceSid"] == SERVICE


@pytest.mark.parametrize(
    ("suffix", "statuses"),
    [
        ("900001", []),
        ("900002", ["sent"] * 3 + ["delivered"] * 3),
        ("900003", ["delivered", "sent", "sending", "queued"]),
        ("900004", ["sent", "delivered"]),
        ("900006", ["sent"]),
        ("930003", ["sent", "undelivered"]),
        ("930036", ["failed"]),
    ],
)
def test_magic_recipients_script_the_callbacks(
    twilio: FakeTwilio, hook: Hook, post: Post, suffix: str, statuses: list[str]
) -> None:
    post(To=f"+886901{suffix}", StatusCallback=hook.url + "/cb")
    assert twilio.drain()
    assert hook.statuses() == statuses
    codes = {
        call.form.get("ErrorCode") for call in hook.calls if call.form["MessageStatus"] in ("undelivered", "failed")
    }
    assert codes == ({suffix[1:]} if suffix.startswith("93") else set())


def test_a_callback_may_come_before_the_response(twilio: FakeTwilio, hook: Hook, post: Post) -> None:
    answer = post(To="+886901900004", StatusCallback=hook.url + "/cb")
    assert len(hook.calls) == 2
    assert answer.json()["status"] == "queued"


def test_dropped_callbacks_still_move_the_message(twilio: FakeTwilio, hook: Hook, post: Post) -> None:
    twilio.script(callbacks={"statuses": ["sent", "undelivered"], "drop": ["undelivered"], "code": 30005})
    sid = post(StatusCallback=hook.url + "/cb").json()["sid"]
    assert twilio.drain()
    message = sdk(twilio).messages(sid).fetch()
    assert hook.statuses() == ["sent"]
    assert (message.status, message.error_code) == ("undelivered", 30005)


def test_delay_and_gap_are_kept(twilio: FakeTwilio, hook: Hook, post: Post) -> None:
    twilio.script(callbacks={"delay": 0.2, "gap": 0.2})
    started = time.monotonic()
    post(StatusCallback=hook.url + "/cb")
    assert hook.calls == []
    assert twilio.drain()
    assert time.monotonic() - started >= 0.4


@pytest.mark.parametrize(
    ("fragment", "answers", "calls"),
    [
        ("", [500], 1),
        ("#rc=2&rp=5xx", [500, 502], 3),
        ("#rc=1&rp=5xx", [500, 502], 2),
        ("#rc=5&rp=5xx,ct,rt", [403], 1),
        ("#rc=2&rp=4xx", [403, 403], 3),
        ("#rc=2&rp=all", [500, 404], 3),
        ("#rc=0&rp=all", [500], 1),
        ("#rc=9&rp=5xx", [500] * 9, 6),
        ("#rc=many&rp=5xx", [500, 500, 500], 2),
    ],
)
def test_overrides_decide_on_repeats(
    twilio: FakeTwilio, hook: Hook, post: Post, fragment: str, answers: list[int], calls: int
) -> None:
    twilio.script(callbacks={"statuses": ["sent"]})
    hook.answers.extend(answers)
    post(StatusCallback=hook.url + "/cb" + fragment)
    assert twilio.drain()
    assert len(hook.calls) == calls
    assert len({call.headers["i-twilio-idempotency-token"] for call in hook.calls}) == 1


def test_by_default_only_a_failed_connection_is_repeated_once(twilio: FakeTwilio, post: Post) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/cb"
    twilio.script(callbacks={"statuses": ["sent"]})
    post(StatusCallback=address)
    assert twilio.drain()
    assert [(attempt["result"], attempt["n"]) for attempt in twilio.callbacks()] == [("ct", 1), ("ct", 2)]


def test_a_read_timeout_override_is_kept(twilio: FakeTwilio, post: Post) -> None:
    twilio.script(callbacks={"statuses": ["sent"]})
    with socket.create_server(("127.0.0.1", 0)) as silent:
        post(StatusCallback=f"http://127.0.0.1:{silent.getsockname()[1]}/cb#rt=100&rc=1&rp=rt")
        assert twilio.drain(3)
    assert [attempt["result"] for attempt in twilio.callbacks()] == ["rt", "rt"]
