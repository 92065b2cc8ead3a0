"""The query tree: what a search means, free of any engine.

`Term` and `Phrase` are the leaves; `Xor` is true when **exactly one** of its parts is. Trees are made with
`conjunction`, `disjunction`, `exclusion` and `negation`, which keep them in one normal form: no `And`
directly within an `And`, no `Or` within an `Or`, no double `Not`, `Everything` and `Nothing` only alone.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A word as it was typed; offices' synonyms apply to it."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in quotation marks: these, in this order, and no synonyms."""

    text: str


@dataclass(frozen=True, slots=True)
class And:
    """All parts, two or more."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of two or more parts."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Xor:
    """Exactly one of two or more parts."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever the part does not match."""

    part: "Tree"


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every document (an empty query)."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Matches no document (a query without anything to look for)."""


Leaf = Term | Phrase
Tree = Term | Phrase | And | Or | Xor | Not | Everything | Nothing

EVERYTHING = Everything()
NOTHING = Nothing()


def negation(part: Tree) -> Tree:
    """Not the part."""
    match part:
        case Not(inner):
            return inner
        case Everything():
            return NOTHING
        case Nothing():
            return EVERYTHING
    return Not(part)


def conjunction(parts: Iterable[Tree]) -> Tree:
    """All of the parts; of none: everything."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,)))
    if NOTHING in flat:
        return NOTHING
    kept = tuple(part for part in flat if part != EVERYTHING)
    return _one_or(And, kept, EVERYTHING)


def disjunction(parts: Iterable[Tree]) -> Tree:
    """At least one of the parts; of none: nothing."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,)))
    if EVERYTHING in flat:
        return EVERYTHING
    kept = tuple(part for part in flat if part != NOTHING)
    return _one_or(Or, kept, NOTHING)


def exclusion(parts: Iterable[Tree]) -> Tree:
    """Exactly one of the parts; of none: nothing."""
    kept = tuple(part for part in parts if part != NOTHING)
    certain = kept.count(EVERYTHING)
    others = tuple(part for part in kept if part != EVERYTHING)
    if certain > 1:
        return NOTHING
    if certain == 1:
        return conjunction(negation(part) for part in others)
    return _one_or(Xor, others, NOTHING)


def wanted(tree: Tree) -> Iterator[Leaf]:
    """The leaves that a match may contain, left to right: those to rank by and to highlight."""
    match tree:
        case Term() | Phrase():
            yield tree
        case And(parts) | Or(parts) | Xor(parts):
            for part in parts:
                yield from wanted(part)


def changed(tree: Tree, change: Callable[[Leaf], Tree]) -> Tree:
    """The tree with every leaf replaced."""
    match tree:
        case Term() | Phrase():
            return change(tree)
        case And(parts):
            return conjunction(changed(part, change) for part in parts)
        case Or(parts):
            return disjunction(changed(part, change) for part in parts)
        case Xor(parts):
            return exclusion(changed(part, change) for part in parts)
        case Not(part):
            return negation(changed(part, change))
    return tree


def _one_or(kind: type[And] | type[Or] | type[Xor], parts: tuple[Tree, ...], empty: Tree) -> Tree:
    if not parts:
        return empty
    return parts[0] if len(parts) == 1 else kind(parts)
