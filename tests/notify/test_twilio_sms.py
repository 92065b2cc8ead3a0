"""Twilio as the port sees it: every fault gets the outcome that neither loses a message nor sends it twice."""

from __future__ import annotations

from typing import Any

import pytest

from services.notify.outcome import Accepted, Later, Outcome, Rejected, Unavailable, Unknown
from services.notify.segments import segments
from services.notify.sms import sms_from
from services.notify.twilio_sms import CALLBACK_OVERRIDES, TwilioSms
from tests.fakes.twilio import SENDER, SID, TOKEN, FakeTwilio
from tests.notify.conftest import BODY, TO, send


def test_an_accepted_message_is_what_was_asked_for(twilio: FakeTwilio, port: TwilioSms) -> None:
    outcome = port.send(TO, "燈" * 71, "http://127.0.0.1:9/hooks/sms?n=1&k=2", 600)
    (kept,) = twilio.accepted()
    assert outcome == Accepted(kept["sid"], 2)
    assert (kept["to"], kept["from"], kept["body"]) == (TO, SENDER, "燈" * 71)
    assert kept["StatusCallback"] == "http://127.0.0.1:9/hooks/sms?n=1&k=2" + CALLBACK_OVERRIDES


def test_the_setting_leads_to_the_stand_in(twilio: FakeTwilio) -> None:
    assert isinstance(sms_from(twilio.setting).send(TO, BODY, None, None), Accepted)
    assert len(twilio.accepted()) == 1


def test_a_messaging_service_is_passed_on_and_leaves_the_count_open(twilio: FakeTwilio) -> None:
    service = "MG" + "1" * 32
    outcome = TwilioSms(SID, TOKEN, service=service, origin=twilio.url).send(TO, BODY, None, None)
    assert isinstance(outcome, Accepted)
    assert outcome.segments is None
    assert twilio.accepted()[0]["service"] == service


def test_a_callback_with_overrides_of_its_own_keeps_them(twilio: FakeTwilio, port: TwilioSms) -> None:
    port.send(TO, BODY, "http://127.0.0.1:9/cb#rc=0", None)
    assert twilio.accepted()[0]["StatusCallback"] == "http://127.0.0.1:9/cb#rc=0"


def test_validity_is_cut_to_what_twilio_allows(twilio: FakeTwilio, port: TwilioSms) -> None:
    assert isinstance(port.send(TO, BODY, None, 7 * 86400), Accepted)
    assert isinstance(port.send(TO, BODY, None, 1), Accepted)


@pytest.mark.parametrize("expires_in", [0, -5])
def test_an_expired_message_is_not_handed_over(twilio: FakeTwilio, port: TwilioSms, expires_in: int) -> None:
    assert isinstance(port.send(TO, BODY, None, expires_in), Rejected)
    assert twilio.requests() == []


@pytest.mark.parametrize(
    ("rule", "expected", "accepted"),
    [
        ({"answer": "accept"}, Accepted, 1),
        ({"answer": "refuse", "code": 21211}, Rejected, 0),
        ({"answer": "refuse", "code": 29999}, Rejected, 0),
        ({"answer": "problem", "code": 21610}, Rejected, 0),
        ({"answer": "refuse", "code": 20003, "status": 401}, Rejected, 0),
        ({"answer": "refuse", "code": 21611}, Later, 0),
        ({"answer": "throttle"}, Later, 0),
        ({"answer": "error-before"}, Unknown, 0),
        ({"answer": "error-after"}, Unknown, 1),
        ({"answer": "reset-before"}, Unknown, 0),
        ({"answer": "reset-after"}, Unknown, 1),
        ({"answer": "hang-before", "seconds": 2}, Unknown, 0),
        ({"answer": "hang-after", "seconds": 2}, Unknown, 1),
        ({"answer": "garbage-after"}, Unknown, 1),
    ],
    ids=lambda value: str(value.get("answer")) + str(value.get("code", "")) if isinstance(value, dict) else "",
)
def test_every_fault_has_its_outcome_and_is_tried_once(
    twilio: FakeTwilio, port: TwilioSms, rule: dict[str, Any], expected: type[Outcome], accepted: int
) -> None:
    twilio.script(**rule)
    outcome = send(port)
    assert type(outcome) is expected
    assert len(twilio.accepted()) == accepted
    assert len(twilio.requests()) == 1


@pytest.mark.parametrize(
    ("suffix", "code", "kind"),
    [
        ("921211", "21211", "permanent"),
        ("921610", "21610", "permanent"),
        ("921614", "21614", "permanent"),
        ("929999", "29999", "permanent"),
        ("921606", "21606", "configuration"),
        ("930002", "30002", "configuration"),
        ("920003", "20003", "configuration"),
    ],
)
def test_a_refusal_says_whose_fault_it_is(port: TwilioSms, suffix: str, code: str, kind: str) -> None:
    outcome = send(port, "+886901" + suffix)
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.kind) == (code, kind)
    assert suffix not in outcome.reason


def test_a_wrong_number_is_refused_by_its_validity(port: TwilioSms) -> None:
    assert send(port, "+88691234") == Rejected("21211", "the number is not valid", "permanent")
    assert send(port, "+88655321234") == Rejected("21614", "the number cannot receive SMS (not a mobile)", "permanent")


def test_throttling_says_how_long(twilio: FakeTwilio, port: TwilioSms) -> None:
    twilio.script(answer="throttle", retry_after=7)
    assert send(port) == Later("20429", "too many requests", 7.0)


def test_the_wrong_token_is_our_configuration(twilio: FakeTwilio) -> None:
    outcome = send(TwilioSms(SID, "wrong", SENDER, origin=twilio.url))
    assert isinstance(outcome, Rejected)
    assert outcome.kind == "configuration"


def test_text_that_cannot_be_written_is_refused_before_sending(twilio: FakeTwilio, port: TwilioSms) -> None:
    outcome = port.send(TO, "\ud83d", None, None)
    assert isinstance(outcome, Rejected)
    assert outcome.kind == "permanent"
    assert twilio.requests() == []


def test_a_ping_answers_while_the_account_does(twilio: FakeTwilio, port: TwilioSms) -> None:
    port.ping()
    with pytest.raises(Unavailable, match="HTTP 401"):
        TwilioSms(SID, "wrong", SENDER, origin=twilio.url).ping()


def test_a_ping_raises_when_nobody_listens() -> None:
    with pytest.raises(Unavailable, match="ConnectionRefused"):
        TwilioSms(SID, TOKEN, SENDER, origin="http://127.0.0.1:9").ping()


@pytest.mark.parametrize("body", ["a" * 161, "€" * 80, "好" * 66 + "😀" + "好" * 66, "x"])
def test_the_count_of_the_provider_is_our_estimate(port: TwilioSms, body: str) -> None:
    outcome = port.send(TO, body, None, None)
    assert isinstance(outcome, Accepted)
    assert outcome.segments == segments(body)
