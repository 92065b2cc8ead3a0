"""A provider's sentence is kept without the personal data in it."""

from __future__ import annotations

import pytest

from services.notify.outcome import masked


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            "The 'To' number +886912345678 is not a valid phone number.",
            "The 'To' number … is not a valid phone number.",
        ),
        ("5.1.1 <wang@example.tw>: user unknown", "5.1.1 <…>: user unknown"),
        ("Invalid number 0912-345-678", "Invalid number …"),
        ("error 21211, see the manual", "error 21211, see the manual"),
        ("", ""),
    ],
)
def test_numbers_and_addresses_are_taken_out(said: str, kept: str) -> None:
    assert masked(said) == kept


def test_a_long_sentence_is_cut() -> None:
    assert len(masked("x" * 5000)) == 200
