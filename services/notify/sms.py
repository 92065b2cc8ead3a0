"""The SMS port: one protocol, three implementations, one setting that chooses.

`console:` sends nothing (the outbox page shows the message table), `twilio://SID:TOKEN@host?from=%2B886…` sends by
Twilio or by a stand-in that speaks its API; `RecordingSms` is for tests. No implementation knows the store: when a call
ends, the answer is all there is, and `find` asks the provider about a call that did not end.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from services.notify.outcome import Accepted, Found, NotFound, Outcome, Search, aware
from services.notify.receipts import Receipt
from services.notify.segments import segments

log = logging.getLogger(__name__)


class SmsPort(Protocol):
    """A way to send short messages. Numbers are E.164; no method raises for what a provider or network does,
    except `ping`. `settle` is how many seconds the provider may need until `find` sees all it has accepted."""

    settle: float

    def send(self, to: str, body: str, callback: str | None, expires_in: int | None) -> Outcome:
        """Hand one message over. `callback` is the absolute URL for receipts; a message still in the provider's queue
        after `expires_in` seconds is not sent any more. Blocks at most 40 s."""

    def find(self, to: str, body: str, since: datetime) -> Search:
        """Whether a message with this recipient and body was accepted after `since` (aware; ValueError if naive)."""

    def status(self, reference: str) -> Receipt | None:
        """The state of an accepted message, for callbacks that never came; None when the provider cannot say."""

    def verify(self, url: str, params: Mapping[str, str], signature: str | None) -> bool:
        """Whether the provider signed a callback to this public address with exactly these parameters."""

    def ping(self) -> None:
        """Raise `Unavailable` unless the provider answers and accepts our credentials. Blocks at most 10 s."""


class ConsoleSms:
    """Accepts everything and sends nothing: on a laptop the message table is the outbox."""

    settle = 0.0

    def send(self, to: str, body: str, callback: str | None, expires_in: int | None) -> Outcome:
        """Accept, with a log line that holds neither number nor text."""
        accepted = Accepted(f"console-{uuid.uuid4()}", segments(body))
        log.info("sms accepted by the console", extra={"reference": accepted.reference})
        return accepted

    def find(self, to: str, body: str, since: datetime) -> Search:
        """Nothing ever left, so an interrupted attempt may simply be repeated."""
        aware(since)
        return NotFound()

    def status(self, reference: str) -> Receipt | None:
        """The console gives no receipts."""
        return None

    def verify(self, url: str, params: Mapping[str, str], signature: str | None) -> bool:
        """The console calls nobody back."""
        return False

    def ping(self) -> None:
        """Always there."""


@dataclass(frozen=True, slots=True)
class SentSms:
    """One call of `RecordingSms.send` and the answer it gave."""

    to: str
    body: str
    callback: str | None
    expires_in: int | None
    outcome: Outcome
    at: datetime


class RecordingSms:
    """Keeps what was sent, for tests. `answers` are given first, one a call; after them every message is accepted."""

    settle = 0.0

    def __init__(self, answers: Iterable[Outcome] = ()) -> None:
        self.sent: list[SentSms] = []
        self._answers = iter(answers)

    def send(self, to: str, body: str, callback: str | None, expires_in: int | None) -> Outcome:
        """Record the call and give the next answer."""
        outcome = next(self._answers, None) or Accepted(f"recorded-{len(self.sent) + 1}", segments(body))
        self.sent.append(SentSms(to, body, callback, expires_in, outcome, datetime.now(UTC)))
        return outcome

    def find(self, to: str, body: str, since: datetime) -> Search:
        """The first accepted message like it since then."""
        aware(since)
        for sent in self.sent:
            if (sent.to, sent.body) == (to, body) and sent.at >= since and isinstance(sent.outcome, Accepted):
                return Found(sent.outcome.reference)
        return NotFound()

    def status(self, reference: str) -> Receipt | None:
        """Recorded messages stay as they were accepted."""
        known = {sent.outcome.reference for sent in self.sent if isinstance(sent.outcome, Accepted)}
        return Receipt(reference, "accepted") if reference in known else None

    def verify(self, url: str, params: Mapping[str, str], signature: str | None) -> bool:
        """Nobody calls back."""
        return False

    def ping(self) -> None:
        """Always there."""


def sms_from(setting: str) -> SmsPort:
    """The port a setting names: `console:` or
    `twilio://SID:TOKEN@host[:port]?from=%2B886…[&service=MG…][&tls=off][&settle=120]`.

    ValueError names the wrong part and repeats no secret.
    """
    scheme = setting.partition(":")[0].lower()
    if setting == "console:":
        return ConsoleSms()
    if scheme == "twilio":
        from services.notify.twilio_setting import twilio_from  # the SDK costs 30 MB; only who needs it pays

        return twilio_from(setting)
    raise ValueError("SMS setting: must be console: or start with twilio://")
