"""What a provider said to one attempt to send one message, and to the question whether it has it.

Four answers, because "failed" hides the only question that matters afterwards: may it be tried again?
A provider without an idempotency key (Twilio, SMTP) leaves some attempts undecided (RFC 1047; Twilio error 20500);
those are `Unknown` and must be reconciled, never simply repeated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Blame = Literal["permanent", "configuration"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took responsibility. `reference` is its name for the message; `segments` its count, if it said."""

    reference: str
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """Refused for good: trying again gives the same answer.

    `permanent` concerns this recipient or message; `configuration` concerns our account, sender or settings and needs
    a person. `code` is the provider's code as text, `reason` holds no personal data.
    """

    code: str
    reason: str
    kind: Blame


@dataclass(frozen=True, slots=True)
class Later:
    """Surely not accepted, so safe to repeat; not before `retry_after` seconds if the provider named a time."""

    code: str
    reason: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """May or may not have been accepted: look for it before sending again."""

    reason: str


Outcome = Accepted | Rejected | Later | Unknown


@dataclass(frozen=True, slots=True)
class Found:
    """The provider has the message under `reference`."""

    reference: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider was asked and has no such message."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The provider could not be asked, or its answer does not decide the question."""

    reason: str


Search = Found | NotFound | CannotTell


def aware(moment: datetime) -> datetime:
    """The same moment; ValueError when it has no time zone."""
    if moment.tzinfo is None:
        raise ValueError("since: a time zone is required")
    return moment


class Unavailable(Exception):
    """A provider does not answer a ping as it should; the text says how and holds no personal data."""


_ADDRESS = re.compile(r"[^\s<>\"',;:]+@[^\s<>\"',;:]+|\+?\d[\d -]{5,}\d")


def masked(text: str) -> str:
    """A provider's sentence without the e-mail addresses and telephone numbers in it, at most 200 characters."""
    return _ADDRESS.sub("…", text)[:200]
