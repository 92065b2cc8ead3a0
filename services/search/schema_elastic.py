"""The Elasticsearch index: its mapping, and one document as it is stored there."""

from typing import Any

from services.search.analysis import ANALYSER
from services.search.documents import Document, restored
from services.search.paging import microseconds
from services.search.passages import MARK, passage
from services.search.suggestions import shortened

_KEYWORD = {"type": "keyword"}
_TERMS = {"type": "text", "analyzer": "whitespace"}
_UNRANKED = {**_TERMS, "norms": False}

SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "refresh_interval": "1s",
    # Tombstones remember versions; a row is deleted only with its whole office, which may then come back.
    "gc_deletes": "0s",
}

MAPPINGS: dict[str, Any] = {
    "dynamic": "strict",
    "_meta": {"analyser": ANALYSER},
    "properties": {
        "tenant": _KEYWORD,
        "id": _KEYWORD,
        "kind": _KEYWORD,
        "visibility": _KEYWORD,
        "deleted": {"type": "boolean"},
        "updated": {"type": "long"},
        "text": _TERMS,
        "title": _TERMS,
        "characters": _UNRANKED,
        "codes": _UNRANKED,
        "nearby": _KEYWORD,
        "document": {"type": "object", "enabled": False},
    },
}


def action(document: Document, target: str) -> dict[str, Any]:
    """The bulk action that puts a document in place of its lower versions."""
    kept = document.remains() if document.deleted else document
    return {
        "_op_type": "index",
        "_index": target,
        "_id": f"{document.tenant}:{document.id}",
        "version": document.version,
        "version_type": "external",
        "_source": _source(kept),
    }


def load(source: dict[str, Any]) -> Document:
    """The document of a stored row."""
    return restored(source["document"])


def _source(document: Document) -> dict[str, Any]:
    row = {
        "tenant": document.tenant,
        "id": document.id,
        "kind": document.kind,
        "visibility": document.visibility,
        "deleted": document.deleted,
        "updated": microseconds(document.updated_at),
        "document": document.record(),
    }
    return row if document.deleted else row | _streams(document)


def _streams(document: Document) -> dict[str, Any]:
    read = passage(document)
    return {
        "text": f"{read.title} {read.body}",
        "title": read.title,
        "characters": read.characters,
        "codes": read.codes,
        "nearby": sorted(f"{form}{MARK}{word}" for word in read.words for form in shortened(word)),
    }
