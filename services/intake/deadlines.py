"""Deadlines in working days, and a clock that stops while the resident is asked.

Statutory handling days (AP1, DL1): the day of receipt does not count (行政程序法 § 48 II), the last day is a
working day (§ 48 IV), and the time the resident needs to supply what is missing is not the office's. Every
datetime is aware; results are UTC; days are Asia/Taipei's. Errors: `ValueError` naming the argument.
"""

from datetime import UTC, date, datetime, timedelta

from services.intake.calendar import TAIPEI, Calendar

MOST_DAYS = 3660
NOTHING = timedelta()


def deadline(opened: datetime, days: int, calendar: Calendar) -> datetime:
    """Close of office of the `days`-th working day after the day of receipt; 0 is that day itself."""
    if not 0 <= days <= MOST_DAYS:
        raise ValueError(f"days: {days} is not between 0 and {MOST_DAYS}")
    day = receipt_day(opened, calendar)
    return calendar.closing(calendar.working_day_after(day, days) if days else day)


def receipt_day(received: datetime, calendar: Calendar) -> date:
    """The working day on which something counts as received: the day the office is open or opens next."""
    local = _local(received, "received")
    if calendar.is_working(local.date()) and local.time() < calendar.office_hours[1]:
        return local.date()
    return calendar.working_day_after(local.date(), 1)


def remaining(now: datetime, deadline: datetime, calendar: Calendar) -> timedelta:
    """Working time left until the deadline; negative when it is past."""
    return working_time(now, deadline, calendar)


def resume(paused_at: datetime, resumed_at: datetime, deadline: datetime, calendar: Calendar) -> datetime:
    """The deadline after a pause: later by its working time, so as much remains as when it began."""
    if _local(resumed_at, "resumed_at") < _local(paused_at, "paused_at"):
        raise ValueError(f"resumed_at: {resumed_at.isoformat()} is before paused_at {paused_at.isoformat()}")
    return _later(deadline, working_time(paused_at, resumed_at, calendar), calendar)


def days_left(now: datetime, deadline: datetime, calendar: Calendar) -> int:
    """Working days left for display: 0 is due today; -n is overdue, on the n-th working day of being so."""
    today, last = _local(now, "now").date(), _local(deadline, "deadline").date()
    days = calendar.working_days_between(today, last)
    return days if now <= deadline else min(days, -1)


def paused_days(paused_at: datetime, resumed_at: datetime, calendar: Calendar) -> int:
    """Length of a pause in working days for display, a begun day counted whole."""
    return -(-working_time(paused_at, resumed_at, calendar) // calendar.day_length)


def working_time(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Office hours between two moments; negative when `end` is earlier."""
    first, last = _local(start, "start"), _local(end, "end")
    days = calendar.working_days_between(first.date(), last.date())
    whole = days + calendar.is_working(first.date()) - calendar.is_working(last.date())
    return whole * calendar.day_length + _worked(last, calendar) - _worked(first, calendar)


def _later(moment: datetime, work: timedelta, calendar: Calendar) -> datetime:
    """The earliest moment with that much more working time behind it: the end of a day, not the next dawn."""
    if work == NOTHING:
        return moment.astimezone(UTC)
    local = _local(moment, "deadline")
    whole, rest = divmod(_worked(local, calendar) + work, calendar.day_length)
    if rest == NOTHING:
        whole, rest = whole - 1, calendar.day_length
    day = calendar.working_day_from(local.date())
    return calendar.opening(calendar.working_day_after(day, whole) if whole else day) + rest


def _worked(local: datetime, calendar: Calendar) -> timedelta:
    """Office hours of its day that are over at that moment."""
    if not calendar.is_working(local.date()):
        return NOTHING
    return min(max(local - calendar.opening(local.date()), NOTHING), calendar.day_length)


def _local(moment: datetime, field: str) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"{field}: {moment.isoformat()} has no time zone")
    return moment.astimezone(TAIPEI)
