"""The working calendar against the official office calendars (政府行政機關辦公日曆表) and its own algebra."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.calendar import CONFIRMED_YEAR, FIRST_YEAR, LAST_YEAR, Calendar

NATIONAL = Calendar()
DAYS = st.dates(date(2005, 1, 1), date(2035, 12, 31))

# Weekdays off, as published for 民國 113 to 116 年; every other Monday to Friday is worked.
WEEKDAYS_OFF = {
    2024: "01-01 02-08 02-09 02-12 02-13 02-14 02-28 04-04 04-05 06-10 09-17 10-10",
    2025: "01-01 01-27 01-28 01-29 01-30 01-31 02-28 04-03 04-04 05-30 09-29 10-06 10-10 10-24 12-25",
    2026: "01-01 02-16 02-17 02-18 02-19 02-20 02-27 04-03 04-06 05-01 06-19 09-25 09-28 10-09 10-26 12-25",
    2027: "01-01 02-04 02-05 02-08 02-09 02-10 03-01 04-05 04-06 04-30 06-09 09-15 09-28 10-11 10-25 12-24 12-31",
}
SATURDAYS_WORKED = {2024: "02-17", 2025: "02-08", 2026: "", 2027: ""}


def _dates(year: int, days: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in days.split()}


def _whole_year(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(number) for number in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", WEEKDAYS_OFF)
def test_every_day_of_a_published_year_is_as_published(year: int) -> None:
    weekdays = {day for day in _whole_year(year) if day.weekday() < 5}
    published = weekdays - _dates(year, WEEKDAYS_OFF[year]) | _dates(year, SATURDAYS_WORKED[year])
    assert {day for day in _whole_year(year) if NATIONAL.is_working(day)} == published


def test_the_confirmed_year_is_the_last_one_compared_here() -> None:
    assert max(WEEKDAYS_OFF) == CONFIRMED_YEAR


@pytest.mark.parametrize(("year", "off"), [(2021, 116), (2024, 115), (2025, 118), (2026, 120)])
def test_days_off_of_a_year_are_as_many_as_announced(year: int, off: int) -> None:
    assert sum(not NATIONAL.is_working(day) for day in _whole_year(year)) == off


@pytest.mark.parametrize("saturday", ["2014-12-27", "2023-01-07", "2024-02-17", "2025-02-08"])
def test_a_make_up_saturday_is_worked_also_when_it_makes_up_for_next_year(saturday: str) -> None:
    assert NATIONAL.is_working(date.fromisoformat(saturday))


def test_a_day_off_of_government_offices_only_is_a_day_off() -> None:
    retrocession_day = date(1999, 10, 25)
    assert not NATIONAL.is_working(retrocession_day)


def test_a_closed_day_and_an_open_day_override_the_national_calendar() -> None:
    typhoon, saturday = date(2026, 7, 10), date(2026, 7, 18)
    calendar = Calendar(closed=frozenset({typhoon}), open=frozenset({saturday}))
    assert (NATIONAL.is_working(typhoon), NATIONAL.is_working(saturday)) == (True, False)
    assert (calendar.is_working(typhoon), calendar.is_working(saturday)) == (False, True)
    assert calendar.working_days_between(date(2026, 7, 9), date(2026, 7, 18)) == 6


def test_a_day_cannot_be_both_closed_and_open() -> None:
    day = frozenset({date(2026, 7, 10)})
    with pytest.raises(ValueError, match=r"closed, open: 2026-07-10"):
        Calendar(closed=day, open=day)


def test_the_office_must_open_before_it_closes() -> None:
    with pytest.raises(ValueError, match="office_hours"):
        Calendar(office_hours=(time(17, 30), time(8, 0)))


def test_office_hours_are_taipei_time() -> None:
    assert NATIONAL.opening(date(2026, 3, 6)) == datetime(2026, 3, 6, 0, 0, tzinfo=UTC)
    assert NATIONAL.closing(date(2026, 3, 6)) == datetime(2026, 3, 6, 9, 30, tzinfo=UTC)
    assert NATIONAL.day_length == timedelta(hours=9, minutes=30)


def test_it_says_until_when_it_is_reliable() -> None:
    assert NATIONAL.is_reliable(date(CONFIRMED_YEAR, 12, 31))
    assert not NATIONAL.is_reliable(date(CONFIRMED_YEAR + 1, 1, 1))
    assert Calendar(reliable_until=CONFIRMED_YEAR + 1).is_reliable(date(CONFIRMED_YEAR + 1, 1, 1))


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1])
def test_a_year_without_a_calendar_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match=f"year: no calendar for {year}"):
        NATIONAL.is_working(date(year, 6, 1))


@given(DAYS, st.integers(0, 400))
def test_counting_agrees_with_looking_at_each_day(start: date, length: int) -> None:
    days = [start + timedelta(number) for number in range(1, length + 1)]
    end = start + timedelta(length)
    assert NATIONAL.working_days_between(start, end) == sum(map(NATIONAL.is_working, days))
    assert NATIONAL.working_days_between(end, start) == -NATIONAL.working_days_between(start, end)


@given(DAYS, st.integers(1, 600))
def test_the_nth_working_day_after_is_a_working_day_and_n_working_days_away(day: date, count: int) -> None:
    found = NATIONAL.working_day_after(day, count)
    assert NATIONAL.is_working(found)
    assert NATIONAL.working_days_between(day, found) == count


@given(DAYS)
def test_the_working_day_from_a_day_is_the_first_not_before_it(day: date) -> None:
    found = NATIONAL.working_day_from(day)
    between = [day + timedelta(number) for number in range((found - day).days)]
    assert NATIONAL.is_working(found)
    assert not any(map(NATIONAL.is_working, between))
