"""Generations: the alias leads to one index; a new analyser gets a new one, and the alias moves at once."""

from typing import Any
from uuid import uuid4

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from services.search.analysis import ANALYSER
from services.search.errors import IndexUnavailable
from services.search.rows_elastic import scan, write
from services.search.schema_elastic import MAPPINGS, SETTINGS, action, load

_PATIENCE = "10s"
_ALL: dict[str, Any] = {"match_all": {}}


def ensure(client: Elasticsearch, alias: str) -> bool:
    """Make the first generation if there is none; True when the tokens are of another analyser."""
    try:
        found = client.indices.get_mapping(index=alias)
    except NotFoundError:
        _create_first(client, alias)
        found = client.indices.get_mapping(index=alias)
    # Another process may be making it right now; "yellow" would include a primary that is yet to start.
    client.cluster.health(index=alias, wait_for_active_shards=1, timeout=_PATIENCE)
    mapping = next(iter(found.body.values()))["mappings"]
    return bool(mapping.get("_meta", {}).get("analyser") != ANALYSER)


def renew(client: Elasticsearch, alias: str) -> None:
    """Copy every document into a new index with tokens of today, move the alias, drop the old index.

    Searches go on throughout. What is written to the old index meanwhile is copied in a second round, after
    the alias has moved and the old index takes no more; versions make the copies harmless. If another
    process moves the alias first, this copy is given up.
    """
    old, new = current(client, alias), f"{alias}-{uuid4().hex[:12]}"
    client.indices.create(index=new, settings=SETTINGS, mappings=MAPPINGS)
    try:
        _copy(client, old, new)
        client.indices.refresh(index=new)
        _move(client, alias, old, new)
    except Exception:
        client.indices.delete(index=new)
        raise
    client.indices.add_block(index=old, block="write")
    _copy(client, old, new)
    _compare(client, old, new)
    client.indices.delete(index=old)


def current(client: Elasticsearch, alias: str) -> str:
    """The index the alias leads to."""
    return str(next(iter(client.indices.get_alias(name=alias).body)))


def _create_first(client: Elasticsearch, alias: str) -> None:
    # One fixed name: of two processes that start together, the second is told that it exists.
    try:
        client.indices.create(
            index=f"{alias}-first",
            settings=SETTINGS,
            mappings=MAPPINGS,
            aliases={alias: {"is_write_index": True}},
        )
    except BadRequestError as error:
        if error.error != "resource_already_exists_exception":
            raise


def _copy(client: Elasticsearch, old: str, new: str) -> None:
    write(client, (action(load(row["_source"]), new) for row in scan(client, old, _ALL)), alias=False)


def _move(client: Elasticsearch, alias: str, old: str, new: str) -> None:
    remove = {"remove": {"index": old, "alias": alias, "must_exist": True}}
    add = {"add": {"index": new, "alias": alias, "is_write_index": True}}
    client.indices.update_aliases(actions=[remove, add])


def _compare(client: Elasticsearch, old: str, new: str) -> None:
    client.indices.refresh(index=new)
    before, after = client.count(index=old)["count"], client.count(index=new)["count"]
    if after < before:
        raise IndexUnavailable(f"rebuilt {after} of {before} rows; the old index {old} is kept")
