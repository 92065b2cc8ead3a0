"""The index: what the rest of the service asks of a search engine, and the choice of one by setting.

An office and an audience are required keywords of whatever reads: no query can be written without them.
"""

from collections.abc import Sequence
from typing import Protocol
from urllib.parse import urlsplit

from services.search.documents import KINDS, Document
from services.search.index_elastic import ElasticIndex
from services.search.index_sqlite import SqliteIndex
from services.search.paging import Page
from services.search.tree import Tree


class Index(Protocol):
    """A search engine. Every method may raise `IndexUnavailable`; nothing else is the engine's to raise."""

    def put(self, documents: Sequence[Document]) -> None:
        """Take documents in, in any order and as often as they come.

        A version replaces lower ones only; the same version again changes nothing, and neither does another
        text under the same version. A deleted document keeps its row and its version, so that a late change
        does not bring it back. What was put is found at once (SQLite) or within a second (Elasticsearch).
        """

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
        """The documents of one office that the audience (`public`, `staff`) may see and the query matches.

        Best first, then newest, then by id; `after` is the `next` of the page before. ValueError names a
        wrong `limit` or `after`.
        """

    def suggest(self, term: str, *, tenant: str, audience: frozenset[str]) -> list[str]:
        """Up to five words of visible titles and numbers that differ from the term in one place."""

    def count(self, *, tenant: str) -> int:
        """How many documents of the office can be found, by anyone."""

    def refresh(self) -> None:
        """Make what was put findable now (for commands and tests)."""

    def rebuild(self) -> None:
        """Make all tokens anew from the documents, as after a change of the analyser; searching goes on."""

    def drop(self, *, tenant: str) -> None:
        """Forget an office, tombstones included."""

    def ping(self) -> None:
        """Return if a search would be answered now; raise `IndexUnavailable` with the reason if not."""


def index_from(setting: str) -> Index:
    """The index of a setting: `sqlite:///path` or `http(s)://[user:password@]host[:port][?alias=name]`.

    Nothing is opened or called yet. ValueError says what is wrong with the setting, without passwords.
    """
    scheme = urlsplit(setting).scheme
    if scheme == "sqlite":
        return SqliteIndex.from_setting(setting)
    if scheme in ("http", "https"):
        return ElasticIndex.from_setting(setting)
    raise ValueError("search index has to be sqlite:///path or http(s)://host:port")
