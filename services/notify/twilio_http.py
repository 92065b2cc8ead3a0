"""The HTTP side of Twilio's SDK: time limits, another host for a stand-in, and knowing whether a call was written.

The SDK has no option for its address, waits for ever by default, logs telephone numbers at INFO and hides the
Retry-After header; all four are put right where it hands a request to `requests`.
"""

from __future__ import annotations

import logging
import os
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

API: Final = "https://api.twilio.com"
CONNECT_WITHIN: Final = 3.05  # seconds; just above the TCP retransmission timer
ANSWER_WITHIN: Final = 35.0  # seconds; Twilio gives up at about 30, a shorter wait would only make doubt
POOL: Final = min(64, 8 * (os.cpu_count() or 1))

logging.getLogger("twilio.http_client").setLevel(logging.WARNING)
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class Throttled(TwilioException):  # type: ignore[misc]
    """HTTP 429: never processed, safe to repeat; `retry_after` in seconds when the answer named it."""

    def __init__(self, retry_after: float | None) -> None:
        super().__init__("too many requests")
        self.retry_after = retry_after


class TwilioHttp(TwilioHttpClient):  # type: ignore[misc]
    """The SDK's HTTP client with our time limits, calling `origin` where the SDK says https://api.twilio.com."""

    def __init__(self, origin: str = API, answer_within: float = ANSWER_WITHIN) -> None:
        super().__init__()
        self.origin = origin
        self.timeout = (CONNECT_WITHIN, answer_within)  # the constructor takes one number only
        self.session.trust_env = origin.startswith("https://")  # a stand-in is never behind a proxy
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, _Adapter(pool_maxsize=POOL))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """As the SDK's; raises `Throttled` on 429 and requests.RequestException on network failures."""
        response = super().request(method, url.replace(API, self.origin, 1), *args, **kwargs)
        if response.status_code == 429:
            raise Throttled(_seconds(response.headers.get("Retry-After")))
        return response


def never_sent(error: requests.RequestException) -> bool:
    """Whether the call broke before its first byte was written: no connection, no TLS, no way through the proxy."""
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), ConnectTimeoutError)


def _seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.isdecimal() else None


# urllib3 reports a TLS failure alike whether it came in the handshake or while reading the answer, and a stalled
# handshake as a read timeout. Whatever goes wrong inside connect() went wrong before the request.


class _Plain(HTTPConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, ValueError) as error:
            raise _unconnected(self, error) from error


class _Secure(HTTPSConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, ValueError) as error:
            raise _unconnected(self, error) from error


def _unconnected(connection: HTTPConnection, error: Exception) -> NewConnectionError:
    return NewConnectionError(connection, type(error).__name__)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
