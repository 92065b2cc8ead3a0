"""Cutting a text into SMS segments by trying every cut: slow, obvious, and the oracle for the fast way.

Written from the standards (3GPP 23.038, 23.040), sharing nothing with services/notify/segments.py.
"""

from __future__ import annotations

from itertools import accumulate

# 3GPP 23.038 §6.2.1, code 0x00 to 0x7F, row by row; 0x1B is the escape and no character.
DEFAULT_ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
EXTENSION = {"\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40}
EXTENSION["€"] = 0x65


def septets(character: str) -> list[int] | None:
    """The character in GSM-7, None when it is not in the alphabet."""
    if character in EXTENSION:
        return [0x1B, EXTENSION[character]]
    return [DEFAULT_ALPHABET.index(character)] if character != "\x1b" and character in DEFAULT_ALPHABET else None


def encoded(body: str) -> tuple[list[int], int, int]:
    """Code units each character takes, with the room of a lone message and of a part of one."""
    gsm = [septets(character) for character in body]
    if all(units is not None for units in gsm):
        return [len(units or ()) for units in gsm], 160, 153
    return [len(character.encode("utf-16-be", "surrogatepass")) // 2 for character in body], 70, 67


def fewest_segments(body: str) -> int:
    """The least number of segments that hold `body` with no character cut in half."""
    widths, alone, part = encoded(body)
    if sum(widths) <= alone:
        return 1 if body else 0
    ends = list(accumulate(widths, initial=0))
    fewest = [0]
    first = 0
    for end in range(1, len(ends)):
        while ends[end] - ends[first] > part:
            first += 1
        fewest.append(1 + min(fewest[first:]))
    return fewest[-1]
