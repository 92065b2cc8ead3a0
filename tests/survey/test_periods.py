"""Periods in Taipei, and what each is compared to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.clock import TAIPEI
from services.survey.periods import BY_NAME, Name, last_quarter, period

MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def taipei(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=TAIPEI)  # type: ignore[misc,arg-type]


def test_this_month_begins_at_midnight_in_taipei() -> None:
    now = datetime(2026, 10, 31, 16, 30, tzinfo=UTC)
    found = period("this_month", now)
    assert (found.start, found.end) == (taipei(2026, 11, 1), now)
    assert (found.before_start, found.before_end) == (taipei(2026, 10, 1), taipei(2026, 10, 1, 0, 30))


def test_last_month_is_compared_to_all_of_the_month_before() -> None:
    found = period("last_month", taipei(2026, 3, 31, 9))
    assert (found.start, found.end) == (taipei(2026, 2, 1), taipei(2026, 3, 1))
    assert (found.before_start, found.before_end) == (taipei(2026, 1, 1), taipei(2026, 2, 1))


def test_this_year_is_compared_to_as_much_of_last_year() -> None:
    found = period("this_year", taipei(2026, 4, 11))
    assert (found.start, found.before_start, found.before_end) == (
        taipei(2026, 1, 1),
        taipei(2025, 1, 1),
        taipei(2025, 4, 11),
    )


def test_a_longer_month_is_compared_to_a_whole_shorter_one() -> None:
    assert period("this_month", taipei(2026, 3, 31, 12)).before_end == taipei(2026, 3, 1)


@pytest.mark.parametrize(
    ("now", "start"),
    [
        (taipei(2026, 1, 5), taipei(2025, 10, 1)),
        (taipei(2026, 6, 30), taipei(2026, 1, 1)),
        (taipei(2026, 7, 1), taipei(2026, 4, 1)),
    ],
)
def test_the_last_quarter_is_over(now: datetime, start: datetime) -> None:
    found = last_quarter(now)
    assert found.start == start
    assert found.end <= now < found.end + timedelta(days=93)


@given(MOMENTS, st.sampled_from(list(BY_NAME)))
def test_a_period_follows_the_one_before_it(now: datetime, name: Name) -> None:
    found = period(name, now)
    assert found.start <= found.end <= now
    assert found.before_start < found.start
    assert found.before_start <= found.before_end <= found.start
    assert found.before.start == found.before_start
