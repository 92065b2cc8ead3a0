"""Folding: one spelling for width, case, accents and character variants, without losing the place.

`folded("ＬＥＤ臺")` reads `led台`; every character of it knows which part of the original it stands for.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from services.search.variants import SPELLINGS

_ACCENTS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef"
_VOICING = "\u3099\u309a\uff9e\uff9f"
_FINAL_JAMO = "\u1160-\u11ff"
_CLUSTER = re.compile(f".[{_ACCENTS}{_INVISIBLE}{_VOICING}{_FINAL_JAMO}]*", re.DOTALL)
_DROPPED = re.compile(f"[{_ACCENTS}{_INVISIBLE}]")
_PUNCTUATION = {ord(mark): "'" for mark in "\u2018\u2019\u02bc\u2032"} | {
    ord(mark): "-" for mark in "\u2010\u2011\u2012\u2013\u2212"
}
_TABLE = SPELLINGS | _PUNCTUATION


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; character i stands for `original[starts[i]:ends[i]]` (code points)."""

    text: str
    starts: tuple[int, ...] | range
    ends: tuple[int, ...] | range


@lru_cache(maxsize=8)
def folded(text: str) -> Folded:
    """Fold a text and keep, for every character, its place in the original.

    The few texts of one document are read zone by zone, hence the small cache.
    """
    if text.isascii():
        return Folded(text.lower(), range(len(text)), range(1, len(text) + 1))
    pieces = [(fold(match[0]), *match.span()) for match in _CLUSTER.finditer(text)]
    return Folded(
        "".join(piece for piece, _, _ in pieces),
        tuple(start for piece, start, _ in pieces for _ in piece),
        tuple(end for piece, _, end in pieces for _ in piece),
    )


@lru_cache(maxsize=16_384)
def fold(cluster: str) -> str:
    """Fold one character with the marks that belong to it (Unicode NFKC, case, accents, variants)."""
    cased = unicodedata.normalize("NFKC", cluster).casefold()
    bare = _DROPPED.sub("", unicodedata.normalize("NFKD", cased))
    return unicodedata.normalize("NFKC", bare).translate(_TABLE)
