"""Spans of time that figures are about, in Asia/Taipei, each with the span before it to compare with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chassis.clock import TAIPEI

Name = Literal["this_month", "last_month", "this_year"]


@dataclass(frozen=True)
class Period:
    """From `start` up to, not including, `end`.

    `before_start` … `before_end` is the same stretch one step earlier: the whole of it, or of an unfinished period as
    much as has passed of this one.
    """

    start: datetime
    end: datetime
    before_start: datetime
    before_end: datetime

    @property
    def before(self) -> "Period":
        """The earlier span as a period of its own (compared with nothing)."""
        return Period(self.before_start, self.before_end, self.before_start, self.before_start)


def period(name: Name, now: datetime) -> Period:
    """The period of that name, as of now."""
    return BY_NAME[name](now)


def last_quarter(now: datetime) -> Period:
    """The last quarter that is over."""
    month = _month_of(now)
    return _span(_shifted(month, -((month.month - 1) % 3) - 3), 3, now)


BY_NAME: Mapping[Name, Callable[[datetime], Period]] = {
    "this_month": lambda now: _span(_month_of(now), 1, now),
    "last_month": lambda now: _span(_shifted(_month_of(now), -1), 1, now),
    "this_year": lambda now: _span(_month_of(now).replace(month=1), 12, now),
}


def _span(start: datetime, months: int, now: datetime) -> Period:
    whole = _shifted(start, months)
    before = _shifted(start, -months)
    if whole <= now:
        return Period(start, whole, before, start)
    return Period(start, now, before, min(before + (now - start), start))


def _month_of(now: datetime) -> datetime:
    return now.astimezone(TAIPEI).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _shifted(month: datetime, by: int) -> datetime:
    years, index = divmod(month.month - 1 + by, 12)
    return month.replace(year=month.year + years, month=index + 1)
