"""Numbers: many ways to write one, and what may have been meant instead."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gis.numbers import LONGEST, apart, fold, lookalikes

DIGITS = st.text("0123456789", min_size=1, max_size=8)


@pytest.mark.parametrize(
    "written",
    [
        "01234",
        " 01234 ",
        "０１２３４",
        "01 234",
        "路燈01234",
        "路燈 ０１２３４ 號",
        "01234號路燈",
        "路燈編號：01234",
        "No. 01234",
        "NO.01234",
        "№01234",
        "#01234",
        "no 01234",
        "lamp 01234",
        "street light 01234",
        "Streetlight #01234",
        "燈桿01234",
        '="01234"',
    ],
)
def test_one_number_is_written_in_many_ways(written: str) -> None:
    assert fold(written) == "01234"


def test_leading_zeros_are_part_of_the_number() -> None:
    assert fold("00012") == "00012" != fold("12")


@pytest.mark.parametrize(
    ("written", "number"),
    [("p001", "P001"), ("中山-12", "中山-12"), ("A—7", "A-7"), ("N0012", "N0012"), ("12/3", "12-3")],
)
def test_letters_and_signs_of_the_plate_stay(written: str, number: str) -> None:
    assert fold(written) == number


@pytest.mark.parametrize("nothing", ["", " ", "路燈", "---", "\x00", "號", "\ud800"])
def test_where_there_is_no_number_there_is_none(nothing: str) -> None:
    assert fold(nothing) == ""


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(DIGITS)
def test_digits_are_never_changed(digits: str) -> None:
    assert fold(f"路燈 {digits} 號") == digits


def test_the_likeliest_slip_has_the_lowest_rank() -> None:
    ranks = lookalikes("1234")
    assert ranks["01234"] == 0
    assert ranks["1324"] == 1
    assert ranks["7234"] == 2
    assert ranks["5234"] == 3
    assert ranks["12345"] == ranks["123"] == 4
    assert "1234" not in ranks


def test_zeros_go_after_the_letters() -> None:
    assert lookalikes("P1")["P001"] == 0


@given(st.text("0123456789AP-", min_size=1, max_size=LONGEST))
def test_a_slip_is_never_the_number_itself_and_there_are_not_too_many(number: str) -> None:
    found = lookalikes(number)
    assert number not in found
    assert len(found) <= 31 * (LONGEST + 1)


@given(DIGITS.filter(lambda digits: len(digits) > 1), st.integers(0, 6))
def test_slips_are_mutual_when_two_neighbours_are_swapped(number: str, at: int) -> None:
    i = at % (len(number) - 1)
    swapped = number[:i] + number[i + 1] + number[i] + number[i + 2 :]
    if swapped != number:
        assert lookalikes(number)[swapped] <= 1
        assert lookalikes(swapped)[number] <= 1


@pytest.mark.parametrize("nothing", ["", "1" * (LONGEST + 1)])
def test_nothing_looks_like_what_can_be_no_number(nothing: str) -> None:
    assert lookalikes(nothing) == {}


def test_numbers_of_one_series_are_so_many_plates_apart() -> None:
    assert apart("13020", "13012") == apart("P004", "P012") == 8
    assert apart("P001", "F001") == apart("P001", "00001") == apart("中山", "中山1") == math.inf
