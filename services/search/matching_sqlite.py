"""A query tree as SQL over an FTS5 table: linear in the size of the tree, whatever it nests.

`cover` is one FTS5 expression that finds every match and perhaps more; rows are ranked by it. Where it finds
more (an `Xor`, or a `Not` of something inexact), `condition` is the exact answer, one set of rows a leaf.
Trees come from `needles.searchable`: every leaf has something to look for.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from services.search.analysis import Zone
from services.search.needles import needles
from services.search.tree import And, Everything, Not, Nothing, Or, Phrase, Term, Tree, Xor

_COLUMNS = {Zone.TOKENS: "{title body}", Zone.CHARACTERS: "characters", Zone.CODES: "codes"}
_ROWS_OF_LEAF = "(documents.row IN (SELECT rowid FROM passages WHERE passages MATCH ?))"


@dataclass(frozen=True, slots=True)
class Cover:
    """An FTS5 expression; None when any row may match. `exact` when it finds the matches and nothing else."""

    match: str | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """A SQL expression that is 1 for matches and 0 for others, and its parameters."""

    sql: str
    parameters: tuple[str, ...] = ()


def cover(tree: Tree) -> Cover:
    """One FTS5 expression that misses no match of the tree."""
    match tree:
        case Term(text) | Phrase(text):
            return Cover(_expression(text), exact=True)
        case And(parts):
            return _all_of(parts)
        case Or(parts):
            covers = [cover(part) for part in parts]
            return Cover(_any_of(covers), exact=all(each.exact for each in covers))
        case Xor(parts):
            return Cover(_any_of([cover(part) for part in parts]), exact=False)
        case Everything():
            return Cover(None, exact=True)
    return Cover(None, exact=False)


def condition(tree: Tree) -> Condition:
    """The tree itself."""
    match tree:
        case Term(text) | Phrase(text):
            return Condition(_ROWS_OF_LEAF, (_expression(text),))
        case And(parts):
            return _chain(" AND ", parts)
        case Or(parts):
            return _chain(" OR ", parts)
        case Xor(parts):
            return _wrap("({} = 1)", _chain(" + ", parts))
        case Not(part):
            return _wrap("(NOT {})", condition(part))
        case Everything():
            return Condition("1")
        case Nothing():
            return Condition("0")


def _expression(text: str) -> str:
    phrases = (f'{_COLUMNS[needle.zone]} : "{" ".join(needle.terms)}"' for needle in needles(text))
    return f"({' OR '.join(phrases)})"


def _any_of(covers: Iterable[Cover]) -> str | None:
    matches = [each.match for each in covers]
    return None if None in matches else f"({' OR '.join(filter(None, matches))})"


def _all_of(parts: tuple[Tree, ...]) -> Cover:
    """FTS5's NOT takes away from something: it needs at least one part to find."""
    excluded = [cover(part.part) for part in parts if isinstance(part, Not)]
    required = [cover(part) for part in parts if not isinstance(part, Not)]
    found = " AND ".join(each.match for each in required if each.match)
    if not found:
        return Cover(None, exact=False)
    taken_away = " OR ".join(each.match for each in excluded if each.match and each.exact)
    match = f"(({found}) NOT ({taken_away}))" if taken_away else f"({found})"
    return Cover(match, exact=all(each.exact and each.match for each in required + excluded))


def _chain(joint: str, parts: tuple[Tree, ...]) -> Condition:
    conditions = [condition(part) for part in parts]
    sql = joint.join(each.sql for each in conditions)
    return Condition(f"({sql})", tuple(value for each in conditions for value in each.parameters))


def _wrap(frame: str, inner: Condition) -> Condition:
    return Condition(frame.format(inner.sql), inner.parameters)
