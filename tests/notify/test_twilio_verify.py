"""Only what Twilio signed for this very address is a callback."""

from __future__ import annotations

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from services.notify.twilio_sms import CALLBACK_OVERRIDES, TwilioSms
from tests.fakes.twilio import TOKEN
from tests.notify.conftest import TO

URL = "https://lamp.douliu.example/hooks/sms/douliu?n=7&a=1&k=nonce"


PARAMS = {"MessageSid": "SM1", "MessageStatus": "sent", "ErrorCode": "", "To": TO}


SIGNATURE = RequestValidator(TOKEN).compute_signature(URL, PARAMS)


def test_a_genuine_callback_verifies(official: TwilioSms) -> None:
    assert official.verify(URL, PARAMS, SIGNATURE)
    assert official.verify(URL, MultiDict(PARAMS), SIGNATURE)
    assert official.verify(URL + CALLBACK_OVERRIDES, PARAMS, SIGNATURE)


@pytest.mark.parametrize(
    ("url", "params", "signature"),
    [
        (URL, PARAMS, "Zm9yZ2Vk"),
        (URL, PARAMS, ""),
        (URL, PARAMS, None),
        (URL, PARAMS, RequestValidator("other").compute_signature(URL, PARAMS)),
        (URL, PARAMS | {"MessageStatus": "delivered"}, SIGNATURE),
        (URL, PARAMS | {"Extra": "1"}, SIGNATURE),
        (URL, {k: v for k, v in PARAMS.items() if k != "ErrorCode"}, SIGNATURE),
        (URL.replace("n=7", "n=8"), PARAMS, SIGNATURE),
        (URL.replace("&k=nonce", ""), PARAMS, SIGNATURE),
        (URL.replace("/douliu?", "/anping?"), PARAMS, SIGNATURE),
        (URL.replace("https:", "http:"), PARAMS, SIGNATURE),
        (URL, {}, SIGNATURE),
    ],
)
def test_anything_else_does_not(official: TwilioSms, url: str, params: dict[str, str], signature: str | None) -> None:
    assert not official.verify(url, params, signature)
