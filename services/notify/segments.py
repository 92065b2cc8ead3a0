"""How many SMS segments a text costs, counted as the network and Twilio do.

GSM 03.38: 160 septets alone or 153 with a header in each part; one character outside its alphabet turns the whole text
into UCS-2: 70 units alone or 67 in parts. A character of two units (GSM escape, UTF-16 surrogate pair) is never cut
in half, so a text can need one part more than its length divided by the room.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("\f^{}\\[~]|€")
ROOM: dict[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}


@dataclass(frozen=True, slots=True)
class Size:
    """A text's encoding, its length in that encoding's units, and the segments it is charged as (0 when empty)."""

    encoding: Encoding
    units: int
    segments: int


def segments(body: str) -> int:
    """The number of segments `body` is charged as."""
    return size(body).segments


def size(body: str) -> Size:
    """Encoding, units and segments of `body`."""
    encoding = _encoding(body)
    widths = [_width(character, encoding) for character in body]
    alone, part = ROOM[encoding]
    units = sum(widths)
    return Size(encoding, units, min(units, 1) if units <= alone else _parts(widths, part))


def _encoding(body: str) -> Encoding:
    return "GSM-7" if GSM_BASIC.union(GSM_EXTENDED).issuperset(body) else "UCS-2"


def _width(character: str, encoding: Encoding) -> int:
    wide = character in GSM_EXTENDED if encoding == "GSM-7" else ord(character) > 0xFFFF
    return 2 if wide else 1


def _parts(widths: Iterable[int], room: int) -> int:
    parts, left = 0, 0
    for width in widths:
        if width > left:
            parts, left = parts + 1, room
        left -= width
    return parts
