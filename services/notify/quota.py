"""How many messages an office may send a day (Asia/Taipei), as its file says. A runaway sender stops here."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Integer, bindparam, func, select

from chassis.clock import TAIPEI
from chassis.store.tenancy import ScopedSession
from chassis.tenants import Tenant
from services.notify.model import Channel, Message

PLENTY: Final = 500
GLANCE_SECONDS: Final = 2.0
BEGUN: Final = (
    select(Message.id)
    .where(
        Message.tenant == bindparam("code"),
        Message.channel == bindparam("way"),
        Message.begun_at >= bindparam("since"),
    )
    .limit(bindparam("most", type_=Integer))
)
USED: Final = select(func.count()).select_from(BEGUN.subquery())


def allowed(office: Tenant, channel: Channel) -> int:
    """Messages a day by this channel."""
    return office.quota.sms_per_day if channel == "sms" else office.quota.email_per_day


def left(session: ScopedSession, office: Tenant, channel: Channel, now: datetime) -> int:
    """How many more may be begun today, never below 0. A message counts once, on the day of its first attempt."""
    most = allowed(office, channel)
    used = session.scalar(USED, {"code": office.code, "way": channel, "since": midnight(now), "most": most})
    return most - (used or 0)


class Glance:
    """What is left, for a sender: counted at every look while it is little, every two seconds while it is plenty."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._plenty: dict[tuple[str, Channel], tuple[float, int]] = {}

    def left(self, session: ScopedSession, office: Tenant, channel: Channel, now: datetime) -> int:
        """As `left`; what was begun meanwhile is not in it, which is far less than `PLENTY`."""
        until, count = self._plenty.get((office.code, channel), (0.0, 0))
        if self._clock() < until:
            return count
        count = left(session, office, channel, now)
        if count > PLENTY:
            self._plenty[office.code, channel] = (self._clock() + GLANCE_SECONDS, count)
        return count


def midnight(now: datetime) -> datetime:
    """The beginning of today in Taipei."""
    return now.astimezone(TAIPEI).replace(hour=0, minute=0, second=0, microsecond=0)


def month(now: datetime) -> datetime:
    """The beginning of this month in Taipei."""
    return midnight(now).replace(day=1)
