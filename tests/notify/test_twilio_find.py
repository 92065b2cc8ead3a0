"""A message in doubt is looked for at the provider, and nothing else is taken for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.notify.outcome import Accepted, CannotTell, Found, NotFound, Unknown
from services.notify.receipts import Receipt
from services.notify.twilio_sms import SEARCHED, TwilioSms
from tests.fakes.twilio import SENDER, SID, FakeTwilio
from tests.notify.conftest import BODY, TO, send


def test_a_message_whose_answer_was_lost_is_found(twilio: FakeTwilio, port: TwilioSms) -> None:
    started = datetime.now(UTC)
    twilio.script(answer="reset-after")
    assert isinstance(send(port), Unknown)
    assert port.find(TO, BODY, started) == Found(twilio.accepted()[0]["sid"])


def test_a_message_that_is_still_queued_is_found(twilio: FakeTwilio, port: TwilioSms) -> None:
    twilio.script(answer="error-after", callbacks={"delay": 30})
    send(port)
    assert isinstance(port.find(TO, BODY, datetime.now(UTC)), Found)


@pytest.mark.parametrize("fault", ["error-before", "reset-before"])
def test_a_message_that_never_arrived_is_not_found(twilio: FakeTwilio, port: TwilioSms, fault: str) -> None:
    send(port, "+886912345679")
    port.send(TO, "another text", None, None)
    twilio.script(answer=fault)
    send(port)
    assert port.find(TO, BODY, datetime.now(UTC)) == NotFound()


def test_an_older_message_is_not_taken_for_this_one(twilio: FakeTwilio, port: TwilioSms) -> None:
    send(port)
    assert port.find(TO, BODY, datetime.now(UTC) + timedelta(minutes=2)) == NotFound()


def test_of_two_alike_the_first_since_then_is_found(twilio: FakeTwilio, port: TwilioSms) -> None:
    first, _ = send(port), send(port)
    assert isinstance(first, Accepted)
    assert port.find(TO, BODY, datetime.now(UTC)) == Found(first.reference)


def test_without_bodies_it_cannot_tell(twilio: FakeTwilio, port: TwilioSms) -> None:
    send(port)
    message = twilio.server.ledger.get(twilio.accepted()[0]["sid"])
    assert message is not None
    twilio.server.ledger.redact(message)
    assert isinstance(port.find(TO, BODY, datetime.now(UTC)), CannotTell)


def test_more_messages_than_it_looks_at_cannot_tell(twilio: FakeTwilio, port: TwilioSms) -> None:
    for number in range(SEARCHED):
        port.send(TO, f"text {number}", None, None)
    assert isinstance(port.find(TO, BODY, datetime.now(UTC)), CannotTell)
    assert port.find(TO, BODY, datetime.now(UTC) + timedelta(minutes=2)) == NotFound()


def test_an_unreachable_provider_cannot_tell(twilio: FakeTwilio) -> None:
    stranger = TwilioSms(SID, "wrong", SENDER, origin=twilio.url)
    assert stranger.find(TO, BODY, datetime.now(UTC)) == CannotTell("TwilioException")


def test_the_status_can_be_asked_for_when_callbacks_were_lost(twilio: FakeTwilio, port: TwilioSms) -> None:
    fine, lost = send(port, "+886901900001"), send(port, "+886901930003")
    assert isinstance(fine, Accepted)
    assert isinstance(lost, Accepted)
    assert twilio.drain()
    assert port.status(fine.reference) == Receipt(fine.reference, "delivered")
    assert port.status(lost.reference) == Receipt(lost.reference, "undelivered", "30003")
    assert port.status("SM" + "0" * 32) is None
