"""Case numbers that notice a slip, and query codes that open a case only to who was told them.

`DL-115-004217-6`: prefix of the office, 民國 year of receipt, sequence within that year, check digit. The
check digit is Damm's over all before it: it finds every wrong digit and every two neighbours exchanged. A
letter counts as the last digit of its distance from "0" in ASCII (A: 17, so 7). Two or three letters share
a value: a reader that knows the offices passes `prefixes`, and then a wrong letter is found too.
"""

import hmac
import re
import secrets
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import product
from typing import Literal

from stdnum import damm

from services.intake.calendar import TAIPEI

ROC_EPOCH = 1911
LAST_SEQUENCE = 999_999
LONGEST_TEXT = 64
CODE_LENGTH = 6
# No character that is read or heard as another one: one of 2Z 5S 8B UV, none of 0O 1IL.
CODE_ALPHABET = "23456789ACDEFGHJKMNPQRTVWXY"
SHORTEST_PEPPER = 16

_PREFIX = re.compile(r"[A-Z]{2}")
_WRITTEN = re.compile(r"(?P<prefix>[A-Z01]{2})(?![0O]{3})(?P<digits>[0-9OIL]{3}(?![0O]{6})[0-9OIL]{7})")
_SEEN_AS_DIGIT = str.maketrans("OIL", "011")
_SEEN_AS_LETTERS = {"0": "O", "1": "IL"}
_CODE_TWINS = str.maketrans("ZSBU", "258V")
_SEPARATING = {"Pd", "Pc", "Cf"}  # dashes, underscores, invisible characters
_DASH_LIKE = "−ー"

Slip = Literal["shape", "prefix", "check_digit"]


class NumberError(ValueError):
    """What was typed is no case number: `reason` says whether its shape, office or check digit is wrong."""

    def __init__(self, reason: Slip, message: str) -> None:
        super().__init__(message)
        self.reason: Slip = reason


@dataclass(frozen=True)
class CaseNumber:
    """A case number taken apart: two letters, 民國 year 1–999, sequence 1–999999. `str()` writes it."""

    prefix: str
    year: int
    sequence: int

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix):
            raise ValueError(f"prefix: {self.prefix!r} is not two letters A to Z")
        if not 1 <= self.year <= 999:
            raise ValueError(f"year: {self.year} is not a year of the Republic, 1 to 999")
        if not 1 <= self.sequence <= LAST_SEQUENCE:
            raise ValueError(f"sequence: {self.sequence} is not between 1 and {LAST_SEQUENCE}")

    @property
    def check_digit(self) -> str:
        """Damm's check digit of everything before it."""
        return damm.calc_check_digit(_values(f"{self.prefix}{self.year:03}{self.sequence:06}"))

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year:03}-{self.sequence:06}-{self.check_digit}"


def roc_year(received: datetime) -> int:
    """The 民國 year of an aware moment in Taipei. Errors: `ValueError` without a time zone."""
    if received.utcoffset() is None:
        raise ValueError(f"received: {received.isoformat()} has no time zone")
    return received.astimezone(TAIPEI).year - ROC_EPOCH


def format_number(prefix: str, year: int, sequence: int) -> str:
    """The case number as it is told to people. Errors: `ValueError` naming what is out of range."""
    return str(CaseNumber(prefix, year, sequence))


def parse_number(text: str, prefixes: Collection[str] = ()) -> CaseNumber:
    """Read a number as people type it: any case or width, with or without hyphens, O for 0, l or I for 1.

    Where a character may be two letters the check digit decides. `prefixes`: only these offices are known.
    Errors: `NumberError`.
    """
    written = _WRITTEN.fullmatch(_squeezed(text))
    if not written:
        raise NumberError("shape", f"case number: {text[:LONGEST_TEXT]!r} does not look like DL-115-004217-6")
    digits = written["digits"].translate(_SEEN_AS_DIGIT)
    readings = [prefix for prefix in _readings(written["prefix"]) if not prefixes or prefix in prefixes]
    if not readings:
        raise NumberError("prefix", f"case number: no office has numbers beginning with {written['prefix']}")
    fitting = [prefix for prefix in readings if damm.is_valid(_values(prefix + digits))]
    if len(fitting) != 1:
        raise NumberError("check_digit", f"case number: the check digit of {text[:LONGEST_TEXT]!r} does not fit")
    return CaseNumber(fitting[0], int(digits[:3]), int(digits[3:9]))


def new_code() -> str:
    """A fresh query code of six characters, 28 bits; guard what it opens with an attempt limit."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def fold_code(text: str) -> str:
    """The code as issued, from any case, width or spacing. Errors: `ValueError` when it cannot be one."""
    folded = _squeezed(text).translate(_CODE_TWINS)
    if len(folded) != CODE_LENGTH or not set(folded) <= set(CODE_ALPHABET):
        raise ValueError(f"query code: must be {CODE_LENGTH} letters or digits, as in the message")
    return folded


def hash_code(code: str, pepper: bytes) -> str:
    """What is stored of a code: HMAC-SHA256 in hexadecimal. Errors: `ValueError`: short pepper or no code."""
    return _keyed(fold_code(code), pepper)


def code_matches(code: str, hashed: str, pepper: bytes) -> bool:
    """Whether what was typed is the code of that hash, in time that does not depend on how nearly it is."""
    try:
        typed = fold_code(code)
    except ValueError:
        return False
    return hmac.compare_digest(_keyed(typed, pepper).encode(), hashed.encode())


def _keyed(folded: str, pepper: bytes) -> str:
    if len(pepper) < SHORTEST_PEPPER:
        raise ValueError(f"pepper: must have at least {SHORTEST_PEPPER} bytes")
    return hmac.new(pepper, folded.encode(), sha256).hexdigest()


def _values(characters: str) -> str:
    return "".join(str((ord(character) - ord("0")) % 10) for character in characters)


def _readings(prefix: str) -> Iterator[str]:
    letters = (_SEEN_AS_LETTERS.get(character, character) for character in prefix)
    return ("".join(choice) for choice in product(*letters))


def _squeezed(text: str) -> str:
    """Half-width capitals without spaces, hyphens and dashes; empty when it is too long or not ASCII then."""
    if len(text) > LONGEST_TEXT:
        return ""
    squeezed = "".join(c for c in unicodedata.normalize("NFKC", text) if not _separates(c))
    return squeezed.upper() if squeezed.isascii() else ""


def _separates(character: str) -> bool:
    dash = character in _DASH_LIKE or unicodedata.category(character) in _SEPARATING
    return dash or character.isspace()
