import socket
import threading
import time
from collections.abc import Collection, Iterator
from typing import Any

import pytest
from elasticsearch import BadRequestError, Elasticsearch
from hypothesis import given
from hypothesis import strategies as st

from services.search import generations_elastic, index_elastic, schema_elastic
from services.search.errors import IndexUnavailable
from services.search.generations_elastic import current
from services.search.index_elastic import ElasticIndex
from services.search.paging import Place
from services.search.selection_elastic import page, words_near
from services.search.tree import EVERYTHING, Term, Tree
from tests.search.conftest import MakeSetting
from tests.search.corpus import EVERYONE, found, trees
from tests.search.test_index import PUBLIC, document, put


@pytest.fixture
def elastic(elastic_setting: MakeSetting) -> ElasticIndex:
    return ElasticIndex.from_setting(elastic_setting("own"))


NAMES = st.text(max_size=10)


@given(trees() | st.just(EVERYTHING), NAMES, st.frozensets(NAMES), st.frozensets(NAMES), st.booleans())
def test_every_search_carries_office_audience_and_life(
    tree: Tree, tenant: str, audience: frozenset[str], kinds: frozenset[str], later: bool
) -> None:
    start = Place(1.0, 1, "a") if later else None
    for body in (page(tree, tenant, audience, kinds, start, 5), words_near({"路"}, tenant, audience)):
        assert set(body["query"]) == {"bool"}
        assert walls(tenant, audience) == body["query"]["bool"]["filter"][:3]


def walls(tenant: str, audience: Collection[str]) -> list[dict[str, Any]]:
    return [
        {"term": {"tenant": tenant}},
        {"terms": {"visibility": sorted(audience)}},
        {"term": {"deleted": False}},
    ]


def test_the_mapping_takes_no_other_field(elastic: ElasticIndex) -> None:
    elastic.ping()
    with pytest.raises(BadRequestError, match="strict_dynamic_mapping_exception"):
        elastic.writer.index(index=elastic.alias, document={"tenant": "douliu", "surprise": 1})


def test_a_tombstone_keeps_a_version_and_no_words(elastic: ElasticIndex) -> None:
    put(elastic, document(version=1, title={"zh": "王小明"}, number="DL-115-004217-6"))
    put(elastic, document(version=2, title={"zh": "王小明"}, number="DL-115-004217-6", deleted=True))
    row = elastic.reader.get(index=elastic.alias, id="douliu:1").body
    assert row["_version"] == 2
    assert row["_source"]["deleted"] is True
    assert "王小明" not in str(row)
    assert "4217" not in str(row)


def test_a_stale_row_does_not_stop_the_rest_of_its_batch(elastic: ElasticIndex) -> None:
    put(elastic, document("1", version=5, title={"zh": "路燈"}))
    put(elastic, document("1", version=4, title={"zh": "公園"}), document("2", title={"zh": "公園"}))
    assert found(elastic, Term("公園"), "douliu") == ["2"]


def test_any_other_refusal_is_an_error(elastic: ElasticIndex) -> None:
    put(elastic, document("1"))
    elastic.writer.indices.add_block(index=current(elastic.writer, elastic.alias), block="write")
    with pytest.raises(IndexUnavailable, match="cluster_block_exception"):
        elastic.put([document("2")])


def test_an_index_that_was_removed_is_made_again_and_never_by_accident(elastic: ElasticIndex) -> None:
    put(elastic, document("1"))
    elastic.writer.indices.delete(index=current(elastic.writer, elastic.alias))
    with pytest.raises(IndexUnavailable):
        elastic.put([document("1")])
    put(elastic, document("1"))
    assert elastic.writer.indices.exists_alias(name=elastic.alias)
    assert found(elastic, EVERYTHING, "douliu") == ["1"]


def test_two_that_start_together_share_one_index(elastic: ElasticIndex) -> None:
    twin = ElasticIndex(elastic.writer, elastic.alias)
    starts = [threading.Thread(target=one.ping) for one in (elastic, twin)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    generations_elastic._create_first(elastic.writer, elastic.alias)
    put(twin, document("1"))
    assert found(elastic, EVERYTHING, "douliu") == ["1"]


def test_tokens_of_another_analyser_are_made_anew(elastic: ElasticIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    put(elastic, document("1", title={"zh": "路燈"}), document("2", version=3, deleted=True))
    before = current(elastic.writer, elastic.alias)
    monkeypatch.setattr(generations_elastic, "ANALYSER", 9999)
    monkeypatch.setitem(schema_elastic.MAPPINGS, "_meta", {"analyser": 9999})
    upgraded = ElasticIndex(elastic.writer, elastic.alias)
    assert found(upgraded, Term("路燈"), "douliu") == ["1"]
    after = current(elastic.writer, elastic.alias)
    assert before != after
    assert not elastic.writer.indices.exists(index=before)
    put(upgraded, document("2", version=2))
    assert found(upgraded, EVERYTHING, "douliu") == ["1"]


def test_nothing_is_lost_and_no_search_fails_while_it_is_rebuilt(elastic: ElasticIndex) -> None:
    put(elastic, *(document(f"d{number}", title={"zh": "路燈"}) for number in range(700)))
    stop, totals = threading.Event(), []
    written: list[str] = []

    def write() -> None:
        while not stop.is_set():
            key = f"new{len(written)}"
            stubbornly(elastic, key)
            written.append(key)

    def search() -> None:
        while not stop.is_set():
            totals.append(elastic.search(Term("路燈"), tenant="douliu", audience=PUBLIC, limit=1).total)

    threads = [threading.Thread(target=write), threading.Thread(target=search)]
    for thread in threads:
        thread.start()
    elastic.rebuild()
    stop.set()
    for thread in threads:
        thread.join()
    elastic.refresh()
    assert totals
    assert min(totals) >= 700
    assert written
    assert elastic.count(tenant="douliu") == 700 + len(written)


def stubbornly(index: ElasticIndex, key: str) -> None:
    """As an event handler does: again, until it is in."""
    for _ in range(50):
        try:
            return index.put([document(key, title={"zh": "路燈"})])
        except IndexUnavailable:
            time.sleep(0.05)
    raise AssertionError(key)


def test_of_two_rebuilds_at_once_one_gives_up(elastic: ElasticIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    put(elastic, document("1"))
    old = current(elastic.writer, elastic.alias)
    copy = generations_elastic._copy

    def overtaken(client: Elasticsearch, source: str, target: str) -> None:
        copy(client, source, target)
        monkeypatch.setattr(generations_elastic, "_copy", copy)
        elastic.rebuild()

    monkeypatch.setattr(generations_elastic, "_copy", overtaken)
    with pytest.raises(IndexUnavailable):
        elastic.rebuild()
    new = current(elastic.writer, elastic.alias)
    assert new != old
    assert list(elastic.writer.indices.get(index=f"{elastic.alias}-*")) == [new]
    assert found(elastic, EVERYTHING, "douliu") == ["1"]


def test_only_calls_that_a_bare_server_has(elastic: ElasticIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    transport = type(elastic.writer.transport)
    perform = transport.perform_request

    def recording(self: Any, method: str, target: str, **more: Any) -> Any:
        called.append(f"{method} {target.partition('?')[0]}")
        return perform(self, method, target, **more)

    monkeypatch.setattr(transport, "perform_request", recording)
    put(elastic, document("1", title={"zh": "路燈"}))
    found(elastic, Term("路燈"), "douliu")
    elastic.suggest("路登", tenant="douliu", audience=EVERYONE)
    elastic.count(tenant="douliu")
    elastic.ping()
    elastic.rebuild()
    elastic.drop(tenant="douliu")
    assert called
    assert not [call for call in called if call.endswith(" /") or "_by_query" in call or "_reindex" in call]


@pytest.fixture
def silence() -> Iterator[int]:
    """The port of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_silent_server_is_given_up_in_time(silence: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_elastic, "_SEARCH_TIMEOUT", 0.2)
    monkeypatch.setattr(index_elastic, "_WRITE_TIMEOUT", 0.2)
    index = ElasticIndex.from_setting(f"http://user:secret@127.0.0.1:{silence}")
    start = time.monotonic()
    with pytest.raises(IndexUnavailable) as caught:
        index.search(EVERYTHING, tenant="douliu", audience=PUBLIC)
    assert time.monotonic() - start < 3
    assert "secret" not in str(caught.value)


def test_name_and_password_of_a_setting_go_into_the_header() -> None:
    index = ElasticIndex.from_setting("https://us%40er:p%3Aw@search.example.tw?alias=lamppost-city")
    assert index.alias == "lamppost-city"
    assert isinstance(index.reader, Elasticsearch)
    (node,) = index.reader.transport.node_pool.all()
    assert node.base_url == "https://search.example.tw:9200"
    assert index.reader._headers["authorization"].startswith("Basic ")
