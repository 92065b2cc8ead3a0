"""Delivery receipts: what a status callback says, and which of two receipts is the later truth.

Callbacks come late, twice and out of order, and may overtake the answer to the call that created the message, so the
state is not "the last one heard" but the highest in a fixed order without ties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

Status = Literal["accepted", "queued", "sending", "sent", "delivered", "undelivered", "failed", "canceled", "other"]

RANK: Final[Mapping[Status, int]] = {
    "other": 0,
    "accepted": 1,
    "queued": 2,
    "sending": 3,
    "sent": 4,
    "canceled": 5,
    "failed": 6,
    "undelivered": 7,
    "delivered": 8,  # a late "delivered" beats "undelivered": the carrier has heard from the handset since
}

FINAL: Final[frozenset[Status]] = frozenset({"undelivered", "failed", "canceled", "delivered"})


@dataclass(frozen=True, slots=True)
class Receipt:
    """One status of one message. `code` is the provider's error code as text, None when it gave none."""

    reference: str
    status: Status
    code: str | None = None


def receipt(params: Mapping[str, str]) -> Receipt:
    """Read the parameters of a Twilio status callback; those it does not know are left alone.

    ValueError names the missing parameter.
    """
    for name in ("MessageSid", "MessageStatus"):
        if not params.get(name):
            raise ValueError(f"{name} is missing")
    return Receipt(params["MessageSid"], status_of(params["MessageStatus"]), params.get("ErrorCode") or None)


def status_of(word: str) -> Status:
    """A provider's word for a status; "other" for those that say nothing about an outgoing SMS."""
    return cast(Status, word) if word in RANK else "other"


def supersedes(new: Status, old: Status) -> bool:
    """Whether a message in state `old` moves to `new`: only ever upwards, so any order ends in the same state."""
    return RANK[new] > RANK[old]
