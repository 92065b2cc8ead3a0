"""Twilio's error codes that concern an outgoing SMS, sorted by what to do next.

API-time codes (2xxxx) come as the answer to the call, delivery-time codes (3xxxx and others) in callbacks: one table
for both. Twilio adds and changes codes without notice, so a code that is not here has a safe reading too.
Source: Twilio's public error and warning dictionary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from services.notify.outcome import Blame, Later, Outcome, Rejected, Unknown, masked

Consequence = Literal[Blame, "later", "unknown"]

OPTED_OUT: Final = "21610"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a code means for us. `retries` bounds the repeats when the source names a bound, else None."""

    consequence: Consequence
    reason: str
    retries: int | None = None


def _all(consequence: Consequence, reasons: Mapping[int, str]) -> dict[int, Fault]:
    return {code: Fault(consequence, reason) for code, reason in reasons.items()}


_PERMANENT = {
    21211: "the number is not valid",
    21610: "the recipient has opted out",
    21612: "not routable from this sender to this number",
    21614: "the number cannot receive SMS (not a mobile)",
    21635: "the number is a landline",
    30004: "blocked by the recipient or carrier",
    30005: "unknown handset",
    30006: "landline or unreachable carrier",
    30007: "filtered by the carrier or for its content",
    30410: "blocked as suspected fraud",
    30450: "blocked as suspected traffic pumping",
}

_CONFIGURATION = {
    20001: "a parameter of the call is not accepted",
    20003: "account SID or auth token is wrong",
    20404: "account or resource not found",
    21212: "the sender is not valid",
    21408: "the account may not send to this region",
    21602: "the body is empty",
    21603: "the sender is missing",
    21604: "the recipient is missing",
    21606: "the sender cannot send to this number",
    21608: "trial account: the number is not verified",
    21609: "the status callback address is not valid",
    21617: "the body is longer than 1,600 characters",
    21701: "the Messaging Service does not exist",
    21702: "the Messaging Service may not be used",
    21703: "the Messaging Service has no sender",
    21704: "the Messaging Service has no sender for this number",
    21705: "the Messaging Service SID is not valid",
    30002: "the account is suspended",
    30012: "the validity period is too short",
    30032: "the toll-free sender is not verified",
    30034: "the sender is not registered",
    60728: "the hourly cap of the account is reached",
    90007: "the validity period is out of range",
}

FAULTS: Final[Mapping[int, Fault]] = {
    **_all("permanent", _PERMANENT),
    **_all("configuration", _CONFIGURATION),
    20429: Fault("later", "too many requests"),
    20500: Fault("unknown", "internal error of the provider"),
    21611: Fault("later", "the queue of this sender is full"),
    30001: Fault("later", "queue overflow"),
    30003: Fault("later", "the handset is off or out of reach", retries=3),
    30008: Fault("later", "failed for a reason the carrier did not give", retries=1),
    30036: Fault("later", "not sent within its validity period", retries=1),
    30500: Fault("later", "internal error of the provider after accepting", retries=1),
    63017: Fault("later", "more than 2,000 messages a second"),
}

UNLISTED: Final = Fault("permanent", "a code we do not know; someone should look it up")


def fault(code: int) -> Fault:
    """What the code means; `UNLISTED` (one attempt, no repeat, shown to a person) when it is not in the table."""
    return FAULTS.get(code, UNLISTED)


def answered(status: int, code: int | None, message: str) -> Outcome:
    """The outcome of a call that was answered with HTTP `status` >= 300 and, if the body had one, Twilio's `code`.

    A body that is not Twilio's JSON leaves the HTTP status in `code`: below 1,000 it is no Twilio code at all.
    """
    if status >= 500 or status == 408:
        return Unknown(f"HTTP {status} from the provider")
    if status == 429:
        return Later("20429", FAULTS[20429].reason)
    if code is None or code < 1000:
        return Rejected(f"HTTP {status}", masked(message) or "no Twilio code in the answer", "configuration")
    return _sorted_by(fault(code), code, message)


def _sorted_by(known: Fault, code: int, message: str) -> Outcome:
    reason = known.reason if known is not UNLISTED else f"{known.reason}: {masked(message)}"
    if known.consequence == "unknown":
        return Unknown(f"{code}: {reason}")
    if known.consequence == "later":
        return Later(str(code), reason)
    return Rejected(str(code), reason, known.consequence)
