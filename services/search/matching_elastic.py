"""A query tree in Elasticsearch's query language, over fields that hold finished terms."""

from typing import Any

from services.search.analysis import Zone
from services.search.needles import Needle, needles, sought
from services.search.tree import And, Not, Nothing, Or, Phrase, Term, Tree, Xor

Clause = dict[str, Any]

_FIELDS = {Zone.TOKENS: "text", Zone.CHARACTERS: "characters", Zone.CODES: "codes"}
_TITLE_WEIGHT = 3.0
_CODE_WEIGHT = 8.0


def matching(tree: Tree) -> Clause:
    """The clause that matches what the tree matches."""
    match tree:
        case Term(text) | Phrase(text):
            return _any_of([_phrase(_FIELDS[needle.zone], needle) for needle in needles(text)])
        case And(parts):
            return _all_of(parts)
        case Or(parts):
            return _any_of([matching(part) for part in parts])
        case Xor(parts):
            return _exactly_one_of([matching(part) for part in parts])
        case Not(part):
            return {"bool": {"must_not": [matching(part)]}}
        case Nothing():
            return {"match_none": {}}
    return {"match_all": {}}


def ranking(tree: Tree) -> list[Clause]:
    """Clauses that do not decide what matches, only what comes first: titles and numbers weigh more."""
    return [clause for needle in sought(tree) for clause in _weights(needle)]


def _weights(needle: Needle) -> list[Clause]:
    field = _FIELDS[needle.zone]
    if needle.zone is Zone.CODES:
        return [_phrase(field, needle, _CODE_WEIGHT)]
    if needle.zone is Zone.CHARACTERS:
        return [_phrase(field, needle)]
    return [_phrase(field, needle), _phrase("title", needle, _TITLE_WEIGHT)]


def _phrase(field: str, needle: Needle, weight: float = 1.0) -> Clause:
    return {"match_phrase": {field: {"query": " ".join(needle.terms), "boost": weight}}}


def _any_of(clauses: list[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses, "minimum_should_match": 1}}


def _all_of(parts: tuple[Tree, ...]) -> Clause:
    excluded = [matching(part.part) for part in parts if isinstance(part, Not)]
    required = [matching(part) for part in parts if not isinstance(part, Not)]
    return {"bool": {"filter": required, "must_not": excluded}}


def _exactly_one_of(clauses: list[Clause]) -> Clause:
    two = {"bool": {"should": clauses, "minimum_should_match": 2}}
    return {"bool": {"should": clauses, "minimum_should_match": 1, "must_not": [two]}}
