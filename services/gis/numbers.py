"""Numbers as people write them: `路燈０１２３４號`, `No. 01234` and `01234` are one. Leading zeros are kept (DL6)."""

import math
import re
import unicodedata
from collections.abc import Iterator

LONGEST = 20
ALIKE = ("17", "08", "38", "56", "68", "69", "06", "49", "27")  # digits that a worn plate lets people mix up

_GAP = re.compile(r"[\W_]+")
_SPACE = re.compile(r"\s+")
_BEFORE = re.compile(
    "^(?:路燈|街燈|燈[桿杆]|電[桿杆]|公園|設施|編[號码碼]|號碼|燈號|牌號|"
    r"STREET-?LIGHT|STREET-?LAMP|LAMP|POLE|PARK|FACILITY|NUMBER|NO(?=[-\d])|-)+"
)
_AFTER = re.compile("(?:號|路燈|街燈|燈[桿杆]|燈|-)+$")
_PARTS = re.compile(r"^(\D*)(0*)(\d*)$")


def fold(text: str) -> str:
    """The number in this text: half-width, capital, without spaces and words around it; other signs become one `-`.

    Empty when there is none. Folding twice changes nothing.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper())
    plain = "".join(_ascii_digit(sign) for sign in _SPACE.sub("", plain))
    return _AFTER.sub("", _BEFORE.sub("", _GAP.sub("-", plain)))


def lookalikes(number: str) -> dict[str, int]:
    """Numbers that may have been meant instead, with a rank: 0 other leading zeros, 1 two neighbours swapped,
    2 a digit that looks alike, 3 any other digit, 4 a digit too few or too many."""
    if not 0 < len(number) <= LONGEST:
        return {}
    found: dict[str, int] = {}
    for rank, ways in enumerate((_zeros, _swapped, _misread, _mistyped, _longer_or_shorter)):
        for other in ways(number):
            found.setdefault(other, rank)
    found.pop(number, None)
    found.pop("", None)
    return found


def apart(number: str, other: str) -> float:
    """How many plates lie between two numbers of one series; infinite when they are of different series."""
    (letters, digits), (other_letters, other_digits) = _series(number), _series(other)
    if letters != other_letters or not digits or not other_digits:
        return math.inf
    return abs(int(digits) - int(other_digits))


def _series(number: str) -> tuple[str, str]:
    parts = _PARTS.match(number)
    return (parts[1], parts[2] + parts[3]) if parts else (number, "")


def _ascii_digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


def _zeros(number: str) -> Iterator[str]:
    parts = _PARTS.match(number)
    if parts is not None:
        head, _, digits = parts.groups()
        yield from (head + "0" * count + digits for count in range(6))


def _swapped(number: str) -> Iterator[str]:
    for i in range(len(number) - 1):
        yield number[:i] + number[i + 1] + number[i] + number[i + 2 :]


def _misread(number: str) -> Iterator[str]:
    for i, digit in enumerate(number):
        for pair in ALIKE:
            if digit in pair:
                yield number[:i] + pair.replace(digit, "") + number[i + 1 :]


def _mistyped(number: str) -> Iterator[str]:
    for i, digit in enumerate(number):
        if digit.isdecimal():
            yield from (number[:i] + other + number[i + 1 :] for other in "0123456789")


def _longer_or_shorter(number: str) -> Iterator[str]:
    for i in range(len(number) + 1):
        yield number[:i] + number[i + 1 :]
        yield from (number[:i] + digit + number[i:] for digit in "0123456789")
