"""Backoff: never sooner than five seconds or than the provider asks, never all at once, never beyond a quarter hour."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.retries import pause


@given(tries=st.integers(1, 100), dice=st.floats(0, 1, exclude_max=True))
def test_a_pause_is_between_five_seconds_and_a_quarter_hour(tries: int, dice: float) -> None:
    assert timedelta(seconds=5) <= pause(tries, dice=lambda: dice) <= timedelta(minutes=15)


def test_the_ceiling_doubles() -> None:
    ceilings = [pause(tries, dice=lambda: 1.0).total_seconds() for tries in range(1, 10)]
    assert ceilings == [10, 20, 40, 80, 160, 320, 640, 900, 900]


@pytest.mark.parametrize(("asked", "least"), [(None, 5), (1, 5), (60, 60), (3600, 3600)])
def test_the_provider_is_given_the_time_it_asks_for(asked: float | None, least: float) -> None:
    assert pause(1, asked, dice=lambda: 0.0) == timedelta(seconds=least)


def test_a_crowd_is_spread() -> None:
    found = {round(pause(6).total_seconds()) for _ in range(200)}
    assert len(found) > 50
