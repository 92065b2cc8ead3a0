"""The working calendar of an office, from its file."""

from functools import lru_cache

from chassis.tenants import Tenant, WorkingCalendar
from services.intake.calendar import Calendar


def calendar_of(office: Tenant) -> Calendar:
    """The office's calendar, made once for each state of its file."""
    return _made(office.calendar)


@lru_cache(maxsize=256)
def _made(days: WorkingCalendar) -> Calendar:
    return Calendar(office_hours=days.office_hours, closed=frozenset(days.closed), open=frozenset(days.open))
