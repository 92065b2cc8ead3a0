"""The index in SQLite's FTS5: one file, no server, several processes.

Every call opens its own connection and holds it for short statements only: green threads never share one, and
never switch within a transaction. FTS5 gets finished terms; its `ascii` tokenizer only splits at the spaces.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from services.search import schema_sqlite as schema
from services.search.documents import KINDS, Document
from services.search.errors import IndexUnavailable
from services.search.highlighting import hit
from services.search.needles import searchable, sought
from services.search.paging import NO_HITS, Page, Place, page_size, place
from services.search.selection_sqlite import select, words_near
from services.search.suggestions import ranked, shortened
from services.search.tree import NOTHING, Tree

_PATIENCE = 5.0
"""Seconds to wait for another process that writes."""

_BATCH = 100
"""Documents written in one transaction."""

Row = tuple[Any, ...]


class SqliteIndex:
    """See `index.Index`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.prepared = False

    @classmethod
    def from_setting(cls, setting: str) -> Self:
        """`sqlite:///relative/path` or `sqlite:////absolute/path`."""
        parts = urlsplit(setting)
        path = unquote(parts.path).removeprefix("/")
        if parts.netloc or parts.query or not path:
            raise ValueError("search index has to be sqlite:///path")
        return cls(Path(path))

    def put(self, documents: Sequence[Document]) -> None:
        for start in range(0, len(documents), _BATCH):
            with self._writing() as db:
                for document in documents[start : start + _BATCH]:
                    schema.replace(db, document)

    def search(
        self,
        query: Tree,
        *,
        tenant: str,
        audience: frozenset[str],
        kinds: frozenset[str] = KINDS,
        limit: int = 20,
        after: str | None = None,
    ) -> Page:
        size, start, tree = page_size(limit), place(after), searchable(query)
        if tree == NOTHING:
            return NO_HITS
        selection = select(tree, tenant, audience, kinds)
        with self._reading() as db:
            total = db.execute(*selection.count()).fetchone()[0]
            rows = db.execute(*selection.page(start, size + 1)).fetchall()
        return _page(rows, tree, total, size)

    def suggest(self, term: str, *, tenant: str, audience: frozenset[str]) -> list[str]:
        with self._reading() as db:
            uses = dict(db.execute(*words_near(shortened(term), tenant, audience)).fetchall())
        return ranked(term, uses)

    def count(self, *, tenant: str) -> int:
        with self._reading() as db:
            found = db.execute("SELECT count(*) FROM documents WHERE tenant = ? AND deleted = 0", (tenant,))
            return int(found.fetchone()[0])

    def refresh(self) -> None:
        """Every transaction is findable when it ends."""

    def rebuild(self) -> None:
        with self._writing() as db:
            schema.forget_words(db)
        last = 0
        while rows := self._rebuild_after(last):
            last = rows[-1]
        with self._writing() as db:
            schema.stamp(db)

    def drop(self, *, tenant: str) -> None:
        with self._writing() as db:
            rows = db.execute("SELECT row FROM documents WHERE tenant = ?", (tenant,)).fetchall()
            for (row,) in rows:
                schema.forget_tokens(db, row)
            db.execute("DELETE FROM documents WHERE tenant = ?", (tenant,))

    def ping(self) -> None:
        with self._reading() as db:
            db.execute("SELECT 1 FROM documents LIMIT 1").fetchone()

    def _rebuild_after(self, last: int) -> list[int]:
        with self._writing() as db:
            found = "SELECT row, record FROM documents WHERE row > ? ORDER BY row LIMIT ?"
            rows = db.execute(found, (last, _BATCH)).fetchall()
            for row, record in rows:
                schema.index(db, row, schema.load(record))
        return [row for row, _ in rows]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._transaction("BEGIN") as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._transaction("BEGIN IMMEDIATE") as db:
            yield db

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        self._prepare()
        try:
            with closing(self._connect()) as db, db:
                db.execute(begin)
                yield db
        except sqlite3.Error as error:
            raise IndexUnavailable(f"{self.path.name}: {error}") from error

    def _prepare(self) -> None:
        """Make the tables at the first call, and all tokens anew when the analyser has changed since."""
        if self.prepared:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as db:
                outdated = schema.create(db)
        except (OSError, sqlite3.Error) as error:
            raise IndexUnavailable(f"{self.path.name}: {error}") from error
        self.prepared = True
        if outdated:
            self._renew()

    def _renew(self) -> None:
        try:
            self.rebuild()
        except IndexUnavailable:
            self.prepared = False
            raise

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)


def _page(rows: list[Row], tree: Tree, total: int, size: int) -> Page:
    looked_for = sought(tree)
    hits = tuple(hit(schema.load(record), looked_for, score) for record, score, _, _ in rows[:size])
    more = Place(*rows[size - 1][1:]).cursor() if len(rows) > size else None
    return Page(hits, total, more)
