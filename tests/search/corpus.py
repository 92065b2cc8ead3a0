"""Random documents and queries over one small vocabulary, and a search that looks at every document."""

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from services.search.analysis import Zone, read
from services.search.documents import KINDS, VISIBILITIES, Document
from services.search.index import Index
from services.search.needles import needles
from services.search.tree import (
    And,
    Everything,
    Not,
    Nothing,
    Or,
    Phrase,
    Term,
    Tree,
    Xor,
    conjunction,
    disjunction,
    exclusion,
    negation,
)

TENANTS = ("douliu", "anping", "yangmei")
EVERYONE = frozenset({"public", "staff"})
START = datetime(2026, 11, 20, 9, tzinfo=UTC)

PIECES = (
    *(
        "路燈",
        "路",
        "燈",
        "不亮",
        "燈不亮",
        "公園",
        "臺北",
        "台北市",
        "灯",
        "號",
        "48號",
        "巷口",
        "一",
        "中山路",
    ),
    *("LED", "ＬＥＤ", "repair", "Repairs", "o'clock", "café", "01234", "12345", "3.14", "1,234"),
    *("DL-115-004217-6", "DL1150042176", "0912-345-678", "0912345678", "アイウ", "한국어", "𠮷野家"),
)
JOINTS = ("", "", "", " ", "，", "-", "\n", "。", "<b>", " & ")


def some_text(chance: random.Random, most: int = 8) -> str:
    """Pieces, glued or parted."""
    return "".join(chance.choice(PIECES) + chance.choice(JOINTS) for _ in range(chance.randrange(most)))


def some_document(chance: random.Random, key: str, **more: Any) -> Document:
    """A document of some office, with texts in either language or none."""
    fields: dict[str, Any] = {
        "tenant": chance.choice(TENANTS),
        "id": key,
        "kind": chance.choice(sorted(KINDS)),
        "visibility": chance.choice(sorted(VISIBILITIES)),
        "version": chance.randrange(10),
        "updated_at": START + timedelta(minutes=chance.randrange(50)),
        "number": chance.choice(("", "01234", "DL-115-004217-6")),
        "title": {name: some_text(chance, 4) for name in ("zh", "en") if chance.random() < 0.7},
        "body": {name: some_text(chance) for name in ("zh", "en") if chance.random() < 0.7},
        "section": chance.choice(("", "工務課", "公園路燈管理所")),
        "deleted": chance.random() < 0.1,
    }
    return Document(**(fields | more))


def some_documents(count: int, seed: int) -> list[Document]:
    """As many documents as asked for; the same ones for the same seed."""
    chance = random.Random(seed)
    return [some_document(chance, f"d{number}") for number in range(count)]


def trees() -> st.SearchStrategy[Tree]:
    """Queries of every shape, in normal form."""
    texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)
    leaves = st.builds(Term, texts) | st.builds(Phrase, texts) | st.builds(Phrase, st.sampled_from(["路燈 不亮"]))
    return st.recursive(leaves, _operators, max_leaves=9)


def _operators(parts: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(parts, min_size=2, max_size=4)
    joined = [several.map(join) for join in (conjunction, disjunction, exclusion)]
    return st.one_of(*joined, parts.map(negation))


def expected(documents: Iterable[Document], tree: Tree, tenant: str, audience: frozenset[str]) -> set[str]:
    """The ids that a search has to find."""
    return {
        document.id
        for document in documents
        if document.tenant == tenant and document.visibility in audience and not document.deleted
        if holds(tree, document)
    }


def holds(tree: Tree, document: Document) -> bool:
    """Whether a document matches, by looking."""
    match tree:
        case Term(text) | Phrase(text):
            return contains(document, text)
        case And(parts):
            return all(holds(part, document) for part in parts)
        case Or(parts):
            return any(holds(part, document) for part in parts)
        case Xor(parts):
            return sum(holds(part, document) for part in parts) == 1
        case Not(part):
            return not holds(part, document)
        case Everything():
            return True
        case Nothing():
            return False


def contains(document: Document, text: str) -> bool:
    """Whether any text of a document has what a leaf looks for."""
    texts = (document.number, document.section, *document.title.values(), *document.body.values())
    return any(_follows(needle.terms, terms(each, needle.zone)) for needle in needles(text) for each in texts)


@cache
def terms(text: str, zone: Zone) -> tuple[str, ...]:
    """The terms of a zone."""
    return tuple(token.term for token in read(text, zone))


def _follows(few: Sequence[str], many: Sequence[str]) -> bool:
    return any(tuple(many[place : place + len(few)]) == tuple(few) for place in range(len(many)))


def found(index: Index, tree: Tree, tenant: str, audience: frozenset[str] = EVERYONE) -> list[str]:
    """All ids that an index finds, page by page."""
    ids: list[str] = []
    after: str | None = None
    while True:
        page = index.search(tree, tenant=tenant, audience=audience, limit=100, after=after)
        ids += [hit.document.id for hit in page.hits]
        after = page.next
        if after is None:
            assert len(ids) == page.total
            return ids
