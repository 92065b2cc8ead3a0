import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.search.corrections import CORRECTIONS
from services.search.lexemes import DEEPEST_GROUP, LONGEST_QUERY, MOST_WORDS
from services.search.query import parse, written
from services.search.tree import (
    EVERYTHING,
    NOTHING,
    And,
    Not,
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

A, B, C, D = Term("a"), Term("b"), Term("c"), Term("d")

SIGNS = st.sampled_from(
    [
        *'()（）"“”「」『』＂-－−, ，\n\t\x00',
        " AND ",
        " OR ",
        " XOR ",
        " NOT ",
        " 且 ",
        " 或 ",
        " 互斥 ",
        " 非 ",
        "路燈",
        "a",
    ]
)
TYPED = st.lists(SIGNS | st.text(max_size=3), max_size=40).map("".join)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", EVERYTHING),
        ("  \n ", EVERYTHING),
        ("路燈", Term("路燈")),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a 且 b", And((A, B))),
        ("a，b、c", And((A, B, C))),
        ("a OR b", Or((A, B))),
        ("a 或 b", Or((A, B))),
        ("a ＯＲ b", Or((A, B))),
        ("a XOR b", Xor((A, B))),
        ("a 互斥 b 互斥 c", Xor((A, B, C))),
        ("(a XOR b) XOR c", Xor((Xor((A, B)), C))),
        ("(a OR b) OR c", Or((A, B, C))),
        ("a (b c)", And((A, B, C))),
        ("NOT a", Not(A)),
        ("非 a", Not(A)),
        ("-a", Not(A)),
        ("－a", Not(A)),
        ("--a", A),
        ("NOT NOT NOT a", Not(A)),
        ("a -b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a OR -b", Or((A, Not(B)))),
        ("-(a b)", Not(And((A, B)))),
        ("a OR b c", Or((A, And((B, C))))),
        ("a XOR b OR c XOR d", Or((Xor((A, B)), Xor((C, D))))),
        ("a b XOR c -d", Xor((And((A, B)), And((C, Not(D)))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("（a OR b）c", And((Or((A, B)), C))),
        ('"a b"', Phrase("a b")),
        ("“a b”", Phrase("a b")),
        ("「a b」", Phrase("a b")),
        ("『a「b」』", Phrase("a「b」")),
        ('-"a b" c', And((Not(Phrase("a b")), C))),
        ('"a  \n b"', Phrase("a b")),
        ('"AND"', Phrase("AND")),
        ("and or", And((Term("and"), Term("or")))),
        ("路燈或公園", Term("路燈或公園")),
        ("DL-115-004217-6", Term("DL-115-004217-6")),
        ("路燈-公園", Term("路燈-公園")),
    ],
)
def test_what_is_typed_right_is_read_without_correction(text: str, tree: Tree) -> None:
    reading = parse(text)
    assert reading.tree == tree
    assert reading.corrections == ()


@pytest.mark.parametrize(
    ("text", "tree", "corrections"),
    [
        ("a AND", A, {"stray_operator"}),
        ("AND a", A, {"stray_operator"}),
        ("a OR OR b", Or((A, B)), {"stray_operator"}),
        ("a XOR", A, {"stray_operator"}),
        ("a AND OR b", Or((A, B)), {"stray_operator"}),
        ("a NOT", A, {"stray_operator"}),
        ("或", NOTHING, {"stray_operator"}),
        ("(a b", And((A, B)), {"open_group"}),
        ("a b)", And((A, B)), {"stray_group"}),
        (")a(", A, {"stray_group", "open_group", "empty_group"}),
        ("a () b", And((A, B)), {"empty_group"}),
        ("()", NOTHING, {"empty_group"}),
        ('"a b', Phrase("a b"), {"open_quote"}),
        ("「a b", Phrase("a b"), {"open_quote"}),
        ('a ""', A, {"no_letters"}),
        ('""', NOTHING, {"no_letters"}),
        ("!!! ？", NOTHING, {"no_letters"}),
        ("，", NOTHING, {"no_letters"}),
        ("a - b", And((A, B)), {"no_letters"}),
        ("a & b", And((A, B)), {"no_letters"}),
        ("((((((a))))))", A, {"too_deep"}),
        ("((((((a)))))) b", And((A, B)), {"too_deep"}),
        ("((((((a", A, {"too_deep", "open_group"}),
        ("a" * 201, Term("a" * 200), {"too_long"}),
        (" ".join("a" * 33), And((A,) * 32), {"too_many_words"}),
        ("a\x00b\ud800c", And((A, B, C)), set()),
    ],
)
def test_what_is_typed_wrong_is_read_with_a_correction(text: str, tree: Tree, corrections: set[str]) -> None:
    reading = parse(text)
    assert reading.tree == tree
    assert {correction.code for correction in reading.corrections} == corrections


def test_a_correction_shows_the_part_it_is_about_in_both_languages() -> None:
    (correction,) = parse("路燈 或").corrections
    assert correction.part == "或"
    assert correction.sentence("zh") == "或: 前後少了字，不計"
    assert correction.sentence("en") == "或: An operator with nothing to join is ignored"


@settings(max_examples=500)
@given(TYPED | st.text())
def test_nothing_that_is_typed_is_an_error(text: str) -> None:
    reading = parse(text)
    assert all(correction.code in CORRECTIONS for correction in reading.corrections)
    assert all(correction.sentence(language) for correction in reading.corrections for language in ("zh", "en"))


@settings(max_examples=500)
@given(TYPED | st.text())
def test_a_query_written_back_reads_the_same(text: str) -> None:
    tree = parse(text).tree
    again = parse(written(tree))
    assume(len(written(tree)) <= LONGEST_QUERY)
    assert again.tree == tree
    assert tree == NOTHING or again.corrections == ()


def some_trees() -> st.SearchStrategy[Tree]:
    words = st.sampled_from(["路燈", "a", "b.c", "DL-1", "路-燈", "and", "x」"]).map(Term)
    phrases = st.sampled_from(["路燈 不亮", "AND", "-a", "(a)", "a「b」", 'a"b', '『a』 "']).map(Phrase)
    return st.recursive(words | phrases, joined_trees, max_leaves=12)


def joined_trees(parts: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(parts, min_size=2, max_size=4)
    return st.one_of(several.map(conjunction), several.map(disjunction), several.map(exclusion), parts.map(negation))


@settings(max_examples=500)
@given(some_trees())
def test_every_tree_can_be_written_and_read(tree: Tree) -> None:
    text = written(tree)
    assume(len(text) <= LONGEST_QUERY and deepest(text) <= DEEPEST_GROUP)
    assert parse(text).tree == tree
    assert parse(text).corrections == ()


def deepest(text: str) -> int:
    """A bound of how deep parentheses go (those within quotes count too)."""
    level, most = 0, 0
    for character in text:
        level += (character == "(") - (character == ")")
        most = max(most, level)
    return most


def test_the_longest_query_is_read_quickly() -> None:
    for text in ("-" * 199 + "a", "(" * 200, "a XOR " * 33, "NOT " * 50, '"' * 200):
        assert len(list(leaves(parse(text).tree))) <= MOST_WORDS


def leaves(tree: Tree) -> list[Tree]:
    match tree:
        case And(parts) | Or(parts) | Xor(parts):
            return [leaf for part in parts for leaf in leaves(part)]
        case Not(part):
            return leaves(part)
    return [tree]
