"""An office's synonyms, put into the tree of a query: no index has to know them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from services.search.analysis import tokens
from services.search.folding import folded
from services.search.needles import needles
from services.search.tree import (
    And,
    Not,
    Or,
    Phrase,
    Term,
    Tree,
    Xor,
    conjunction,
    disjunction,
    exclusion,
    negation,
)

MOST_SPELLINGS = 12
"""How many synonyms of one word are searched at most; the first named come first."""

_HAN = re.compile("[\u3400-\u9fff]")


def expand(tree: Tree, synonyms: Mapping[str, Sequence[str]]) -> Tree:
    """Every term or one of its synonyms; quoted phrases stay as they are.

    `{"路燈": ["街燈", "street light"]}` reads one way: who searches for 路燈 also finds 街燈. A Chinese key
    also holds within a longer word (路燈故障 finds 街燈故障); any other key has to be the whole word, and a
    key of several words (`street light`) is found where they stand side by side. Keys are compared as the
    index compares texts: 路灯 and 路燈, lights and light are one key.
    """
    return _Synonyms(synonyms).expanded(tree)


class _Synonyms:
    def __init__(self, synonyms: Mapping[str, Sequence[str]]) -> None:
        self.whole = {_terms(key): others for key, others in synonyms.items() if _terms(key)}
        self.within = {folded(key).text: others for key, others in synonyms.items() if _HAN.search(key)}

    def expanded(self, tree: Tree) -> Tree:
        match tree:
            case Term(text):
                return disjunction([tree, *self._others(text)])
            case And(parts):
                return conjunction(self._side_by_side(parts))
            case Or(parts):
                return disjunction(self.expanded(part) for part in parts)
            case Xor(parts):
                return exclusion(self.expanded(part) for part in parts)
            case Not(part):
                return negation(self.expanded(part))
        return tree

    def _others(self, text: str) -> list[Tree]:
        found = (_leaf(other) for other in self._spellings(text) if needles(other))
        return list(islice(dict.fromkeys(found), MOST_SPELLINGS))

    def _spellings(self, text: str) -> Iterator[str]:
        yield from self.whole.get(_terms(text), ())
        plain = folded(text).text
        for key, others in self.within.items():
            if key in plain and key != plain:
                yield from (plain.replace(key, folded(other).text) for other in others if _HAN.search(other))

    def _side_by_side(self, parts: tuple[Tree, ...]) -> Iterator[Tree]:
        place = 0
        while place < len(parts):
            width = self._width(parts[place:])
            group = parts[place : place + width]
            yield disjunction([conjunction(map(self.expanded, group)), *self._group_others(group)])
            place += width

    def _width(self, parts: tuple[Tree, ...]) -> int:
        """How many of the first parts are one key together; 1 when none are."""
        longest = max((len(key) for key in self.whole), default=1)
        widths = range(min(longest, len(parts)), 1, -1)
        return next((width for width in widths if _words(parts[:width]) in self.whole), 1)

    def _group_others(self, group: tuple[Tree, ...]) -> list[Tree]:
        return self._others(" ".join(_text(part) for part in group)) if len(group) > 1 else []


def _words(parts: tuple[Tree, ...]) -> tuple[str, ...]:
    return _terms(" ".join(map(_text, parts))) if all(isinstance(part, Term) for part in parts) else ()


def _text(part: Tree) -> str:
    return part.text if isinstance(part, Term) else ""


def _terms(text: str) -> tuple[str, ...]:
    return tuple(token.term for token in tokens(text))


def _leaf(text: str) -> Term | Phrase:
    return Phrase(text) if " " in text else Term(text)
