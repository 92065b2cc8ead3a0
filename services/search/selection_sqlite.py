"""The SQL of one search: who asks, what is looked for, in which order."""

from collections.abc import Collection
from dataclasses import dataclass

from services.search.matching_sqlite import Condition, condition, cover
from services.search.paging import Place
from services.search.tree import Tree

_SCORE = "-bm25(passages, 4.0, 1.0, 1.0, 8.0)"
"""Weights of title, body, characters and codes."""

Parameters = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows that match, not yet in order: FROM and WHERE, their parameters, and how to score a row."""

    source: str
    parameters: Parameters
    score: str

    def count(self) -> tuple[str, Parameters]:
        """How many rows there are."""
        return f"SELECT count(*) FROM {self.source}", self.parameters  # noqa: S608 - built from fixed parts and marks

    def page(self, start: Place | None, size: int) -> tuple[str, Parameters]:
        """(record, score, updated, id) of the best rows after a place."""
        later = "WHERE (-score, -updated, id) > (?, ?, ?)" if start else ""
        begin = (-start.score, -start.updated, start.id) if start else ()
        sql = (
            f"WITH found AS MATERIALIZED (SELECT documents.row, {self.score} AS score FROM {self.source})"  # noqa: S608
            " SELECT record, score, updated, id FROM found JOIN documents USING (row)"
            f" {later} ORDER BY score DESC, updated DESC, id LIMIT ?"
        )
        return sql, (*self.parameters, *begin, size)


def select(tree: Tree, tenant: str, audience: Collection[str], kinds: Collection[str]) -> Selection:
    """What a tree matches among the documents of one office that an audience may see."""
    first = cover(tree)
    found = Condition("passages MATCH ?", (first.match,)) if first.match else Condition("1")
    checked = Condition("1") if first.exact else condition(tree)
    # CROSS keeps SQLite from asking the text index once for every document.
    tables = "passages CROSS JOIN documents ON documents.row = passages.rowid" if first.match else "documents"
    where = (
        f"{found.sql} AND documents.tenant = ? AND documents.deleted = 0"
        f" AND documents.visibility IN ({_marks(audience)}) AND documents.kind IN ({_marks(kinds)})"
        f" AND {checked.sql}"
    )
    parameters = (*found.parameters, tenant, *sorted(audience), *sorted(kinds), *checked.parameters)
    return Selection(f"{tables} WHERE {where}", parameters, _SCORE if first.match else "0.0")


def words_near(forms: Collection[str], tenant: str, audience: Collection[str]) -> tuple[str, Parameters]:
    """(word, count): words that share a shorter form, each counted over visible documents."""
    sql = (
        "SELECT word, count(DISTINCT row) FROM forms JOIN words USING (number)"  # noqa: S608
        " JOIN uses USING (number) JOIN documents USING (row)"
        f" WHERE form IN ({_marks(forms)}) AND tenant = ? AND deleted = 0"
        f" AND visibility IN ({_marks(audience)}) GROUP BY word"
    )
    return sql, (*sorted(forms), tenant, *sorted(audience))


def _marks(values: Collection[str]) -> str:
    """As many parameter marks as values."""
    return ", ".join("?" * len(values))
