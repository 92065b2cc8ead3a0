"""The one analyser: the tokens of every search engine are made here and nowhere else.

A text is read in three zones, each a list of tokens with offsets in code points into the original:

- `tokens`: words (English ones stemmed), numbers, and bigrams of Han, kana and Hangul; a character that
  stands alone is a token of its own. The same cut as Lucene's CJKBigramFilter, apart from the folding.
- `characters`: the same, but every Han character by itself. Answers one-character searches and those where
  a single character touches a number (`48號` in `48號巷口`), which bigrams cannot.
- `codes`: long numbers without their hyphens, so that `DL-115-004217-6` and `DL1150042176` are one token.

Terms hold letters, digits and inner full stops only: no engine needs to analyse them again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from snowballstemmer import stemmer  # type: ignore[import-untyped, unused-ignore]

from services.search.folding import Folded, folded

ANALYSER = 1
"""Raise it whenever the same text would give other tokens: the indexes are then rebuilt."""

LONGEST_TERM = 64
FEWEST_CODE_DIGITS = 8

_HAN = "\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
_HANGUL = "\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e"
CJK = f"[{_HAN}{_KANA}{_HANGUL}]"
"""Regular expression of one character that is written without spaces between words."""

_LETTER = f"(?:(?!{CJK})[^\\W_])"
_RUN = re.compile(
    f"(?P<han>{CJK}+)"
    r"|(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9]|,[0-9]))"
    rf"|(?P<word>{_LETTER}+(?:(?:'|(?<=[0-9])\.(?=[0-9])){_LETTER}+)*)"
)
_ENGLISH = re.compile(r"[a-z']{3,}")
_CODE = re.compile("[a-z0-9]+")


class Zone(StrEnum):
    """Which reading of a text a needle is looked for in."""

    TOKENS = "tokens"
    CHARACTERS = "characters"
    CODES = "codes"


@dataclass(frozen=True, slots=True)
class Token:
    """A term and the part of the original text it stands for: `text[start:end]`, in code points."""

    term: str
    start: int
    end: int


class _Run(NamedTuple):
    """A stretch of folded text, by its offsets there: `han`, `number` (grouped by commas) or `word`."""

    kind: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Words, numbers and Han bigrams, in order."""
    source = folded(text)
    return [token for run in _runs(source.text) for token in _cut(source, run, 2)]


def characters(text: str) -> list[Token]:
    """Words, numbers and single Han characters, in order."""
    source = folded(text)
    return [token for run in _runs(source.text) for token in _cut(source, run, 1)]


def codes(text: str) -> list[Token]:
    """Numbers of eight digits and more with the letters in front, without hyphens and commas."""
    source = folded(text)
    joined = [_joined(source, chain) for chain in _chains(source.text)]
    return [token for token in joined if _is_code(token.term)]


def read(text: str, zone: Zone) -> list[Token]:
    """The tokens of one zone."""
    return {Zone.TOKENS: tokens, Zone.CHARACTERS: characters, Zone.CODES: codes}[zone](text)


def words(text: str) -> list[Token]:
    """Whole stretches as a person reads them: Han runs uncut, English unstemmed (for suggestions)."""
    source = folded(text)
    return [_token(source, _written(source, run), run.start, run.end) for run in _runs(source.text)]


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Snowball English (Porter 2) stem of a lower-case word; other words and numbers stay as they are."""
    stemmed = stemmer("english").stemWord(word) if _ENGLISH.fullmatch(word) else word
    return str(stemmed).replace("'", "")


def _runs(text: str) -> Iterator[_Run]:
    for match in _RUN.finditer(text):
        kind, start, end = str(match.lastgroup), *match.span()
        step = end - start if kind == "han" else LONGEST_TERM
        for piece in range(start, end, step):
            yield _Run(kind, piece, min(piece + step, end))


def _cut(source: Folded, run: _Run, width: int) -> Iterator[Token]:
    if run.kind != "han":
        yield _token(source, stem(_written(source, run)), run.start, run.end)
        return
    width = min(width, run.end - run.start)
    for start in range(run.start, run.end - width + 1):
        yield _token(source, source.text[start : start + width], start, start + width)


def _written(source: Folded, run: _Run) -> str:
    return source.text[run.start : run.end].replace(",", "")


def _token(source: Folded, term: str, start: int, end: int) -> Token:
    return Token(term, source.starts[start], source.ends[end - 1])


def _chains(text: str) -> Iterator[list[_Run]]:
    """Runs that a single hyphen joins, as `DL`, `115`, `004217`, `6`."""
    chain: list[_Run] = []
    for run in _runs(text):
        if chain and text[chain[-1].end : run.start] != "-":
            yield chain
            chain = []
        chain.append(run)
    if chain:
        yield chain


def _joined(source: Folded, chain: list[_Run]) -> Token:
    term = "".join(_written(source, run) for run in chain)
    return _token(source, term, chain[0].start, chain[-1].end)


def _is_code(term: str) -> bool:
    digits = sum(character.isdigit() for character in term)
    return digits >= FEWEST_CODE_DIGITS and len(term) <= LONGEST_TERM and bool(_CODE.fullmatch(term))
