"""The same ids for the same query: SQLite, Elasticsearch, and looking at every document."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.search.documents import VISIBILITIES, Document
from services.search.index import Index, index_from
from services.search.query import expand, parse
from services.search.tree import Tree
from tests.search.conftest import MakeSetting
from tests.search.corpus import PIECES, TENANTS, expected, found, some_documents, trees

DOCUMENTS = some_documents(500, seed=500)
AUDIENCES = st.sets(st.sampled_from(sorted(VISIBILITIES))).map(frozenset)
SLOW = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEWER = settings(SLOW, max_examples=150)

SIGNS = [
    *'()"-「」*:^~',
    " AND ",
    " OR ",
    " XOR ",
    " NOT ",
    " ",
    "title:",
    "NEAR(",
    "{title} : ",
    "tenant:anping",
    "\\",
]
TYPED = st.lists(st.sampled_from([*PIECES, *SIGNS]) | st.text(max_size=2), max_size=12).map("".join)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return filled(f"sqlite:///{tmp_path_factory.mktemp('parity')}/search.db")


@pytest.fixture(scope="module")
def elastic(elastic_setting: MakeSetting) -> Index:
    return filled(elastic_setting("parity"))


def filled(setting: str) -> Index:
    index = index_from(setting)
    index.put(DOCUMENTS)
    index.refresh()
    return index


@SLOW
@given(trees(), st.sampled_from(TENANTS), AUDIENCES)
def test_sqlite_finds_what_looking_finds(sqlite: Index, tree: Tree, tenant: str, audience: frozenset[str]) -> None:
    assert set(found(sqlite, tree, tenant, audience)) == expected(DOCUMENTS, tree, tenant, audience)


@SLOW
@given(trees(), st.sampled_from(TENANTS), AUDIENCES)
def test_elasticsearch_finds_what_looking_finds(
    elastic: Index, tree: Tree, tenant: str, audience: frozenset[str]
) -> None:
    assert set(found(elastic, tree, tenant, audience)) == expected(DOCUMENTS, tree, tenant, audience)


@FEWER
@given(TYPED | st.text(max_size=250), st.sampled_from(TENANTS))
def test_whatever_is_typed_gives_the_same_ids_on_both(sqlite: Index, elastic: Index, text: str, tenant: str) -> None:
    tree = parse(text).tree
    everyone = frozenset(VISIBILITIES)
    ids = expected(DOCUMENTS, tree, tenant, everyone)
    assert set(found(sqlite, tree, tenant)) == ids
    assert set(found(elastic, tree, tenant)) == ids


@FEWER
@given(TYPED, st.sampled_from(TENANTS), AUDIENCES)
def test_both_suggest_the_same_and_only_what_is_visible(
    sqlite: Index, elastic: Index, text: str, tenant: str, audience: frozenset[str]
) -> None:
    offered = sqlite.suggest(text, tenant=tenant, audience=audience)
    assert elastic.suggest(text, tenant=tenant, audience=audience) == offered
    assert all(any(word in titles(each) for each in visible(tenant, audience)) for word in offered)


def visible(tenant: str, audience: frozenset[str]) -> Iterator[Document]:
    return (each for each in DOCUMENTS if each.tenant == tenant and each.visibility in audience and not each.deleted)


def titles(document: Document) -> str:
    texts = " ".join((document.number, *document.title.values()))
    return f"{texts} {texts.lower()}"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5 + "路 XOR 燈 -(" + "a XOR b OR c -d" + ")" * 6,
        "-(路 XOR -(燈 XOR -(亮 XOR -(號 XOR -(公園 XOR led)))))",
        "((((路 OR 燈 XOR 號 -(led XOR 公園)) XOR 一) XOR 亮 OR 台北) XOR 巷口) XOR 灯",
        "(a OR 路 XOR 燈 -" * 5 + "(led OR 號 XOR 一 -公園)" + ")" * 5,
        " XOR ".join("路燈不亮公園台北市號口一中山"),
        " OR ".join(f"a{number}" for number in range(32)) + " -路燈",
    ],
)
def test_the_deepest_and_widest_queries_are_answered(sqlite: Index, elastic: Index, text: str) -> None:
    tree = expand(parse(text).tree, {"路": ["道"], "a": ["公園", "LED"], "燈": ["灯", "street light"]})
    ids = expected(DOCUMENTS, tree, "douliu", frozenset(VISIBILITIES))
    assert set(found(sqlite, tree, "douliu")) == ids
    assert set(found(elastic, tree, "douliu")) == ids
