"""Deadlines and the stopping clock: known cases by hand, laws of the algebra by hypothesis."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.calendar import Calendar
from services.intake.deadlines import (
    MOST_DAYS,
    days_left,
    deadline,
    paused_days,
    receipt_day,
    remaining,
    resume,
    working_time,
)

TAIPEI = ZoneInfo("Asia/Taipei")
OFFICE = Calendar()
NOTHING = timedelta()
DATES = st.dates(date(2014, 6, 1), date(2027, 12, 31)) | st.dates(date(2026, 1, 1), date(2026, 4, 15))
MOMENTS = st.builds(datetime.combine, DATES, st.times(), st.just(UTC))
COUNTS = st.integers(0, 60)
EXCEPTIONS = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 3, 31)), max_size=8)
CALENDARS = st.builds(
    lambda hours, closed, opened: Calendar(hours, closed, opened - closed),
    st.sampled_from([(time(8, 0), time(17, 30)), (time(9, 0), time(17, 0)), (time(0, 0), time(23, 59))]),
    EXCEPTIONS,
    EXCEPTIONS,
)


def at(text: str) -> datetime:
    """A moment written in Taipei time."""
    return datetime.fromisoformat(text).replace(tzinfo=TAIPEI)


def in_order(*moments: datetime) -> list[datetime]:
    return sorted(moments)


@pytest.mark.parametrize(
    ("opened", "days", "due"),
    [
        ("2026-03-06 06:00", 1, "2026-03-09 17:30"),  # before opening: Friday is day 0
        ("2026-03-06 09:00", 1, "2026-03-09 17:30"),
        ("2026-03-06 17:29", 1, "2026-03-09 17:30"),
        ("2026-03-06 17:30", 1, "2026-03-10 17:30"),  # closed: received on Monday
        ("2026-03-06 23:59", 1, "2026-03-10 17:30"),
        ("2026-03-07 00:00", 1, "2026-03-10 17:30"),  # local midnight into Saturday
        ("2026-03-08 23:59", 1, "2026-03-10 17:30"),
        ("2026-03-09 00:00", 1, "2026-03-10 17:30"),  # local midnight into Monday
        ("2026-02-13 10:00", 3, "2026-02-25 17:30"),  # over Lunar New Year, 02-14 to 02-22
        ("2026-02-16 10:00", 0, "2026-02-23 17:30"),  # on a holiday
        ("2026-03-06 10:00", 0, "2026-03-06 17:30"),
        ("2025-02-07 10:00", 1, "2025-02-08 17:30"),  # a make-up Saturday counts
        ("2026-12-31 10:00", 1, "2027-01-04 17:30"),  # over the end of the year
        ("2026-11-18 09:12", 4, "2026-11-24 17:30"),
    ],
)
def test_a_deadline_is_the_close_of_office_of_the_nth_working_day(opened: str, days: int, due: str) -> None:
    found = deadline(at(opened), days, OFFICE)
    assert found == at(due)
    assert found.tzinfo is UTC


def test_a_day_the_office_is_closed_moves_the_deadline() -> None:
    typhoon = Calendar(closed=frozenset({date(2026, 3, 9)}))
    assert deadline(at("2026-03-06 10:00"), 1, typhoon) == at("2026-03-10 17:30")


@pytest.mark.parametrize("days", [-1, MOST_DAYS + 1])
def test_a_number_of_days_out_of_range_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match=f"days: {days}"):
        deadline(at("2026-03-06 10:00"), days, OFFICE)


def test_a_moment_without_time_zone_is_refused() -> None:
    naive = datetime(2026, 3, 6, 10)  # noqa: DTZ001
    with pytest.raises(ValueError, match=r"received: 2026-03-06T10:00:00 has no time zone"):
        deadline(naive, 1, OFFICE)
    with pytest.raises(ValueError, match="deadline: "):
        days_left(at("2026-03-06 10:00"), naive, OFFICE)


@given(MOMENTS, COUNTS, CALENDARS)
def test_a_deadline_is_never_on_a_day_off_and_never_before_receipt(
    opened: datetime, days: int, calendar: Calendar
) -> None:
    due = deadline(opened, days, calendar)
    local = due.astimezone(TAIPEI)
    assert calendar.is_working(local.date())
    assert local.time() == calendar.office_hours[1]
    assert due > opened
    assert calendar.working_days_between(receipt_day(opened, calendar), local.date()) == days


@given(MOMENTS, MOMENTS, COUNTS, COUNTS, CALENDARS)
def test_later_receipt_or_more_days_never_make_it_due_earlier(
    one: datetime, other: datetime, few: int, many: int, calendar: Calendar
) -> None:
    (early, late), (few, many) = in_order(one, other), sorted((few, many))
    assert deadline(early, few, calendar) <= deadline(late, few, calendar)
    assert deadline(early, few, calendar) <= deadline(early, many, calendar)
    if few < many:
        assert deadline(early, few, calendar) < deadline(early, many, calendar)


def test_the_clock_stops_for_the_office_hours_of_the_pause() -> None:
    due = at("2026-11-24 17:30")
    assert resume(at("2026-11-19 10:05"), at("2026-11-19 16:22"), due, OFFICE) == at("2026-11-25 14:17")
    # From Friday noon to Monday noon the office works 9.5 hours: one day later.
    assert resume(at("2026-11-20 12:00"), at("2026-11-23 12:00"), due, OFFICE) == at("2026-11-25 17:30")
    # A pause over the weekend costs the resident nothing and gives the office nothing.
    assert resume(at("2026-11-20 18:00"), at("2026-11-23 07:00"), due, OFFICE) == due


def test_a_deadline_somebody_set_on_a_day_off_moves_to_a_working_day_by_a_pause_that_cost_time() -> None:
    saturday = at("2026-11-21 12:00")
    morning, noon = at("2026-11-19 08:00"), at("2026-11-19 12:00")
    assert resume(morning, noon, saturday, OFFICE) == at("2026-11-23 12:00")
    assert resume(at("2026-11-18 18:00"), morning, saturday, OFFICE) == saturday


def test_a_pause_cannot_end_before_it_began() -> None:
    with pytest.raises(ValueError, match="resumed_at: "):
        resume(at("2026-11-20 10:00"), at("2026-11-20 09:59"), at("2026-11-24 17:30"), OFFICE)


@given(MOMENTS, MOMENTS, COUNTS, CALENDARS)
def test_a_pause_of_no_length_changes_nothing(
    opened: datetime, paused: datetime, days: int, calendar: Calendar
) -> None:
    due = deadline(opened, days, calendar)
    assert resume(paused, paused, due, calendar) == due


@given(MOMENTS, MOMENTS, MOMENTS, COUNTS, CALENDARS)
def test_as_much_remains_after_a_pause_as_before(
    opened: datetime, one: datetime, other: datetime, days: int, calendar: Calendar
) -> None:
    paused, resumed = in_order(one, other)
    due = deadline(opened, days, calendar)
    moved = resume(paused, resumed, due, calendar)
    assert remaining(resumed, moved, calendar) == remaining(paused, due, calendar)
    assert calendar.is_working(moved.astimezone(TAIPEI).date())
    assert moved >= due


@given(MOMENTS, st.lists(MOMENTS, min_size=4, max_size=4), COUNTS, CALENDARS)
def test_two_pauses_move_the_deadline_by_their_sum(
    opened: datetime, moments: list[datetime], days: int, calendar: Calendar
) -> None:
    first, second, third, fourth = in_order(*moments)
    due = deadline(opened, days, calendar)
    moved = resume(third, fourth, resume(first, second, due, calendar), calendar)
    both = working_time(first, second, calendar) + working_time(third, fourth, calendar)
    assert working_time(due, moved, calendar) == both


@given(MOMENTS, st.lists(MOMENTS, min_size=3, max_size=3), COUNTS, CALENDARS)
def test_a_pause_cut_in_two_is_the_same_pause(
    opened: datetime, moments: list[datetime], days: int, calendar: Calendar
) -> None:
    first, second, third = in_order(*moments)
    due = deadline(opened, days, calendar)
    halves = resume(second, third, resume(first, second, due, calendar), calendar)
    assert halves == resume(first, third, due, calendar)


@given(MOMENTS, st.integers(0, 20_000), CALENDARS)
def test_working_time_agrees_with_counting_minutes(start: datetime, minutes: int, calendar: Calendar) -> None:
    start = start.replace(second=0, microsecond=0)
    opens, closes = calendar.office_hours
    first, last = start.astimezone(TAIPEI), (start + timedelta(minutes=minutes)).astimezone(TAIPEI)
    expected, day = NOTHING, first.date()
    while day <= last.date():
        if calendar.is_working(day):
            begin = max(first, datetime.combine(day, opens, TAIPEI))
            expected += max(min(last, datetime.combine(day, closes, TAIPEI)) - begin, NOTHING)
        day += timedelta(1)
    assert working_time(first, last, calendar) == expected
    assert working_time(last, first, calendar) == -expected


@given(MOMENTS, MOMENTS, MOMENTS, CALENDARS)
def test_working_time_adds_up(one: datetime, two: datetime, three: datetime, calendar: Calendar) -> None:
    whole = working_time(one, three, calendar)
    assert working_time(one, two, calendar) + working_time(two, three, calendar) == whole


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-11-20 09:00", 2),  # Friday: Monday and Tuesday are left
        ("2026-11-22 23:59", 2),  # Sunday
        ("2026-11-23 00:00", 1),
        ("2026-11-24 00:00", 0),
        ("2026-11-24 17:30", 0),
        ("2026-11-24 17:31", -1),
        ("2026-11-25 09:00", -1),
        ("2026-11-26 00:00", -2),
        ("2026-11-29 12:00", -3),  # Sunday: Wednesday, Thursday and Friday have passed
    ],
)
def test_days_left_are_working_days_and_negative_when_overdue(now: str, left: int) -> None:
    assert days_left(at(now), at("2026-11-24 17:30"), OFFICE) == left


@given(MOMENTS, MOMENTS, CALENDARS)
def test_the_sign_of_days_left_tells_whether_it_is_overdue(now: datetime, due: datetime, calendar: Calendar) -> None:
    assert (days_left(now, due, calendar) < 0) == (now > due)


@given(MOMENTS, COUNTS)
def test_a_new_case_shows_the_days_it_was_promised(opened: datetime, days: int) -> None:
    day = receipt_day(opened, OFFICE)
    assert days_left(OFFICE.opening(day), deadline(opened, days, OFFICE), OFFICE) == days


@pytest.mark.parametrize(
    ("paused", "resumed", "days"),
    [
        ("2026-11-19 10:05", "2026-11-19 10:05", 0),
        ("2026-11-19 10:05", "2026-11-19 16:22", 1),
        ("2026-11-20 17:00", "2026-11-23 08:30", 1),
        ("2026-11-20 12:00", "2026-11-24 12:01", 3),
        ("2026-11-20 18:00", "2026-11-22 12:00", 0),
    ],
)
def test_paused_days_count_a_begun_working_day_whole(paused: str, resumed: str, days: int) -> None:
    assert paused_days(at(paused), at(resumed), OFFICE) == days
