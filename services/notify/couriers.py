"""How each channel hands a message over, asks about it afterwards, and what it knows then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from chassis.sealing import Unsealable
from services.notify.doubts import pauses
from services.notify.model import Channel
from services.notify.outcome import CannotTell, Outcome, Rejected, Search
from services.notify.receipts import Receipt

if TYPE_CHECKING:
    from chassis.runtime import Runtime
    from services.notify.claims import Call

CALLBACK = "/hooks/sms/twilio"


class Courier(Protocol):
    """One channel. `settle` is the wait before a doubt can be asked about, `waits` those before it is asked again."""

    channel: Channel
    settle: timedelta
    waits: Sequence[timedelta]

    def send(self, call: Call, now: datetime) -> Outcome:
        """Call the provider, once."""

    def find(self, call: Call) -> Search:
        """Ask whether it has the message."""

    def status(self, reference: str) -> Receipt | None:
        """Ask what became of an accepted message; None when it cannot say."""


class SmsCourier:
    """SMS by the port of the settings. The callback's address carries office, message, attempt and its nonce."""

    channel: Channel = "sms"

    def __init__(self, runtime: Runtime) -> None:
        self._runtime, self._port = runtime, runtime.ports.sms
        self.settle = timedelta(seconds=self._port.settle)
        self.waits: Sequence[timedelta] = pauses(self.settle)

    def send(self, call: Call, now: datetime) -> Outcome:
        """See `Courier`."""
        try:
            to, text = opened(self._runtime, call)
        except Unsealable:
            return unsealable()
        left = int((call.expires_at - now).total_seconds())
        outcome: Outcome = self._port.send(to, text, callback(self._runtime, call), left)
        return outcome

    def find(self, call: Call) -> Search:
        """See `Courier`."""
        try:
            search: Search = self._port.find(*opened(self._runtime, call), call.started_at)
        except Unsealable:
            return CannotTell("its recipient cannot be unsealed any more")
        return search

    def status(self, reference: str) -> Receipt | None:
        """See `Courier`."""
        receipt: Receipt | None = self._port.status(reference)
        return receipt


class MailCourier:
    """Mail by the port of the settings, at most once: a mail server cannot be asked what it has.

    The Message-ID is the message's own and the same for every attempt; answers go to the office's mailbox.
    """

    channel: Channel = "email"
    settle = timedelta(0)
    waits: Sequence[timedelta] = ()

    def __init__(self, runtime: Runtime) -> None:
        self._runtime, self._port = runtime, runtime.ports.mail

    def send(self, call: Call, now: datetime) -> Outcome:
        """See `Courier`."""
        office = self._runtime.tenant(call.tenant)
        message_id = f"<{call.message_id}@{office.sender.email.partition('@')[2]}>"
        headers = {"Reply-To": office.contact.email, "Auto-Submitted": "auto-generated"}  # RFC 3834
        try:
            to, text = opened(self._runtime, call)
            outcome: Outcome = self._port.send(to, call.subject or "", text, message_id, headers)
        except Unsealable:
            return unsealable()
        except ValueError as error:
            return Rejected("header", str(error), "permanent")
        return outcome

    def find(self, call: Call) -> Search:
        """See `Courier`."""
        return CannotTell("a mail server cannot be asked")

    def status(self, reference: str) -> Receipt | None:
        """See `Courier`."""
        return None


def couriers(runtime: Runtime) -> list[Courier]:
    """Every channel's."""
    return [SmsCourier(runtime), MailCourier(runtime)]


def opened(runtime: Runtime, call: Call) -> tuple[str, str]:
    """Recipient and text. Errors: `Unsealable`."""
    recipient = runtime.sealer.open(call.recipient, audience="notify", tenant=call.tenant)
    return recipient, runtime.sealer.open(call.text, audience="notify", tenant=call.tenant)


def callback(runtime: Runtime, call: Call) -> str:
    """Where the provider reports what became of this attempt."""
    named = {"t": call.tenant, "m": call.message_id, "n": call.n, "k": call.nonce}
    return runtime.link(f"{CALLBACK}?{urlencode(named)}")


def unsealable() -> Rejected:
    """The verdict on a message whose key is gone."""
    return Rejected("unsealable", "it cannot be unsealed with the keys of this machine", "configuration")
