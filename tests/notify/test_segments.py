"""Segments are counted as the network packs them: against every possible cut, and at the edges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.segments import GSM_BASIC, GSM_EXTENDED, segments, size
from tests.fakes.packer import DEFAULT_ALPHABET, EXTENSION, fewest_segments

GSM_TEXT = st.text(st.sampled_from(sorted(GSM_BASIC | GSM_EXTENDED)), max_size=500)
LONG_GSM = st.text(st.sampled_from("ab€[~"), min_size=140, max_size=500)
LONG_UCS2 = st.text(st.sampled_from("路燈😀a"), min_size=60, max_size=300)
ANY_TEXT = st.text(max_size=300)


@given(GSM_TEXT | LONG_GSM | LONG_UCS2 | ANY_TEXT)
def test_no_cut_needs_fewer_segments(body: str) -> None:
    assert segments(body) == fewest_segments(body)


@given(LONG_UCS2 | LONG_GSM)
def test_more_text_never_costs_less(body: str) -> None:
    assert segments(body[:-1]) <= segments(body)


@given(ANY_TEXT)
def test_one_chinese_character_makes_the_text_ucs2(body: str) -> None:
    assert size(body + "燈").encoding == "UCS-2"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("好" * 70, 1),
        ("好" * 71, 2),
        ("好" * 134, 2),
        ("好" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("好" * 66 + "😀" + "好" * 66, 3),
    ],
)
def test_edges(body: str, expected: int) -> None:
    assert segments(body) == expected


def test_a_pair_is_not_cut_though_the_length_would_fit() -> None:
    body = "好" * 66 + "😀" + "好" * 66
    assert size(body).units == 134
    assert size(body).segments == 3


def test_the_alphabet_is_that_of_gsm_03_38() -> None:
    assert frozenset(DEFAULT_ALPHABET) - {"\x1b"} == GSM_BASIC
    assert frozenset(EXTENSION) == GSM_EXTENDED
    assert len(DEFAULT_ALPHABET) == 128


@pytest.mark.parametrize("character", ["`", "ç", "\t", "\x1b", "’", "　", "，"])
def test_characters_that_look_harmless_are_outside_the_alphabet(character: str) -> None:
    assert size("abc" + character).encoding == "UCS-2"
