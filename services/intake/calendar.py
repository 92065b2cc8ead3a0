"""The working calendar of an office: Taiwan's public holidays, make-up workdays, the office's own exceptions.

Sources: 紀念日及節日實施條例 and the yearly 政府行政機關辦公日曆表, as the `holidays` library knows them.
A typhoon day, or one the library does not know, is an exception in the tenant's file (`closed`, `open`).
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

TAIPEI = ZoneInfo("Asia/Taipei")
FIRST_YEAR = 1998
LAST_YEAR = 2099
# The last official office calendar (民國 116 年) that was compared day by day with the library.
CONFIRMED_YEAR = 2027


@dataclass(frozen=True)
class Calendar:
    """Which days and hours an office works, Asia/Taipei.

    `closed` and `open` override the national calendar. `reliable_until` is the last year whose official
    calendar was checked; an office may raise it once it has entered the exceptions of a later year.
    Errors: `ValueError` naming the field when the hours are not in order or a day is both closed and open.
    """

    office_hours: tuple[time, time] = (time(8, 0), time(17, 30))
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()
    reliable_until: int = CONFIRMED_YEAR

    def __post_init__(self) -> None:
        opens, closes = self.office_hours
        if opens >= closes:
            raise ValueError(f"office_hours: {opens} must be before {closes}")
        if both := sorted(self.closed & self.open):
            raise ValueError(f"closed, open: {both[0]} is in both")

    @property
    def day_length(self) -> timedelta:
        """Working time of one working day."""
        opens, closes = (datetime.combine(date.min, hour) for hour in self.office_hours)
        return closes - opens

    def is_reliable(self, day: date) -> bool:
        """Whether the official calendar of that year was known when this was written."""
        return FIRST_YEAR <= day.year <= self.reliable_until

    def is_working(self, day: date) -> bool:
        """Errors: `ValueError` for a year without a calendar."""
        days = _working_days(self, day.year)
        return bisect_right(days, day) > bisect_left(days, day)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        years = range(start.year, end.year)
        whole = sum(len(_working_days(self, year)) for year in years)
        return whole + self._days_over(end) - self._days_over(start)

    def working_day_after(self, day: date, count: int) -> date:
        """The `count`-th (≥ 1) working day after `day`. Errors: `ValueError` past the last year."""
        year, index = day.year, self._days_over(day) + count - 1
        while index >= len(days := _working_days(self, year)):
            year, index = year + 1, index - len(days)
        return days[index]

    def working_day_from(self, day: date) -> date:
        """`day` itself when it is a working day, else the next one."""
        return day if self.is_working(day) else self.working_day_after(day, 1)

    def opening(self, day: date) -> datetime:
        """When the office opens that day, UTC."""
        return datetime.combine(day, self.office_hours[0], TAIPEI).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """When the office closes that day, UTC."""
        return datetime.combine(day, self.office_hours[1], TAIPEI).astimezone(UTC)

    def _days_over(self, day: date) -> int:
        """How many working days of its year are over at the end of `day`."""
        return bisect_right(_working_days(self, day.year), day)


@lru_cache(maxsize=1024)
def _working_days(calendar: Calendar, year: int) -> tuple[date, ...]:
    own = {day for day in calendar.open if day.year == year}
    return tuple(sorted((_national_working_days(year) - calendar.closed) | own))


@lru_cache(maxsize=LAST_YEAR - FIRST_YEAR + 1)
def _national_working_days(year: int) -> frozenset[date]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"year: no calendar for {year}, only for {FIRST_YEAR} to {LAST_YEAR}")
    # The next year too: a day off in January may be made up for in the December before it.
    taiwan = holidays.country_holidays("TW", years=(year, year + 1), categories=("public", "government"))
    first = date(year, 1, 1)
    days = (first + timedelta(number) for number in range((date(year + 1, 1, 1) - first).days))
    return frozenset(day for day in days if taiwan.is_working_day(day))
