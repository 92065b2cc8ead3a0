import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.documents import Document
from services.search.tree import (
    EVERYTHING,
    NOTHING,
    And,
    Leaf,
    Not,
    Or,
    Phrase,
    Term,
    Tree,
    Xor,
    changed,
    conjunction,
    disjunction,
    exclusion,
    negation,
    wanted,
)
from tests.search.corpus import holds, some_documents, trees

A, B, C = Term("路燈"), Term("公園"), Phrase("不亮")
DOCUMENTS = some_documents(40, seed=7)
PARTS = st.lists(trees() | st.just(EVERYTHING) | st.just(NOTHING), max_size=4)


@pytest.mark.parametrize(
    ("made", "tree"),
    [
        (conjunction([]), EVERYTHING),
        (conjunction([A]), A),
        (conjunction([A, And((B, C))]), And((A, B, C))),
        (conjunction([A, NOTHING]), NOTHING),
        (conjunction([A, EVERYTHING]), A),
        (disjunction([]), NOTHING),
        (disjunction([A, Or((B, C))]), Or((A, B, C))),
        (disjunction([A, EVERYTHING]), EVERYTHING),
        (exclusion([]), NOTHING),
        (exclusion([A, Xor((B, C))]), Xor((A, Xor((B, C))))),
        (exclusion([A, EVERYTHING]), Not(A)),
        (exclusion([EVERYTHING, EVERYTHING, A]), NOTHING),
        (negation(negation(A)), A),
        (negation(NOTHING), EVERYTHING),
    ],
)
def test_trees_are_in_one_normal_form(made: Tree, tree: Tree) -> None:
    assert made == tree


@given(PARTS, st.sampled_from(DOCUMENTS))
def test_the_normal_form_means_the_same(parts: list[Tree], document: Document) -> None:
    truths = [holds(part, document) for part in parts]
    assert holds(conjunction(parts), document) == all(truths)
    assert holds(disjunction(parts), document) == any(truths)
    assert holds(exclusion(parts), document) == (sum(truths) == 1)
    assert [holds(negation(part), document) for part in parts] == [not truth for truth in truths]


def test_exactly_one_of_three_is_not_parity() -> None:
    document = Document("douliu", "1", "case", "public", 1, DOCUMENTS[0].updated_at, title={"zh": "路燈公園不亮"})
    assert not holds(Xor((A, B, C)), document)
    assert holds(Xor((A, B, Term("坑洞"))), document) is False
    assert holds(Xor((A, Term("垃圾"), Term("坑洞"))), document)


def test_wanted_leaves_are_those_a_match_may_contain() -> None:
    assert list(wanted(And((A, Not(B), Xor((B, C)))))) == [A, B, C]
    assert list(wanted(Not(A))) == []


@given(trees())
def test_changing_no_leaf_changes_nothing(tree: Tree) -> None:
    def same(leaf: Leaf) -> Tree:
        return leaf

    assert changed(tree, same) == tree
