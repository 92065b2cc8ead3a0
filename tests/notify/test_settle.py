"""How long a provider may need until it knows what it has accepted: one option of the setting, and what follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.notify.doubts import pauses
from services.notify.sms import ConsoleSms, sms_from
from tests.fakes.twilio import SID, TOKEN

GOOD = f"twilio://{SID}:{TOKEN}@api.twilio.com?from=%2B886900000001"


@pytest.mark.parametrize(("option", "seconds"), [("", 120), ("&settle=2", 2), ("&settle=0", 0), ("&settle=9999", 9999)])
def test_the_setting_says_how_long(option: str, seconds: float) -> None:
    assert sms_from(GOOD + option).settle == seconds


@pytest.mark.parametrize("wrong", ["-1", "soon", "1.5", "10000", "２"])
def test_a_wrong_time_is_named(wrong: str) -> None:
    with pytest.raises(ValueError, match="option 'settle' must be seconds, 0 to 9999") as caught:
        sms_from(f"{GOOD}&settle={wrong}")
    assert TOKEN not in str(caught.value)


def test_the_console_knows_at_once_and_signs_nothing() -> None:
    assert ConsoleSms().settle == 0
    assert not ConsoleSms().verify("http://127.0.0.1:8000/hooks/sms/twilio", {}, "x")


def test_questions_are_repeated_after_one_five_and_fifteen_minutes() -> None:
    assert pauses(timedelta(seconds=120)) == [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)]
