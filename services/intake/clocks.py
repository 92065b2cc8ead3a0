"""The office's clock on a case: it stands while the applicant is asked, and once the case is over."""

from datetime import datetime, timedelta
from typing import Literal

from chassis.tenants import Tenant
from services.intake import deadlines
from services.intake.model import Case
from services.intake.office_calendar import calendar_of

MINUTE = timedelta(minutes=1)


def tick(case: Case, change: Literal["pauses", "resumes", "stays"], now: datetime, office: Tenant) -> None:
    """Stop or start the clock; on starting, the deadline moves by the working time it stood."""
    if change == "pauses":
        case.paused_at = now
    elif change == "resumes" and case.paused_at is not None:
        _resume(case, max(now, case.paused_at), office)


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether the office is, or was when its clock stopped, late."""
    return case.deadline is not None and (case.paused_at or now) > case.deadline


def days_left(case: Case, now: datetime, office: Tenant) -> int | None:
    """Working days left, for display; negative when late; None without a deadline."""
    if case.deadline is None:
        return None
    return deadlines.days_left(case.paused_at or now, case.deadline, calendar_of(office))


def _resume(case: Case, now: datetime, office: Tenant) -> None:
    assert case.paused_at is not None
    calendar = calendar_of(office)
    case.paused_minutes += deadlines.working_time(case.paused_at, now, calendar) // MINUTE
    if case.deadline is not None:
        case.deadline = deadlines.resume(case.paused_at, now, case.deadline, calendar)
    case.paused_at = None
