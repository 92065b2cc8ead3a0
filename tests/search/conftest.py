"""Indexes to test with: SQLite in a file of its own, and the real Elasticsearch under aliases of its own."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from services.search.index import Index, index_from
from tests.servers import required

MakeSetting = Callable[[str], str]


@pytest.fixture(scope="session")
def elastic_setting() -> Iterator[MakeSetting]:
    """`elastic_setting("storm")`: the setting of an index of one's own; all are removed in the end."""
    address, prefix = required("ELASTICSEARCH"), f"lamppost-test-{secrets.token_hex(4)}"
    yield lambda name: f"{address}?alias={prefix}-{name}-{secrets.token_hex(2)}"
    with Elasticsearch(address, request_timeout=30) as client:
        for index in client.indices.get(index=f"{prefix}-*"):
            client.indices.delete(index=index)


@pytest.fixture(params=["sqlite", "elasticsearch"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Index:
    """An empty index of each kind: a test that asks for it runs on both."""
    if request.param == "sqlite":
        return index_from(f"sqlite:///{tmp_path}/search.db")
    return index_from(request.getfixturevalue("elastic_setting")("one"))
