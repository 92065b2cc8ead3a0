"""SMS by Twilio's Messages resource, through Twilio's own SDK.

Twilio has no idempotency key: a call that broke after the request was written is `Unknown`, and only a call that never
got that far, or a 429, is safe to repeat.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urldefrag

import requests
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from services.notify.outcome import (
    Accepted,
    CannotTell,
    Found,
    Later,
    NotFound,
    Outcome,
    Rejected,
    Search,
    Unavailable,
    Unknown,
    aware,
)
from services.notify.receipts import Receipt, status_of
from services.notify.twilio_codes import FAULTS, answered
from services.notify.twilio_http import ANSWER_WITHIN, API, Throttled, TwilioHttp, never_sent

# Connect and read failures and 5xx are repeated, up to five times within Twilio's 15 s; 4xx would repeat forgeries.
CALLBACK_OVERRIDES: Final = "#rc=5&rp=5xx,ct,rt"
LONGEST_VALIDITY: Final = 36_000  # seconds; Twilio's maximum and default
CLOCK_SKEW: Final = timedelta(seconds=30)
SETTLE: Final = 120.0  # seconds; how far the list of messages may lag behind is not documented
SEARCHED: Final = 200  # messages to one number; far more than any person gets within the time of a reconciliation

log = logging.getLogger(__name__)


class TwilioSms:
    """The `SmsPort` for one Twilio account and sender.

    `sender` is an E.164 number, short code or sender name, `service` a Messaging Service SID; one of them is needed.
    `origin` replaces https://api.twilio.com for a stand-in; `answer_within` and `settle` (see `SmsPort`) are seconds.
    Safe to share between threads and greenlets.
    """

    def __init__(
        self,
        sid: str,
        token: str,
        sender: str | None = None,
        service: str | None = None,
        origin: str = API,
        answer_within: float = ANSWER_WITHIN,
        settle: float = SETTLE,
    ) -> None:
        self._sid, self._sender, self._service, self.settle = sid, sender, service, settle
        self._client = Client(sid, token, http_client=TwilioHttp(origin, answer_within))
        self._validator = RequestValidator(token)

    def send(self, to: str, body: str, callback: str | None, expires_in: int | None) -> Outcome:
        """Hand one message over; see `SmsPort.send`. One POST, never repeated in here."""
        if expires_in is not None and expires_in < 1:
            return Rejected("expired", "expired before it was handed over", "permanent")
        form = self._form(to, body, callback, expires_in)
        return _outcome(lambda: self._client.messages.create(**form))

    def _form(self, to: str, body: str, callback: str | None, expires_in: int | None) -> dict[str, Any]:
        form = {
            "to": to,
            "body": body,
            "from_": self._sender,
            "messaging_service_sid": self._service,
            "status_callback": callback and with_overrides(callback),
            "validity_period": expires_in and min(expires_in, LONGEST_VALIDITY),
        }
        return {name: value for name, value in form.items() if value is not None}

    def find(self, to: str, body: str, since: datetime) -> Search:
        """Search by recipient only: Twilio's date filter looks at the time of sending, which a queued message lacks."""
        oldest = aware(since) - CLOCK_SKEW
        try:
            messages = self._client.messages.list(to=to, limit=SEARCHED, page_size=SEARCHED)
        except Exception as error:
            return CannotTell(_cause(error))
        return _match(messages, body, oldest)

    def status(self, reference: str) -> Receipt | None:
        """Fetch the message; see `SmsPort.status`."""
        try:
            message = self._client.messages(reference).fetch()
        except Exception as error:
            log.warning("sms status unknown", extra={"reference": reference, "reason": _cause(error)})
            return None
        code = message.error_code
        return Receipt(reference, status_of(str(message.status)), None if code is None else str(code))

    def ping(self) -> None:
        """Fetch the account with a short timeout; `Unavailable` says what is wrong."""
        try:
            answer = self._client.request("GET", f"{API}/2010-04-01/Accounts/{self._sid}.json", timeout=5.0)
        except Exception as error:
            raise Unavailable(f"Twilio: {_cause(error)}") from None
        if answer.status_code != 200:
            raise Unavailable(f"Twilio: HTTP {answer.status_code} for the account")

    def verify(self, url: str, params: Mapping[str, str], signature: str | None) -> bool:
        """Whether Twilio signed a callback to `url` (our public address as configured, with its query) with exactly
        these POST parameters, blank ones included."""
        return bool(signature) and bool(self._validator.validate(urldefrag(url).url, params, signature))


def with_overrides(callback: str) -> str:
    """A callback address that asks Twilio to repeat failed deliveries; one with a fragment of its own is left alone."""
    return callback if "#" in callback else callback + CALLBACK_OVERRIDES


def _outcome(create: Callable[[], Any]) -> Outcome:
    try:
        return _accepted(create())
    except Throttled as error:
        return Later("20429", FAULTS[20429].reason, error.retry_after)
    except TwilioRestException as error:
        return answered(error.status, error.code, error.msg)
    except TwilioServiceException as error:
        return answered(error.status, error.code, error.title)
    except requests.RequestException as error:
        return Later("connection", _cause(error)) if never_sent(error) else Unknown(_cause(error))
    except UnicodeEncodeError:
        return Rejected("encoding", "the text holds something that is no character", "permanent")
    except Exception as error:  # whatever the SDK makes of a strange answer, the request had been written
        return Unknown(f"unreadable answer: {type(error).__name__}")


def _accepted(message: Any) -> Outcome:
    if not isinstance(message.sid, str) or not message.sid:
        return Unknown("unreadable answer: no sid")
    count = str(message.num_segments)
    return Accepted(message.sid, int(count) if count.isdecimal() and count != "0" else None)


def _match(messages: list[Any], body: str, oldest: datetime) -> Search:
    recent = [message for message in messages if _outbound_since(message, oldest)]
    for message in reversed(recent):
        if (message.body or "").strip() == body.strip():
            return Found(message.sid)
    if any(not message.body for message in recent):
        return CannotTell("the account does not keep message bodies")
    if len(messages) >= SEARCHED and len(recent) == len(messages):
        return CannotTell(f"more than {SEARCHED} messages to this number")
    return NotFound()


def _outbound_since(message: Any, oldest: datetime) -> bool:
    created = message.date_created
    if not isinstance(created, datetime):
        return True
    when = created if created.tzinfo else created.replace(tzinfo=UTC)
    return str(message.direction).startswith("outbound") and when >= oldest


def _cause(error: BaseException) -> str:
    """The kinds of an error and its causes without their text, which may hold a telephone number."""
    names = [type(error).__name__]
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", inner)
    while isinstance(reason, BaseException):
        names.append(type(reason).__name__)
        reason = reason.__cause__
    return " / ".join(names)
