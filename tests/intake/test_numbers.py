"""Case numbers find every slip they promise to find; query codes open only with the right words."""

import string
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.intake.numbers import (
    CODE_ALPHABET,
    CODE_LENGTH,
    CaseNumber,
    NumberError,
    code_matches,
    fold_code,
    format_number,
    hash_code,
    new_code,
    parse_number,
    roc_year,
)

OFFICES = ("AP", "DL", "SL", "YM", "YS")
PEPPER = b"pepper of sixteen bytes at least"
ALPHANUMERIC = string.digits + string.ascii_uppercase
NUMBERS = st.builds(
    CaseNumber,
    st.text(string.ascii_uppercase, min_size=2, max_size=2),
    st.integers(1, 999),
    st.integers(1, 999_999),
)
OFFICE_NUMBERS = st.builds(CaseNumber, st.sampled_from(OFFICES), st.integers(1, 999), st.integers(1, 999_999))
CODES = st.text(CODE_ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


def read_or_none(text: str, prefixes: tuple[str, ...] = ()) -> CaseNumber | None:
    try:
        return parse_number(text, prefixes)
    except NumberError:
        return None


def test_a_number_is_written_with_prefix_year_sequence_and_check_digit() -> None:
    assert format_number("DL", 115, 4217) == "DL-115-004217-6"


@pytest.mark.parametrize(
    ("prefix", "year", "sequence", "field"),
    [
        ("D", 115, 1, "prefix"),
        ("dl", 115, 1, "prefix"),
        ("D1", 115, 1, "prefix"),
        ("DL", 0, 1, "year"),
        ("DL", 2026, 1, "year"),
        ("DL", 115, 0, "sequence"),
        ("DL", 115, 1_000_000, "sequence"),
    ],
)
def test_what_does_not_fit_into_a_number_is_refused_by_name(prefix: str, year: int, sequence: int, field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field}: "):
        format_number(prefix, year, sequence)


def test_the_year_is_the_one_in_taipei() -> None:
    assert roc_year(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == 115
    assert roc_year(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == 116
    with pytest.raises(ValueError, match="received: "):
        roc_year(datetime(2026, 12, 31))  # noqa: DTZ001


@given(NUMBERS)
def test_what_is_written_is_read_back(number: CaseNumber) -> None:
    assert parse_number(str(number)) == number


@given(NUMBERS, st.sampled_from(["", " ", "　", "–", "－", "_", "−", "\u200b"]), st.booleans(), st.booleans())
def test_case_width_and_separators_do_not_matter(
    number: CaseNumber, separator: str, lower: bool, full_width: bool
) -> None:
    text = str(number).replace("-", separator)
    text = text.lower() if lower else text
    wide = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
    text = text.translate(wide) if full_width else text
    assert parse_number(f" {text}\n") == number


@given(NUMBERS, st.lists(st.integers(0, 15), max_size=16))
def test_letters_that_look_like_digits_are_read_as_digits(number: CaseNumber, places: list[int]) -> None:
    text = list(str(number))
    for place in places:
        if place < len(text) and text[place] in "01" and place > 1:
            text[place] = "O" if text[place] == "0" else "Il"[place % 2]
    assert parse_number("".join(text)) == number


@pytest.mark.parametrize("number", [CaseNumber("DL", 115, 4217), CaseNumber("DI", 115, 4217), CaseNumber("OK", 115, 1)])
def test_the_check_digit_decides_which_letter_a_digit_in_the_prefix_was(number: CaseNumber) -> None:
    seen = str(number).replace("O", "0", 1).replace("L", "1", 1).replace("I", "1", 1)
    assert parse_number(seen) == number


def single_slips(text: str, places: range) -> set[str]:
    return {text[:i] + other + text[i + 1 :] for i in places for other in ALPHANUMERIC} - {text}


@given(NUMBERS)
@example(CaseNumber("DL", 115, 4217))
def test_every_wrong_digit_is_found(number: CaseNumber) -> None:
    text = str(number).replace("-", "")
    for slip in single_slips(text, range(2, len(text))):
        assert read_or_none(slip) in (None, number), slip


@given(NUMBERS)
def test_every_two_neighbouring_digits_exchanged_are_found(number: CaseNumber) -> None:
    text = str(number).replace("-", "")
    for i in range(2, len(text) - 1):
        slip = text[:i] + text[i + 1] + text[i] + text[i + 2 :]
        assert slip == text or read_or_none(slip) is None, slip


@given(OFFICE_NUMBERS)
def test_every_single_slip_is_found_when_the_offices_are_known(number: CaseNumber) -> None:
    text = str(number).replace("-", "")
    for slip in single_slips(text, range(len(text))):
        assert read_or_none(slip, OFFICES) in (None, number), slip


@given(OFFICE_NUMBERS)
def test_every_neighbouring_pair_exchanged_is_found_when_the_offices_are_known(number: CaseNumber) -> None:
    text = str(number).replace("-", "")
    for i in range(len(text) - 1):
        slip = text[:i] + text[i + 1] + text[i] + text[i + 2 :]
        assert read_or_none(slip, OFFICES) in (None, number), slip


def test_letters_are_part_of_the_check() -> None:
    others = [read_or_none(f"{letter}L-115-004217-6") for letter in string.ascii_uppercase]
    assert [number.prefix for number in others if number] == ["DL", "NL", "XL"]


@given(NUMBERS, st.integers(0, 11))
def test_a_lost_or_doubled_character_is_found(number: CaseNumber, place: int) -> None:
    text = str(number).replace("-", "")
    for slip in (text[:place] + text[place + 1 :], text[:place] + text[place] + text[place:]):
        with pytest.raises(NumberError) as error:
            parse_number(slip)
        assert error.value.reason == "shape"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "shape"),
        ("DL-115-004217", "shape"),
        ("DL-000-004217-8", "shape"),
        ("DL-115-OOOOOO-8", "shape"),
        ("斗六-115-004217-8", "shape"),
        ("DL-115-004217-6" + " " * 60, "shape"),
        ("DL-115-004217-8", "check_digit"),
        ("ZZ-115-004217-8", "prefix"),
    ],
)
def test_what_cannot_be_a_number_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(NumberError, match=r"^case number: ") as error:
        parse_number(text, OFFICES)
    assert error.value.reason == reason


@given(st.text())
def test_any_text_is_a_number_or_refused(text: str) -> None:
    number = read_or_none(text)
    assert number is None or parse_number(str(number)) == number


def test_new_codes_are_six_unambiguous_characters_and_differ() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) > 490
    assert all(len(code) == CODE_LENGTH and set(code) <= set(CODE_ALPHABET) for code in codes)
    assert not set("01OILZSBU") & set(CODE_ALPHABET)


@given(CODES)
def test_a_code_is_recognised_however_it_is_typed(code: str) -> None:
    hashed = hash_code(code, PEPPER)
    wide = "".join(chr(ord(character) + 0xFEE0) for character in code)
    twins = code.translate(str.maketrans("258V", "ZSBU"))
    for typed in (code, code.lower(), f" {code[:3]}-{code[3:]} ", wide, twins):
        assert fold_code(typed) == code
        assert code_matches(typed, hashed, PEPPER)


@given(CODES, CODES)
def test_another_code_or_pepper_does_not_open_it(code: str, other: str) -> None:
    hashed = hash_code(code, PEPPER)
    assert code_matches(other, hashed, PEPPER) == (other == code)
    assert not code_matches(code, hashed, PEPPER[::-1])
    assert not code_matches(code, hashed[:-1], PEPPER)
    assert code not in hashed


@given(st.text())
def test_any_text_is_folded_or_refused_and_never_opens_by_accident(text: str) -> None:
    assert not code_matches(text, "", PEPPER)
    if len(unicodedata.normalize("NFKC", text)) < CODE_LENGTH:
        with pytest.raises(ValueError, match="query code: "):
            fold_code(text)


def test_a_short_pepper_is_an_error_and_not_a_wrong_code() -> None:
    with pytest.raises(ValueError, match="pepper: "):
        hash_code("234567", b"short")
    with pytest.raises(ValueError, match="pepper: "):
        code_matches("234567", "", b"short")
