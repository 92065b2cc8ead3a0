"""A stand-in for Twilio's Messages API: a real HTTP server on loopback that accepts, refuses, breaks and calls back.

In a process of its own, so that it outlives every client that is killed (`--state` keeps the count even over its own
restart); prints one line of JSON with `url` and `setting` when it listens:

    python -m tests.fakes.twilio [--port 0] [--state FILE] [--account SID:TOKEN …]

In a thread: `with FakeTwilio() as twilio: sms_from(twilio.setting)`.

The API: POST and GET /2010-04-01/Accounts/{sid}/Messages.json; GET, POST (redact, cancel) and DELETE
…/Messages/{sid}.json; GET …/Accounts/{sid}.json. HTTP Basic. Behaviour beyond that, in this order:

1. Rules: POST /_admin/script with the fields of `twilio_script.Rule` and `Plan` as JSON, such as
   {"answer": "error-after", "times": 3} or {"answer": "throttle", "times": null, "share": 0.8} or
   {"to_suffix": "77", "callbacks": {"statuses": ["delivered", "sent"], "copies": 2, "drop": ["sent"]}}.
   Answers: accept, refuse (code, status), problem (the same as RFC 9457), throttle (429), error-before and error-after
   (500 without and with accepting), reset-before and reset-after (connection reset), hang-before and hang-after
   (`seconds`), garbage-after (accepted, but the answer is not JSON).
2. Magic recipients, by their last six digits, as in +886 9 01 921610:
   900001 no callbacks · 900002 each three times · 900003 in reverse order · 900004 before the response ·
   900005 after 3 s · 900006 ends at "sent" · 920429 throttled · 920500 500 before · 920501 500 after accepting ·
   920502 reset before · 920503 reset after accepting · 920504 hangs 40 s after accepting · 920505 hangs 40 s before ·
   920506 accepted, answer unreadable · 920003 as if the token were wrong ·
   9 and an API-time code (921211 921212 921408 921602 921606 921608 921610 921611 921612 921614 921635 921703 930002
   960728, and 929999, which no table knows): refused by it ·
   9 and a delivery-time code: accepted, then undelivered (930003 … 930008) or failed (930001 930036 930500).
3. Otherwise accepted, with callbacks "sent" and "delivered" ("queued" before them with a Messaging Service).

To look in: GET /_admin/accepted, /_admin/requests, /_admin/callbacks, /_admin/pending; POST /_admin/reset.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import traceback
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

from tests.fakes.twilio_api import Handler
from tests.fakes.twilio_callbacks import Callbacks
from tests.fakes.twilio_ledger import Ledger
from tests.fakes.twilio_script import Script, rule_from

SID = "AC" + "0123456789abcdef" * 2
TOKEN = "f" * 32
SENDER = "+886900000001"


class Server(ThreadingHTTPServer):
    """The listening socket and everything the handlers share."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, port: int, state: Path | None, accounts: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.accounts, self.script = accounts, Script()
        self.ledger = Ledger(state)
        self.callbacks = Callbacks(accounts.__getitem__, self.ledger.move)
        self.requests: list[dict[str, Any]] = []
        self.stopping = threading.Event()

    def reset(self) -> None:
        """Forget messages, rules, requests and callbacks."""
        self.script.clear()
        self.callbacks.forget()
        self.requests.clear()
        self.ledger.reset()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is a fault of this stand-in and shown."""
        if not isinstance(sys.exception(), OSError):
            traceback.print_exc()


class FakeTwilio:
    """The stand-in in threads of this process; a context manager. Without a port it takes a free one."""

    def __init__(self, port: int = 0, state: Path | None = None, accounts: dict[str, str] | None = None) -> None:
        self.server = Server(port, state, accounts or {SID: TOKEN})
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    @property
    def setting(self) -> str:
        """The value of LAMPPOST_SMS that sends here, by the first account."""
        sid, token = next(iter(self.server.accounts.items()))
        return setting(self.url, sid, token)

    def script(self, **rule: Any) -> None:
        """Add a rule; the fields of `twilio_script.Rule`."""
        self.server.script.add(rule_from(rule))

    def accepted(self) -> list[dict[str, Any]]:
        """All accepted messages, oldest first."""
        return self.server.ledger.accepted()

    def requests(self) -> list[dict[str, Any]]:
        """All attempts to create a message: time, to, status (0 when the connection was broken)."""
        return list(self.server.requests)

    def callbacks(self) -> list[dict[str, Any]]:
        """All deliveries of callbacks attempted: sid, status, url, result, n."""
        return list(self.server.callbacks.attempts)

    def drain(self, timeout: float = 10.0) -> bool:
        """Wait for the callbacks still to come."""
        return self.server.callbacks.drain(timeout)

    def reset(self) -> None:
        """Forget everything."""
        self.server.reset()

    def __enter__(self) -> FakeTwilio:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.stopping.set()
        self.server.shutdown()
        self.server.server_close()
        self.server.callbacks.stop()
        self.server.ledger.close()


def setting(url: str, sid: str = SID, token: str = TOKEN) -> str:
    """The value of LAMPPOST_SMS for a stand-in at `url`."""
    return f"twilio://{sid}:{token}@{url.removeprefix('http://')}?from={quote(SENDER)}&tls=off"


def _account(text: str) -> tuple[str, str]:
    sid, _, token = text.partition(":")
    return sid, token


def main() -> None:
    """Serve until a signal comes."""
    parser = argparse.ArgumentParser(description="A stand-in for Twilio's Messages API.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--account", type=_account, action="append", metavar="SID:TOKEN")
    given = parser.parse_args()
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    with FakeTwilio(given.port, given.state, dict(given.account or [(SID, TOKEN)])) as twilio:
        print(json.dumps({"url": twilio.url, "setting": twilio.setting}), flush=True)
        done.wait()


if __name__ == "__main__":
    main()
