"""What a provider reports of a message it took: kept once, and applied so that any order ends in the same state.

A report proves that the provider has the message. It may come before the answer to our own call, or after a crash that
lost the answer; either way it heals the message.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from chassis.store.tenancy import ScopedSession
from chassis.store.together import write_once
from services.notify import attempts, messages, suppressions
from services.notify.messages import FOLLOW_UP
from services.notify.model import Channel, DeliveryReceipt, Message
from services.notify.receipts import FINAL, Receipt, Status, supersedes
from services.notify.twilio_codes import OPTED_OUT, UNLISTED, fault

Applied = Literal["applied", "repeated", "unknown"]


def take(session: ScopedSession, message_id: str, n: int, nonce: str, receipt: Receipt, now: datetime) -> Applied:
    """A report on the attempt with this nonce. `unknown` changes nothing: no such attempt, or another's reference."""
    found = messages.locked(session, message_id, n)
    if found is None or not hmac.compare_digest(found[1].nonce.encode(), nonce.encode()):
        return "unknown"
    message, attempt = found
    if attempt.reference not in (None, receipt.reference):
        return "unknown"
    if attempt.state != "accepted" and messages.taken(session, message, receipt.reference):
        return "unknown"
    if not _first(session, message, receipt, now):
        return "repeated"
    if attempt.state != "accepted":
        attempts.took(session, message, attempt, receipt.reference, None, now)
    _apply(session, message, receipt, now)
    return "applied"


def learn(session: ScopedSession, message_id: str, receipt: Receipt, now: datetime) -> None:
    """What the provider answered when it was asked what became of an accepted message."""
    message = messages.alone(session, message_id)
    if message is not None and _first(session, message, receipt, now):
        _apply(session, message, receipt, now)


def to_follow(session: ScopedSession, channel: Channel, room: int, now: datetime) -> list[tuple[str, str, str]]:
    """Accepted messages of all offices without a final report for too long, as (tenant, id, reference)."""
    query = select(Message).where(Message.channel == channel, Message.follow_at <= now)
    query = query.order_by(Message.follow_at).limit(room).with_for_update(skip_locked=True)
    found: list[tuple[str, str, str]] = []
    for message in session.scalars(query).all():
        message.follow_at = _next_look(message, now)
        if message.reference:
            found.append((message.tenant, message.id, message.reference))
    return found


def _next_look(message: Message, now: datetime) -> datetime | None:
    looks = [message.accepted_at + pause for pause in FOLLOW_UP] if message.accepted_at else []
    return next((look for look in looks if look > now), None)


def _first(session: ScopedSession, message: Message, receipt: Receipt, now: datetime) -> bool:
    row = {
        "tenant": message.tenant,
        "message_id": message.id,
        "reference": receipt.reference,
        "status": receipt.status,
        "code": receipt.code and receipt.code[:20],
        "received_at": now,
    }
    return write_once(session, DeliveryReceipt, row)


def _apply(session: ScopedSession, message: Message, receipt: Receipt, now: datetime) -> None:
    known: Status = message.delivery or "other"  # type: ignore[assignment]
    if message.reference != receipt.reference or not supersedes(receipt.status, known):
        return
    message.delivery, message.updated_at = receipt.status, now
    if receipt.status == "delivered":
        messages.deliver(session, message, now)
    elif receipt.status in FINAL:
        if receipt.code == OPTED_OUT:
            suppressions.suppress(session, message, receipt.code, now)
        messages.fail(session, message, "failed", receipt.code or receipt.status, _reason(receipt), now)


def _reason(receipt: Receipt) -> str:
    known = fault(int(receipt.code)) if receipt.code and receipt.code.isdecimal() else UNLISTED
    return known.reason if known is not UNLISTED else f"the provider reports: {receipt.status}"
