"""Rows of an Elasticsearch index in bulk, written and read; and the one place where errors are named."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from elastic_transport import ApiError, TransportError
from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from services.search.errors import IndexUnavailable

_BATCH = 500
_RETRIES = 2
_STALE = 409
_GONE = 404
_KEPT_OPEN = "2m"


@contextmanager
def calls() -> Iterator[None]:
    """Errors of the client as `IndexUnavailable`."""
    try:
        yield
    except (ApiError, TransportError) as error:
        raise IndexUnavailable(f"elasticsearch: {type(error).__name__}: {error.message}") from error


def write(client: Elasticsearch, actions: Iterable[dict[str, Any]], *, alias: bool) -> None:
    """Write in bulk. Stale versions and rows already gone are no errors; any other refusal is."""
    results = streaming_bulk(
        client,
        actions,
        chunk_size=_BATCH,
        max_retries=_RETRIES,
        initial_backoff=0.5,
        raise_on_error=False,
        yield_ok=False,
        require_alias=alias,
    )
    for _, item in results:
        _check(next(iter(item.values())))


def scan(client: Elasticsearch, index: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All rows of one moment, in no order: `{"_id": …, "_source": …}`."""
    client.indices.refresh(index=index)
    view = client.open_point_in_time(index=index, keep_alive=_KEPT_OPEN)["id"]
    try:
        after: list[Any] | None = None
        while rows := _next_rows(client, view, query, after):
            yield from rows
            after = rows[-1]["sort"]
    finally:
        client.close_point_in_time(id=view)


def _next_rows(
    client: Elasticsearch, view: str, query: dict[str, Any], after: list[Any] | None
) -> list[dict[str, Any]]:
    found = client.search(
        pit={"id": view, "keep_alive": _KEPT_OPEN},
        query=query,
        sort=[{"_shard_doc": "asc"}],
        search_after=after,
        size=_BATCH,
        track_total_hits=False,
    )
    return list(found["hits"]["hits"])


def _check(item: dict[str, Any]) -> None:
    if item["status"] == _STALE or (item["status"] == _GONE and item.get("result") == "not_found"):
        return
    raise IndexUnavailable(f"elasticsearch refused {item['_id']}: {item.get('error', {}).get('type', item['status'])}")
