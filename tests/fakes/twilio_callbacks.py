"""Signed status callbacks as Twilio sends them: overrides in the fragment, retries, order, copies and losses."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlencode

import urllib3
from twilio.request_validator import RequestValidator

from tests.fakes.twilio_message import Message, now
from tests.fakes.twilio_script import Plan

WORKERS = 32
USUAL = {False: ("sent", "delivered"), True: ("queued", "sent", "delivered")}  # by "has a Messaging Service"


@dataclass(frozen=True, slots=True)
class Overrides:
    """Connection overrides: connect, read and total time in seconds, number of retries and what is retried."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    policy: tuple[str, ...] = ("ct",)

    def covers(self, result: str) -> bool:
        """Whether a delivery that ended in `result` (ct, rt or a status code) is tried again."""
        family = f"{result[0]}xx" if result.isdecimal() else result
        return family != "2xx" and (family in self.policy or "all" in self.policy)


def split(callback: str) -> tuple[str, Overrides]:
    """The address without its fragment, which is neither sent nor signed, and the overrides in the fragment."""
    url, fragment = urldefrag(callback)
    given = dict(parse_qsl(fragment))

    def number(key: str, usual: int) -> int:
        return int(given[key]) if given.get(key, "").isdecimal() else usual

    connect, read, total = (number(key, usual) / 1000 for key, usual in (("ct", 5000), ("rt", 15000), ("tt", 15000)))
    policy = tuple(given.get("rp", "ct").split(","))
    return url, Overrides(connect, read, min(15.0, total), min(5, number("rc", 1)), policy)


def parameters(message: Message, status: str, code: int | None) -> dict[str, str]:
    """The form of one callback."""
    form = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageStatus": status,
        "SmsStatus": status,
        "To": message.order.to,
        "From": message.order.sender or "",
        "AccountSid": message.account,
        "ApiVersion": "2010-04-01",
    }
    if message.order.service:
        form["MessagingServiceSid"] = message.order.service
    if status in ("undelivered", "failed") and code is not None:
        form["ErrorCode"] = str(code)
    if status in ("delivered", "undelivered"):
        form["RawDlrDoneDate"] = now().strftime("%y%m%d%H%M")
    return form


class Callbacks:
    """Sends the callbacks of messages from threads of its own and remembers every delivery attempted."""

    def __init__(self, token_of: Callable[[str], str], move: Callable[[Message, str, int | None], None]) -> None:
        self._token_of, self._move = token_of, move
        self._http = urllib3.PoolManager(num_pools=8, maxsize=WORKERS, retries=False)
        self._pool = ThreadPoolExecutor(WORKERS, "callback")
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._number = itertools.count()
        self._changed = threading.Condition()
        self._open = 0
        self._stopped = False
        self.attempts: list[dict[str, Any]] = []
        threading.Thread(target=self._dispatch, name="callbacks", daemon=True).start()

    def prepare(self, message: Message, plan: Plan) -> Callable[[], None]:
        """Count the callbacks of an accepted message as to come; the returned call begins them in the background."""
        statuses = plan.statuses or USUAL[message.order.service is not None]
        with self._changed:
            self._open += 1
        return lambda: self._later(plan.delay, lambda: self._step(message, plan, statuses))

    def run(self, message: Message, plan: Plan) -> None:
        """Live it all now, in the calling thread."""
        for status in plan.statuses or USUAL[message.order.service is not None]:
            self._report(message, plan, status)

    def pending(self) -> int:
        """How many messages still have callbacks to come."""
        return self._open

    def drain(self, timeout: float) -> bool:
        """Wait until no callback is to come; False when that takes longer than `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._open == 0, timeout)

    def forget(self) -> None:
        """Drop what has not begun and the memory of what was sent."""
        with self._changed:
            self._closed(len(self._due))
            self._due.clear()
            self.attempts.clear()

    def stop(self) -> None:
        """Send nothing more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _step(self, message: Message, plan: Plan, statuses: tuple[str, ...]) -> None:
        try:
            self._report(message, plan, statuses[0])
        finally:
            self._next(message, plan, statuses[1:])

    def _next(self, message: Message, plan: Plan, statuses: tuple[str, ...]) -> None:
        if statuses:
            self._later(plan.gap, lambda: self._step(message, plan, statuses))
        else:
            self._closed(1)

    def _closed(self, number: int) -> None:
        with self._changed:
            self._open -= number
            self._changed.notify_all()

    def _report(self, message: Message, plan: Plan, status: str) -> None:
        self._move(message, status, plan.code)
        if message.order.callback and not {"*", status} & set(plan.drop):
            for _ in range(plan.copies):
                self._deliver(message, status, plan.code)

    def _deliver(self, message: Message, status: str, code: int | None) -> None:
        url, overrides = split(message.order.callback or "")
        form = parameters(message, status, code)
        headers = self._headers(message, url, form)
        until = time.monotonic() + overrides.total
        for attempt in range(1 + overrides.retries):
            result = self._post(url, form, headers, overrides, until)
            self.attempts.append({"sid": message.sid, "status": status, "url": url, "result": result, "n": attempt + 1})
            if not overrides.covers(result) or time.monotonic() >= until:
                return

    def _headers(self, message: Message, url: str, form: Mapping[str, str]) -> dict[str, str]:
        signature = RequestValidator(self._token_of(message.account)).compute_signature(url, form)
        return {
            "X-Twilio-Signature": signature,
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
            "User-Agent": "TwilioProxy/1.1",
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        }

    def _post(
        self, url: str, form: Mapping[str, str], headers: dict[str, str], overrides: Overrides, until: float
    ) -> str:
        left = max(0.001, until - time.monotonic())
        timeout = urllib3.Timeout(connect=min(overrides.connect, left), read=min(overrides.read, left))
        body = urlencode(form)
        try:
            return str(self._http.request("POST", url, body=body, headers=headers, timeout=timeout).status)
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.SSLError):
            return "ct"
        except urllib3.exceptions.HTTPError:
            return "rt"

    def _later(self, delay: float, step: Callable[[], None]) -> None:
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + delay, next(self._number), step))
            self._changed.notify_all()

    def _dispatch(self) -> None:
        while not self._stopped:
            with self._changed:
                wait = self._due[0][0] - time.monotonic() if self._due else 60.0
                if wait > 0:
                    self._changed.wait(wait)
                    continue
                step = heapq.heappop(self._due)[2]
            with contextlib.suppress(RuntimeError):  # the pool was shut down meanwhile
                self._pool.submit(step)
