"""Taking messages in hand: due ones, fairly from all offices, each with its attempt written before the call.

Every office gets its turn, so that one office's thousand messages do not hold up another's one. A later message of a
case waits for an earlier one by the same channel, so that nobody reads "closed" before "received".
"""

from __future__ import annotations

import random
import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Integer,
    String,
    bindparam,
    exists,
    func,
    insert,
    literal,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from chassis.store import UtcDateTime
from chassis.store.tenancy import ScopedSession
from chassis.tenants import Tenant, Tenants
from services.notify import messages, quota
from services.notify.model import Attempt, Channel, Message, Suppression
from services.notify.suppressions import OPTED_OUT

LEASE: Final = timedelta(seconds=15)
EXPIRED: Final = ("expired", "it could not be sent before it was out of date")
QUOTA: Final = ("quota", "the office has used up its messages for today")
OPT_OUT: Final = exists().where(
    Suppression.tenant == Message.tenant,
    Suppression.channel == Message.channel,
    Suppression.recipient_hash == Message.recipient_hash,
)
# Made once, as `_look` is: making a statement costs more than running it.
TAKEN: Final = (
    select(Message, OPT_OUT)
    .where(Message.id.in_(bindparam("chosen", expanding=True)), Message.state == "waiting")
    .with_for_update(of=Message, skip_locked=True)
)
TAKE: Final = (
    update(Message)
    .where(Message.id.in_(bindparam("taken", expanding=True)))
    .values(
        state="sending",
        lease_until=bindparam("lease"),
        attempt_no=Message.attempt_no + 1,
        tries=Message.tries + 1,
        begun_at=func.coalesce(Message.begun_at, bindparam("moment", type_=UtcDateTime)),
        updated_at=bindparam("moment", type_=UtcDateTime),
    )
    .execution_options(synchronize_session=False)
)

QuotaLeft = Callable[[ScopedSession, Tenant, Channel, datetime], int]


@dataclass(frozen=True, slots=True)
class Call:
    """One attempt of one message, in hand: all that is needed to call the provider, or to ask it afterwards."""

    tenant: str
    message_id: str
    n: int
    nonce: str
    recipient: str
    subject: str | None
    text: str
    started_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message that must not be sent: the state it goes to, and why."""

    tenant: str
    message_id: str
    state: messages.Failure
    code: str
    reason: str


@dataclass(slots=True)
class Claimed:
    """What one claim took in hand."""

    calls: list[Call] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.calls) + len(self.refused)


def claim(
    session: ScopedSession,
    offices: Tenants,
    channel: Channel,
    room: int,
    now: datetime,
    shuffle: Callable[[list[str]], None] = random.shuffle,
    quota_left: QuotaLeft = quota.left,
) -> Claimed:
    """Take at most `room` due messages of all offices in hand, in a session over all of them.

    Their attempts are `prepared` when the session commits. What is refused is left as it was: `refuse` it afterwards.
    """
    claimed = Claimed()
    left: dict[str, int] = {}
    for message, opted_out in _taken(session, offices, channel, room, now, shuffle):
        if message.tenant not in left:
            left[message.tenant] = quota_left(session, offices[message.tenant], channel, now)
        if why := _wrong(message, opted_out, left[message.tenant], now):
            claimed.refused.append(Refusal(message.tenant, message.id, *why))
            continue
        left[message.tenant] -= message.begun_at is None
        claimed.calls.append(_call(message, now))
    if claimed.calls:
        _prepare(session, claimed.calls, now)
    return claimed


def refuse(session: ScopedSession, refusal: Refusal, now: datetime) -> None:
    """Close a message that must not be sent, unless something else became of it meanwhile."""
    message = messages.alone(session, refusal.message_id)
    if message is not None and message.state == "waiting":
        messages.fail(session, message, refusal.state, refusal.code, refusal.reason, now)


def call_of(message: Message, attempt: Attempt) -> Call:
    """What the provider is called with, or asked about, for this attempt."""
    return Call(
        message.tenant,
        message.id,
        attempt.n,
        attempt.nonce,
        message.recipient,
        message.subject,
        message.text,
        attempt.started_at,
        message.expires_at,
    )


def _taken(
    session: ScopedSession,
    offices: Tenants,
    channel: Channel,
    room: int,
    now: datetime,
    shuffle: Callable[[list[str]], None],
) -> Sequence[tuple[Message, bool]]:
    """The chosen messages, their rows locked, and whether their recipients have opted out."""
    look = _look(session.get_bind().dialect.name, tuple(offices), channel)
    found = session.execute(look, {"now": now, "room": room}).all() if offices else ()
    chosen = {"chosen": _turns(found, room, shuffle)}
    return [(row[0], row[1]) for row in session.execute(TAKEN, chosen)] if found else ()


@lru_cache
def _look(dialect: str, codes: tuple[str, ...], channel: Channel) -> Any:
    # One limited look into the index an office: a backlog of one costs the others nothing. PostgreSQL plans it once
    # for all offices; SQLite knows no LATERAL, and plans in no time.
    if dialect == "postgresql":
        office = func.unnest(literal(list(codes), ARRAY(String))).table_valued("code").render_derived("office")
        due = _of_office(office.c.code, channel).lateral("due")
        return select(due).select_from(office).join(due, true())
    return union_all(*(select(_of_office(code, channel).subquery()) for code in codes))


def _of_office(code: Any, channel: Channel) -> Any:
    now = bindparam("now", type_=UtcDateTime)
    earlier = aliased(Message)
    first = exists().where(
        earlier.tenant == Message.tenant,
        earlier.case_number == Message.case_number,
        earlier.channel == Message.channel,
        earlier.sequence < Message.sequence,
        earlier.state.in_(("waiting", "sending")),
        earlier.expires_at > now,
    )
    due = Message.tenant == code, Message.channel == channel, Message.state == "waiting", Message.due_at <= now
    found = select(Message.id, Message.tenant, Message.due_at).where(*due, ~first)
    return found.order_by(Message.due_at).limit(bindparam("room", type_=Integer))


def _turns(found: Sequence[Any], room: int, shuffle: Callable[[list[str]], None]) -> list[str]:
    """The first of each office, then the second of each, … at most `room`; which office begins is chance."""
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    for message_id, tenant, _ in sorted(found, key=lambda row: row.due_at):
        waiting[tenant].append(message_id)
    order = sorted(waiting)
    shuffle(order)
    ranked = [(place, order.index(code), one) for code in order for place, one in enumerate(waiting[code])]
    return [one for _, _, one in sorted(ranked)[:room]]


def _wrong(message: Message, opted_out: bool, left: int, now: datetime) -> tuple[messages.Failure, str, str] | None:
    if message.expires_at <= now:
        return "expired", *EXPIRED
    if opted_out:
        return "suppressed", *OPTED_OUT
    if left < 1 and message.begun_at is None and not message.released:
        return "parked", *QUOTA
    return None


def _call(message: Message, now: datetime) -> Call:
    nonce = secrets.token_urlsafe(24)
    number = message.attempt_no + 1
    sealed = message.recipient, message.subject, message.text
    return Call(message.tenant, message.id, number, nonce, *sealed, now, message.expires_at)


def _prepare(session: ScopedSession, calls: Sequence[Call], now: datetime) -> None:
    """Write down that these calls are about to be made: two statements, however many there are."""
    session.execute(TAKE, {"taken": [call.message_id for call in calls], "lease": now + LEASE, "moment": now})
    prepared = {"state": "prepared", "asked": 0, "started_at": now}
    rows = [
        {"tenant": call.tenant, "message_id": call.message_id, "n": call.n, "nonce": call.nonce, **prepared}
        for call in calls
    ]
    session.execute(insert(Attempt), rows)
