"""What every index does, on SQLite and on a real Elasticsearch."""

import inspect
import random
from datetime import timedelta
from typing import Any

import pytest

from services.search.documents import Document
from services.search.errors import IndexUnavailable
from services.search.index import Index, index_from
from services.search.index_elastic import ElasticIndex
from services.search.index_sqlite import SqliteIndex
from services.search.query import parse
from services.search.tree import EVERYTHING, Term
from tests.search.corpus import EVERYONE, START, TENANTS, found, some_document, some_documents

PUBLIC = frozenset({"public"})


def document(key: str = "1", version: int = 1, **more: Any) -> Document:
    fields: dict[str, Any] = {
        "tenant": "douliu",
        "kind": "service",
        "visibility": "public",
        "updated_at": START,
    }
    return Document(id=key, version=version, **(fields | more))


def put(index: Index, *documents: Document) -> None:
    index.put(documents)
    index.refresh()


def test_what_was_put_is_found_and_shown(index: Index) -> None:
    lamp = document(
        title={"zh": "路燈報修"},
        body={"zh": "路燈不亮"},
        url="/douliu/services/streetlight",
        section="工務課",
    )
    put(index, lamp)
    page = index.search(Term("路燈"), tenant="douliu", audience=PUBLIC)
    assert page.total == 1
    assert page.next is None
    assert page.hits[0].document == lamp
    assert page.hits[0].title == {"zh": "<mark>路燈</mark>報修"}
    assert page.hits[0].snippet == {"zh": "<mark>路燈</mark>不亮"}
    assert page.hits[0].score > 0


@pytest.mark.parametrize("query", ["路燈", "灯", "工務課", "DL1150042176", "DL-115-004217", "lamps", "48號", ""])
def test_every_text_of_a_document_is_searched(index: Index, query: str) -> None:
    texts = {"zh": "路燈不亮", "en": "Lamp"}
    put(index, document(number="DL-115-004217-6", title=texts, body={"zh": "48號巷口"}, section="工務課"))
    assert found(index, parse(query).tree, "douliu") == ["1"]


def test_a_phrase_does_not_run_from_one_text_into_the_next(index: Index) -> None:
    put(index, document(title={"zh": "路燈", "en": "lamp"}, body={"zh": "公園"}, section="工務"))
    for phrase in ("路燈 lamp", "路燈 公園", "公園 工務", "lamp 公", "燈 公"):
        assert found(index, parse(f'"{phrase}"').tree, "douliu") == []


def test_titles_and_numbers_come_first_then_the_newest_then_by_id(index: Index) -> None:
    later = START + timedelta(minutes=1)
    fill = [document(f"x{number}", title={"zh": "其他"}, body={"zh": "別的事"}) for number in range(10)]
    put(
        index,
        *fill,
        document("b", body={"zh": "路燈不亮"}, title={"zh": "公園"}),
        document("a", body={"zh": "路燈不亮"}, title={"zh": "公園"}),
        document("c", body={"zh": "路燈不亮"}, title={"zh": "公園"}, updated_at=later),
        document("t", body={"zh": "路況不佳"}, title={"zh": "路燈"}),
    )
    assert found(index, Term("路燈"), "douliu") == ["t", "c", "a", "b"]
    assert found(index, EVERYTHING, "douliu")[0] == "c"


def test_pages_follow_each_other_without_gap_or_double(index: Index) -> None:
    chance = random.Random(11)
    put(index, *(some_document(chance, f"d{n}", tenant="douliu", deleted=False) for n in range(60)))
    for query in ("", "路燈", "路燈 OR 公園 OR led", "-路燈"):
        tree = parse(query).tree
        whole = index.search(tree, tenant="douliu", audience=EVERYONE, limit=100)
        ids, after = [], None
        while True:
            page = index.search(tree, tenant="douliu", audience=EVERYONE, limit=7, after=after)
            assert page.total == whole.total
            ids += [hit.document.id for hit in page.hits]
            after = page.next
            if after is None:
                break
        assert ids == [hit.document.id for hit in whole.hits]
        assert len(ids) == whole.total > 0


def test_kinds_narrow_a_search(index: Index) -> None:
    put(index, document("s", kind="service"), document("c", kind="case"), document("p", kind="park"))
    page = index.search(EVERYTHING, tenant="douliu", audience=PUBLIC, kinds=frozenset({"case", "park"}))
    assert {hit.document.id for hit in page.hits} == {"c", "p"}
    assert index.search(EVERYTHING, tenant="douliu", audience=PUBLIC, kinds=frozenset()).total == 0


def test_a_wrong_limit_or_cursor_is_named(index: Index) -> None:
    with pytest.raises(ValueError, match=r"^limit "):
        index.search(EVERYTHING, tenant="douliu", audience=PUBLIC, limit=0)
    with pytest.raises(ValueError, match=r"^after "):
        index.search(EVERYTHING, tenant="douliu", audience=PUBLIC, after="x")


def test_a_version_replaces_lower_ones_only(index: Index) -> None:
    put(index, document(version=2, title={"zh": "路燈"}))
    put(index, document(version=1, title={"zh": "公園"}))
    put(index, document(version=2, title={"zh": "坑洞"}))
    assert found(index, Term("路燈"), "douliu") == ["1"]
    put(index, document(version=3, title={"zh": "垃圾"}))
    assert found(index, Term("垃圾"), "douliu") == ["1"]
    assert found(index, Term("路燈"), "douliu") == []


def test_a_late_change_does_not_bring_back_what_was_deleted(index: Index) -> None:
    put(index, document(version=1, title={"zh": "路燈"}))
    put(index, document(version=5, title={"zh": "路燈"}, deleted=True))
    put(index, document(version=4, title={"zh": "路燈"}))
    assert found(index, EVERYTHING, "douliu") == []
    assert index.count(tenant="douliu") == 0
    assert index.suggest("路登", tenant="douliu", audience=PUBLIC) == []
    put(index, document(version=6, title={"zh": "路燈"}))
    assert found(index, EVERYTHING, "douliu") == ["1"]


@pytest.mark.parametrize("seed", range(4))
def test_a_storm_of_versions_ends_the_same_in_any_order(index: Index, seed: int) -> None:
    chance = random.Random(seed)
    versions = [
        some_document(chance, f"d{key}", tenant="douliu", version=version)
        for key in range(25)
        for version in chance.sample(range(20), 6)
    ]
    latest = {each.id: each for each in sorted(versions, key=lambda each: each.version)}
    storm = versions * 3
    chance.shuffle(storm)
    while storm:
        size = chance.randrange(1, 60)
        index.put(storm[:size])
        storm = storm[size:]
    index.refresh()
    alive = {key: each for key, each in latest.items() if not each.deleted}
    page = index.search(EVERYTHING, tenant="douliu", audience=EVERYONE, limit=100)
    assert {hit.document.id: hit.document for hit in page.hits} == alive
    assert index.count(tenant="douliu") == len(alive)


def test_suggestions_are_words_of_visible_titles(index: Index) -> None:
    put(
        index,
        document("1", title={"zh": "路燈報修", "en": "Streetlight repair"}),
        document("2", title={"zh": "路燈認養"}),
        document("3", number="DL-115-004217-6", title={"zh": "01234"}, visibility="staff", kind="case"),
    )
    assert index.suggest("路登", tenant="douliu", audience=PUBLIC)[0] == "路燈"
    assert index.suggest("streetlihgt", tenant="douliu", audience=PUBLIC) == ["streetlight"]
    assert index.suggest("01243", tenant="douliu", audience=EVERYONE) == ["01234"]
    assert index.suggest("DL-115-004271-6", tenant="douliu", audience=EVERYONE) == ["DL-115-004217-6"]
    assert index.suggest("路燈", tenant="douliu", audience=PUBLIC) == []


@pytest.mark.parametrize("term", ["", "x", "!", "'\"", "a.b*", "()[]{}|\\", "路" * 500, "¶", "\ud800"])
def test_no_term_is_too_odd_for_a_suggestion(index: Index, term: str) -> None:
    put(index, document(title={"en": "a.b axb v1.2"}))
    index.suggest(term, tenant="douliu", audience=PUBLIC)


def test_offices_and_audiences_do_not_see_each_other(index: Index) -> None:
    documents = [
        document(
            f"{tenant}-{sight}",
            tenant=tenant,
            visibility=sight,
            title={"zh": f"路燈{tenant}", "en": f"secret{tenant}{sight}"},
        )
        for tenant in TENANTS
        for sight in ("public", "staff")
    ]
    put(index, *documents)
    for tenant in TENANTS:
        for audience in (frozenset[str](), PUBLIC, frozenset({"staff"}), EVERYONE):
            mine = {f"{tenant}-{sight}" for sight in audience}
            for query in (
                "",
                "路燈",
                "燈",
                "-坑洞",
                "路燈 XOR 坑洞",
                "路燈 OR -路燈",
                "secretdouliustaff OR 路燈",
            ):
                assert set(found(index, parse(query).tree, tenant, audience)) == mine, query
            offered = index.suggest("secretdouliustafx", tenant=tenant, audience=audience)
            assert offered == (["secretdouliustaff"] if tenant == "douliu" and "staff" in audience else [])


@pytest.mark.parametrize("odd", ["douliu' OR 1=1 --", "*", "", "douliu\x00", "douliu anping", '" OR tenant:anping'])
def test_no_odd_tenant_or_audience_sees_anything(index: Index, odd: str) -> None:
    put(index, document(title={"zh": "路燈"}))
    assert index.search(EVERYTHING, tenant=odd, audience=EVERYONE).total == 0
    assert index.search(EVERYTHING, tenant="douliu", audience=frozenset({odd})).total == 0
    assert index.suggest("路登", tenant=odd, audience=EVERYONE) == []
    assert index.suggest("路登", tenant="douliu", audience=frozenset({odd})) == []


@pytest.mark.parametrize("kind", [Index, SqliteIndex, ElasticIndex])
def test_no_search_can_be_written_without_office_and_audience(kind: type[Index]) -> None:
    for method, required in (
        ("search", {"tenant", "audience"}),
        ("suggest", {"tenant", "audience"}),
        ("count", {"tenant"}),
    ):
        parameters = inspect.signature(getattr(kind, method)).parameters
        for name in required:
            assert parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
            assert parameters[name].default is inspect.Parameter.empty


def test_a_dropped_office_is_gone_and_may_come_back(index: Index) -> None:
    put(
        index,
        document("1", 5, title={"zh": "路燈"}),
        document("2", 5, deleted=True),
        document("1", 5, tenant="anping"),
    )
    index.drop(tenant="douliu")
    assert index.count(tenant="douliu") == 0
    assert index.suggest("路登", tenant="douliu", audience=PUBLIC) == []
    assert found(index, EVERYTHING, "anping") == ["1"]
    put(index, document("1", 1, title={"zh": "公園"}), document("2", 1, title={"zh": "公園"}))
    assert found(index, Term("公園"), "douliu") == ["1", "2"]


def test_a_rebuild_changes_no_answer(index: Index) -> None:
    put(index, *some_documents(80, seed=21))
    queries = [parse(query).tree for query in ("", "路燈", "燈", "-路燈", "led XOR 公園", "DL1150042176")]
    before = [found(index, tree, tenant) for tree in queries for tenant in TENANTS]
    offered = index.suggest("路登", tenant="douliu", audience=EVERYONE)
    index.rebuild()
    index.refresh()
    assert [found(index, tree, tenant) for tree in queries for tenant in TENANTS] == before
    assert index.suggest("路登", tenant="douliu", audience=EVERYONE) == offered
    put(index, document("d0", version=0, title={"zh": "太舊"}, tenant="douliu"))
    assert found(index, Term("太舊"), "douliu") == []


def test_an_index_answers_when_it_is_there(index: Index) -> None:
    index.ping()
    assert found(index, EVERYTHING, "douliu") == []


@pytest.mark.parametrize("setting", ["sqlite:////dev/null/search.db", "http://127.0.0.1:1"])
def test_an_index_that_is_not_there_says_so(setting: str) -> None:
    index = index_from(setting)
    for call in (
        index.ping,
        index.rebuild,
        lambda: index.put([document()]),
        lambda: index.count(tenant="douliu"),
        lambda: index.search(EVERYTHING, tenant="douliu", audience=PUBLIC),
        lambda: index.suggest("路登", tenant="douliu", audience=PUBLIC),
    ):
        with pytest.raises(IndexUnavailable):
            call()


@pytest.mark.parametrize(
    "setting",
    [
        *(
            "",
            "memory://",
            "sqlite://",
            "sqlite:///",
            "sqlite://host/x",
            "sqlite:///x?y=1",
            "http://",
            "ftp://x",
        ),
        *("http://user:secret@", "http://user:secret@host?alias=UPPER", "http://user:secret@host?other=1"),
        "http://user:secret@host:port",
    ],
)
def test_a_wrong_setting_is_refused_without_its_password(setting: str) -> None:
    with pytest.raises(ValueError, match=r"^search index has to be") as caught:
        index_from(setting)
    assert "secret" not in str(caught.value)
