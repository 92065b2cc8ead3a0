"""The query language: what a person types, read into a tree, and a tree written back.

    路燈 不亮              both words (AND may be written; 且)
    路燈 OR 街燈           at least one (或)
    路燈 XOR 公園          exactly one, of two or of more (互斥)
    路燈 -公園             without (NOT 公園, 非 公園)
    "路燈 不亮" 「路燈」    these words in this order, without synonyms
    (路燈 OR 街燈) 不亮    parentheses; NOT binds before AND before XOR before OR

Operator words are capital letters of any width, or Chinese words, with spaces around them; `and` is a word.
Nothing a person types is an error: what cannot be read is left out, and a correction says so.
"""

from collections.abc import Callable
from dataclasses import dataclass

from services.search.corrections import Correction
from services.search.lexemes import QUOTES, Lexeme, lexemes
from services.search.synonyms import expand
from services.search.tree import (
    EVERYTHING,
    NOTHING,
    And,
    Everything,
    Not,
    Nothing,
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

__all__ = ["Correction", "Reading", "Tree", "expand", "parse", "written"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a query was understood: the tree, and what had to be left out or added to read it."""

    tree: Tree
    corrections: tuple[Correction, ...]


def parse(text: str) -> Reading:
    """Read a query. Never raises; blank text is everything, text without a letter or digit is nothing."""
    if not text.strip():
        return Reading(EVERYTHING, ())
    found, corrections = lexemes(text)
    tree = _Parser(found, corrections).query()
    if tree is None and not corrections:
        corrections = [Correction("no_letters")]
    return Reading(NOTHING if tree is None else tree, tuple(dict.fromkeys(corrections)))


def written(tree: Tree) -> str:
    """The query as text: `parse(written(tree)).tree == tree`, within the limits of a query."""
    match tree:
        case Term(text):
            return text
        case Phrase(text):
            return _quoted(text)
        case Not(part):
            return f"-{_within(part, tree)}"
        case And(parts) | Or(parts) | Xor(parts):
            return _JOINTS[type(tree)].join(_within(part, tree) for part in parts)
        case Everything():
            return ""
        case Nothing():
            return '""'


_JOINTS: dict[type[Tree], str] = {And: " ", Or: " OR ", Xor: " XOR "}
_BINDING: tuple[type[Tree], ...] = (Or, Xor, And, Not)


def _within(part: Tree, whole: Tree) -> str:
    return f"({written(part)})" if _binding(part) <= _binding(whole) else written(part)


def _binding(tree: Tree) -> int:
    return _BINDING.index(type(tree)) if type(tree) in _BINDING else len(_BINDING)


def _quoted(text: str) -> str:
    opening, closers = next((pair for pair in QUOTES if not set(pair[1]) & set(text)), QUOTES[0])
    return f"{opening}{text}{closers[0]}"


class _Parser:
    """Recursive descent over lexemes whose parentheses are in pairs; None means "no words here"."""

    def __init__(self, found: list[Lexeme], corrections: list[Correction]) -> None:
        self.lexemes = found
        self.corrections = corrections

    def query(self) -> Tree | None:
        """Alternatives: the loosest operator."""
        return self._joined("or", self._exclusion, disjunction)

    def _exclusion(self) -> Tree | None:
        return self._joined("xor", self._conjunction, exclusion)

    def _joined(
        self, operator: str, part: Callable[[], Tree | None], join: Callable[[list[Tree]], Tree]
    ) -> Tree | None:
        parts = [part()]
        while sign := self._take(operator):
            parts.append(part())
            if None in parts[-2:]:
                self._stray(sign)
        return self._join(join, parts)

    def _conjunction(self) -> Tree | None:
        parts: list[Tree | None] = []
        while (sign := self._take("and")) or self._starts():
            parts.append(self._unary())
            if sign and (len(parts) == 1 or None in parts[-2:]):
                self._stray(sign)
        return self._join(conjunction, parts)

    def _unary(self) -> Tree | None:
        if sign := self._take("not"):
            part = self._unary()
            if part is None:
                self._stray(sign)
            return None if part is None else negation(part)
        if word := self._take("word"):
            return word.leaf
        return self._group()

    def _group(self) -> Tree | None:
        if not self._take("open"):
            return None
        tree = self.query()
        self._take("close")
        if tree is None:
            self.corrections.append(Correction("empty_group"))
        return tree

    def _take(self, kind: str) -> Lexeme | None:
        if self.lexemes and self.lexemes[0].kind == kind:
            return self.lexemes.pop(0)
        return None

    def _starts(self) -> bool:
        return bool(self.lexemes) and self.lexemes[0].kind in ("word", "open", "not")

    def _stray(self, sign: Lexeme) -> None:
        self.corrections.append(Correction("stray_operator", sign.text))

    def _join(self, join: Callable[[list[Tree]], Tree], parts: list[Tree | None]) -> Tree | None:
        found = [part for part in parts if part is not None]
        return join(found) if found else None
