import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.query import expand, parse
from services.search.synonyms import MOST_SPELLINGS
from services.search.tree import And, Not, Or, Phrase, Term, Tree, Xor
from tests.search.corpus import trees

SYNONYMS = {
    "路燈": ["街燈", "street light"],
    "pothole": ["坑洞"],
    "street light": ["路燈"],
    "1999": ["市民專線"],
    "!": ["x"],
    "公園": ["！"],
}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("路燈", Or((Term("路燈"), Term("街燈"), Phrase("street light")))),
        ("路灯", Or((Term("路灯"), Term("街燈"), Phrase("street light")))),
        ("路燈故障", Or((Term("路燈故障"), Term("街燈故障")))),
        ("potholes", Or((Term("potholes"), Term("坑洞")))),
        ("potholed1", Term("potholed1")),
        ("street light", Or((And((Term("street"), Term("light"))), Term("路燈")))),
        (
            "broken Street Lights 1999",
            And(
                (
                    Term("broken"),
                    Or((And((Term("Street"), Term("Lights"))), Term("路燈"))),
                    Or((Term("1999"), Term("市民專線"))),
                )
            ),
        ),
        ("light street", And((Term("light"), Term("street")))),
        ('"路燈"', Phrase("路燈")),
        ("-路燈", Not(Or((Term("路燈"), Term("街燈"), Phrase("street light"))))),
        ("pothole XOR a", Xor((Or((Term("pothole"), Term("坑洞"))), Term("a")))),
        ("pothole OR a", Or((Term("pothole"), Term("坑洞"), Term("a")))),
        ("公園", Term("公園")),
        ("", parse("").tree),
    ],
)
def test_synonyms_stand_beside_the_word(text: str, tree: Tree) -> None:
    assert expand(parse(text).tree, SYNONYMS) == tree


@given(trees())
def test_without_synonyms_nothing_changes(tree: Tree) -> None:
    assert expand(tree, {}) == tree


def test_there_is_a_most_of_spellings() -> None:
    tree = expand(Term("路燈"), {"路燈": [f"燈{number}" for number in range(100)]})
    assert isinstance(tree, Or)
    assert len(tree.parts) == 1 + MOST_SPELLINGS


@given(st.dictionaries(st.text(max_size=4), st.lists(st.text(max_size=4), max_size=3), max_size=4), trees())
def test_no_list_of_synonyms_is_an_error(synonyms: dict[str, list[str]], tree: Tree) -> None:
    expand(tree, synonyms)
