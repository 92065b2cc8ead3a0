"""The index in Elasticsearch 8: an alias that leads to one index of finished terms.

Nothing of a server's plug-ins or modules is used: no analyzer but `whitespace`, no scripts, no reindexing by
query. Versions are the writers' (`version_type=external`): a bulk item answered 409 is older than what is
there, or is there already, and is dropped.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import sleep
from typing import Any, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from elasticsearch import Elasticsearch

from services.search import generations_elastic as generations
from services.search.documents import KINDS, Document
from services.search.errors import IndexUnavailable
from services.search.highlighting import hit
from services.search.needles import searchable, sought
from services.search.paging import NO_HITS, Page, Place, page_size, place
from services.search.passages import MARK
from services.search.rows_elastic import calls, scan, write
from services.search.schema_elastic import action, load
from services.search.selection_elastic import page, words_near
from services.search.suggestions import ranked, shortened
from services.search.tree import NOTHING, Tree

DEFAULT_ALIAS = "lamppost-search"

_SEARCH_TIMEOUT = 5.0
_WRITE_TIMEOUT = 30.0
_CLOCK_STEP = 0.5
_ALIAS = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_WRONG = "search index has to be http(s)://[user:password@]host[:port][?alias=name]"


class ElasticIndex:
    """See `index.Index`."""

    def __init__(self, client: Elasticsearch, alias: str = DEFAULT_ALIAS) -> None:
        self.alias = alias
        self.reader = client.options(request_timeout=_SEARCH_TIMEOUT, max_retries=1)
        self.writer = client.options(request_timeout=_WRITE_TIMEOUT, max_retries=1)
        self.prepared = False

    @classmethod
    def from_setting(cls, setting: str) -> Self:
        """`http(s)://[user:password@]host[:port][?alias=name]`."""
        parts = urlsplit(setting)
        options = parse_qs(parts.query)
        alias = options.pop("alias", [DEFAULT_ALIAS])[0]
        if options or not _has_address(parts) or not _ALIAS.fullmatch(alias):
            raise ValueError(_WRONG)
        return cls(_client(parts), alias)

    def put(self, documents: Sequence[Document]) -> None:
        with self._calls():
            write(self.writer, (action(document, self.alias) for document in documents), alias=True)

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
        with self._calls():
            body = page(tree, tenant, audience, kinds, start, size + 1)
            found = self.reader.search(index=self.alias, **body)["hits"]
        return _page(found["hits"], tree, found["total"]["value"], size)

    def suggest(self, term: str, *, tenant: str, audience: frozenset[str]) -> list[str]:
        forms = shortened(term)
        if not forms:
            return []
        with self._calls():
            found = self.reader.search(index=self.alias, **words_near(forms, tenant, audience))
        uses: dict[str, int] = {}
        for bucket in found["aggregations"]["words"]["buckets"]:
            word = bucket["key"].partition(MARK)[2]
            uses[word] = max(uses.get(word, 0), bucket["doc_count"])
        return ranked(term, uses)

    def count(self, *, tenant: str) -> int:
        with self._calls():
            live = [{"term": {"tenant": tenant}}, {"term": {"deleted": False}}]
            return int(self.reader.count(index=self.alias, query={"bool": {"filter": live}})["count"])

    def refresh(self) -> None:
        with self._calls():
            self.writer.indices.refresh(index=self.alias)

    def rebuild(self) -> None:
        with self._calls():
            generations.renew(self.writer, self.alias)

    def drop(self, *, tenant: str) -> None:
        with self._calls():
            rows = scan(self.writer, self.alias, {"term": {"tenant": tenant}})
            write(self.writer, (_deletion(row, self.alias) for row in rows), alias=True)
            # The server forgets versions of deleted rows at a refresh, once its coarse clock has moved on.
            sleep(_CLOCK_STEP)
            self.writer.indices.refresh(index=self.alias)

    def ping(self) -> None:
        with self._calls():
            self.reader.search(index=self.alias, size=0, allow_partial_search_results=False)

    @contextmanager
    def _calls(self) -> Iterator[None]:
        """Calls to an index that is there; after an error it is looked for again."""
        try:
            with calls():
                self._prepare()
                yield
        except IndexUnavailable:
            self.prepared = False
            raise

    def _prepare(self) -> None:
        if not self.prepared and generations.ensure(self.writer, self.alias):
            generations.renew(self.writer, self.alias)
        self.prepared = True


def _has_address(parts: SplitResult) -> bool:
    try:
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _client(parts: SplitResult) -> Elasticsearch:
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Elasticsearch(f"{parts.scheme}://{host}:{parts.port or 9200}{parts.path.rstrip('/')}", basic_auth=login)


def _page(rows: list[dict[str, Any]], tree: Tree, total: int, size: int) -> Page:
    looked_for = sought(tree)
    hits = tuple(hit(load(row["_source"]), looked_for, row["_score"]) for row in rows[:size])
    more = Place(*rows[size - 1]["sort"]).cursor() if len(rows) > size else None
    return Page(hits, total, more)


def _deletion(row: dict[str, Any], target: str) -> dict[str, Any]:
    return {"_op_type": "delete", "_index": target, "_id": row["_id"]}
