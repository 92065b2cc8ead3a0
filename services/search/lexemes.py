"""The words and signs of a query, parentheses in pairs, within limits; and the corrections that took."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.search.corrections import Correction
from services.search.needles import needles
from services.search.tree import Leaf, Phrase, Term

LONGEST_QUERY = 200
MOST_WORDS = 32
DEEPEST_GROUP = 5

OPERATORS = {
    "AND": "and",
    "OR": "or",
    "XOR": "xor",
    "NOT": "not",
    "且": "and",
    "或": "or",
    "互斥": "xor",
    "非": "not",
}

QUOTES = (('"', '"“”„＂'), ("「", "」"), ("『", "』"))
"""Opening mark to write a phrase with, and the marks that close it."""

_DOUBLE = QUOTES[0][1]
_BREAKS = re.compile(r"[\s，、。；！？…\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_LEXEME = re.compile(
    rf"[{_DOUBLE}](?P<double>[^{_DOUBLE}]*)(?P<double_end>[{_DOUBLE}]|$)"
    r"|「(?P<single>[^」]*)(?P<single_end>」|$)"
    r"|『(?P<nested>[^』]*)(?P<nested_end>』|$)"
    r"|(?P<open>[(（])|(?P<close>[)）])|(?P<not>[-－−](?=\S))"
    rf"|(?P<word>[^\s(（)）「『{_DOUBLE}]+)"
)


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A sign (`open`, `close`, `and`, `or`, `xor`, `not`) or, with a leaf, a `word`; text as it was typed."""

    kind: str
    text: str
    leaf: Leaf | None = None


def lexemes(text: str) -> tuple[list[Lexeme], list[Correction]]:
    """Cut a query into lexemes that a parser can take without looking for errors of pairs or size."""
    corrections = [Correction("too_long")] if len(text) > LONGEST_QUERY else []
    clear = _BREAKS.sub(" ", text[:LONGEST_QUERY])
    return list(_paired(_limited(_searchable(clear, corrections), corrections), corrections)), corrections


def _searchable(text: str, corrections: list[Correction]) -> Iterator[Lexeme]:
    for match in _LEXEME.finditer(text):
        lexeme = _lexeme(match)
        if lexeme.kind == "word" and _unclosed(match):
            corrections.append(Correction("open_quote", lexeme.text))
        if lexeme.leaf is not None and not needles(lexeme.leaf.text):
            corrections.append(Correction("no_letters", lexeme.text))
        else:
            yield lexeme


def _lexeme(match: re.Match[str]) -> Lexeme:
    kind = str(match.lastgroup).removesuffix("_end")
    if kind in ("double", "single", "nested"):
        return Lexeme("word", match[0], Phrase(" ".join(match[kind].split())))
    if kind != "word":
        return Lexeme(kind, match[0])
    operator = OPERATORS.get(unicodedata.normalize("NFKC", match[0]))
    return Lexeme(operator, match[0]) if operator else Lexeme("word", match[0], Term(match[0]))


def _unclosed(match: re.Match[str]) -> bool:
    return str(match.lastgroup).endswith("_end") and not match[str(match.lastgroup)]


def _limited(found: Iterable[Lexeme], corrections: list[Correction]) -> Iterator[Lexeme]:
    words = 0
    for lexeme in found:
        words += lexeme.kind == "word"
        if words > MOST_WORDS:
            corrections.append(Correction("too_many_words"))
            return
        yield lexeme


def _paired(found: Iterable[Lexeme], corrections: list[Correction]) -> Iterator[Lexeme]:
    """Parentheses in pairs, at most `DEEPEST_GROUP` within each other."""
    level = 0
    for lexeme in found:
        level += {"open": 1, "close": -1}.get(lexeme.kind, 0)
        if level < 0:
            level = 0
            corrections.append(Correction("stray_group"))
        elif not _is_too_deep(lexeme, level):
            yield lexeme
        elif lexeme.kind == "open":
            corrections.append(Correction("too_deep"))
    if level:
        corrections.append(Correction("open_group"))
    yield from [Lexeme("close", "")] * min(level, DEEPEST_GROUP)


def _is_too_deep(lexeme: Lexeme, level: int) -> bool:
    return level + (lexeme.kind == "close") > DEEPEST_GROUP and lexeme.kind in ("open", "close")
