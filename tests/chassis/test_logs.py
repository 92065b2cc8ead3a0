"""Logs carry no personal data, whoever wrote them."""

import pytest

from chassis.logs import mask


@pytest.mark.parametrize(
    "text", ["0912-345-678", "0912345678", "+886912345678", "+886 912 345 678", "mei.lin@example.tw", "A123456789"]
)
def test_personal_data_is_masked(text: str) -> None:
    assert mask(f"sent to {text}.") == "sent to •••."


@pytest.mark.parametrize(
    "text", ["DL-115-004217-6", "01234", "2026-11-21T03:00:00Z", "3f2b8f6c-6f0d-4a55-9d7e-0d8f9c1f2a10"]
)
def test_numbers_that_are_nobodys_stay(text: str) -> None:
    assert mask(text) == text
