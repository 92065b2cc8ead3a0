"""One setting chooses the SMS port, and says which part of it is wrong."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from services.notify.outcome import Accepted, Found, Later, NotFound, Unknown
from services.notify.receipts import Receipt
from services.notify.sms import ConsoleSms, RecordingSms, SmsPort, sms_from
from services.notify.twilio_sms import TwilioSms
from tests.fakes.twilio import SID, TOKEN

GOOD = f"twilio://{SID}:{TOKEN}@api.twilio.com?from=%2B886900000001"
SERVICE = "MG" + "0" * 32
NOW = datetime.now(UTC)


def test_console_is_chosen() -> None:
    assert isinstance(sms_from("console:"), ConsoleSms)


@pytest.mark.parametrize(
    "setting",
    [
        GOOD,
        f"{GOOD}&service={SERVICE}",
        f"twilio://{SID}:{TOKEN}@api.twilio.com?service={SERVICE}",
        f"{GOOD}&tls=on",
        f"twilio://{SID}:{TOKEN}@api.twilio.com/?from=111",
        f"twilio://{SID}:{TOKEN}@127.0.0.1:8080?from=Douliu&tls=off",
        f"twilio://{SID}:a%2Fb%40c@[::1]:8080?from=%2B886900000001&tls=off",
    ],
)
def test_twilio_is_chosen(setting: str) -> None:
    assert isinstance(sms_from(setting), TwilioSms)


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("", "console: or start with twilio://"),
        ("console", "console: or start with twilio://"),
        ("smtp://x", "console: or start with twilio://"),
        (GOOD.replace(SID, "AC12"), "account SID"),
        (GOOD.replace(f"{SID}:{TOKEN}@", ""), "account SID"),
        (GOOD.replace(f":{TOKEN}", ""), "auth token"),
        (GOOD.replace(f":{TOKEN}", ":"), "auth token"),
        (GOOD.replace("api.twilio.com", ""), "host"),
        (GOOD.replace("api.twilio.com", "api.twilio.com:99999"), "port"),
        (GOOD.replace("api.twilio.com", "api.twilio.com:abc"), "port"),
        (GOOD.replace("api.twilio.com", "api.twilio.com/2010"), "between the host and the question mark"),
        (GOOD.replace("?from=%2B886900000001", ""), "'from' .or 'service'. is missing"),
        (GOOD.replace("%2B", "+"), "'from' must be"),
        (GOOD.replace("%2B886900000001", ""), "'from' is empty"),
        (GOOD.replace("%2B886900000001", "TwelveLetter"), "'from' must be"),
        (f"{GOOD}&service=MG1", "'service' must be"),
        (f"{GOOD}&tls=maybe", "'tls' is 'maybe'"),
        (f"{GOOD}&tls=off", "'tls' may be off only for a stand-in"),
        (f"{GOOD}&form=x", "unknown option 'form'"),
        (f"{GOOD}&from=111", "'from' is given twice"),
        (GOOD.replace("api.twilio.com", "[::1"), "cannot be read"),
    ],
)
def test_the_wrong_part_is_named(setting: str, named: str) -> None:
    with pytest.raises(ValueError, match=named) as caught:
        sms_from(setting)
    assert TOKEN not in str(caught.value)
    assert str(caught.value).startswith("SMS setting: ")


def test_the_console_accepts_and_leaves_no_personal_data_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    first = ConsoleSms().send("+886912345678", "案件已受理" * 20, None, None)
    second = ConsoleSms().send("+886912345678", "案件已受理" * 20, None, None)
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert first.reference.startswith("console-")
    assert first.reference != second.reference
    assert first.segments == 2
    assert first.reference in str(caplog.records[0].__dict__)
    assert not any(secret in str(record.__dict__) for record in caplog.records for secret in ("912345678", "受理"))


def test_what_the_console_interrupted_may_be_repeated() -> None:
    assert ConsoleSms().find("+886912345678", "案件", NOW) == NotFound()


def test_recording_keeps_what_was_sent_and_finds_it_again() -> None:
    port = RecordingSms()
    assert port.send("+886912345678", "一", "https://x.example/cb", 60) == Accepted("recorded-1", 1)
    sent = port.sent[0]
    assert (sent.to, sent.body, sent.callback, sent.expires_in) == ("+886912345678", "一", "https://x.example/cb", 60)
    assert port.find("+886912345678", "一", NOW - timedelta(seconds=1)) == Found("recorded-1")
    assert port.find("+886912345678", "二", NOW - timedelta(seconds=1)) == NotFound()
    assert port.find("+886912345678", "一", datetime.now(UTC) + timedelta(seconds=1)) == NotFound()
    assert port.status("recorded-1") == Receipt("recorded-1", "accepted")
    assert port.status("recorded-2") is None


def test_recording_answers_as_told_and_does_not_find_what_was_refused() -> None:
    port = RecordingSms([Later("20429", "too many requests"), Unknown("HTTP 500")])
    assert [type(port.send("+886912345678", "一", None, None)) for _ in range(3)] == [Later, Unknown, Accepted]
    assert port.find("+886912345678", "一", NOW - timedelta(seconds=1)) == Found("recorded-3")


@pytest.mark.parametrize("port", [ConsoleSms(), RecordingSms(), sms_from(GOOD)], ids=lambda port: type(port).__name__)
def test_a_time_without_zone_is_refused(port: SmsPort) -> None:
    with pytest.raises(ValueError, match="since"):
        port.find("+886912345678", "一", datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("port", [ConsoleSms(), RecordingSms()], ids=lambda port: type(port).__name__)
def test_local_ports_always_answer_a_ping(port: SmsPort) -> None:
    port.ping()
