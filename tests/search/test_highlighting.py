import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.highlighting import SNIPPET_LENGTH, hit, marked, snippet, spans
from services.search.needles import needles, sought
from services.search.query import parse
from services.search.tree import Tree
from tests.search.corpus import PIECES, some_documents, trees

NASTY = ("<script>alert(1)</script>", "<mark>", "</mark>", "&lt;", "&", '"', "'", "<b", "{0}", "%s", "{路燈}")
TEXTS = st.lists(st.sampled_from(PIECES + NASTY) | st.text(max_size=5), max_size=60).map("".join)


@pytest.mark.parametrize(
    ("text", "query", "html"),
    [
        ("路燈不亮", "路燈", "<mark>路燈</mark>不亮"),
        ("臺北市的路燈", "台北", "<mark>臺北</mark>市的路燈"),
        ("路燈不亮", "路燈不亮", "<mark>路燈不亮</mark>"),
        ("路燈不亮", "路燈 燈不", "<mark>路燈不</mark>亮"),
        ("路燈", "燈", "路<mark>燈</mark>"),
        ("48號巷口", "48號", "<mark>48號</mark>巷口"),
        ("見DL-115-004217-6號", "DL1150042176", "見<mark>DL-115-004217-6</mark>號"),
        ("Street lights", "light", "Street <mark>lights</mark>"),
        ("<b>路燈</b>", "路燈", "&lt;b&gt;<mark>路燈</mark>&lt;/b&gt;"),
        ("路燈與公園", "路燈 -公園", "<mark>路燈</mark>與公園"),
        ("路燈 公園", '"路燈 公園"', "<mark>路燈 公園</mark>"),
        ("道路", "", "道路"),
    ],
)
def test_matches_are_marked_in_the_text_as_it_was_written(text: str, query: str, html: str) -> None:
    assert marked(text, sought(parse(query).tree)) == html


@given(TEXTS, trees())
def test_no_text_gets_out_of_its_snippet(text: str, tree: Tree) -> None:
    for html in (marked(text, sought(tree)), snippet(text, sought(tree))):
        bare = re.sub("</?mark>", "", html)
        assert not re.search("[<>\"']", bare)
        assert re.fullmatch("([^<]*<mark>[^<]+</mark>)*[^<]*", html, re.DOTALL)
    assert unescape(re.sub("</?mark>", "", marked(text, sought(tree)))) == unescape_once(text)


def unescape_once(text: str) -> str:
    """What `unescape` gives when just the five signs were escaped (it also maps some controls)."""
    five = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"}
    return unescape("".join(five.get(character, character) for character in text))


@given(TEXTS, trees())
def test_a_snippet_is_short_and_part_of_the_text(text: str, tree: Tree) -> None:
    plain = unescape(re.sub("</?mark>", "", snippet(text, sought(tree))))
    assert len(plain) <= SNIPPET_LENGTH + 2
    if len(text) <= SNIPPET_LENGTH:
        assert plain == unescape_once(text)


def test_a_snippet_shows_the_first_match_of_a_long_text() -> None:
    text = "公" * 500 + "路燈" + "園" * 500
    html = snippet(text, needles("路燈"))
    assert html.startswith("…")
    assert html.endswith("…")
    assert "<mark>路燈</mark>" in html


@given(TEXTS, trees())
def test_spans_are_in_order_and_apart(text: str, tree: Tree) -> None:
    places = [place for span in spans(text, sought(tree)) for place in span]
    assert places == sorted(set(places))
    assert all(0 <= place <= len(text) for place in places)


def test_a_hit_shows_title_and_text_in_each_language_it_has() -> None:
    document = some_documents(1, seed=5)[0]
    shown = hit(document, needles("路燈"), 1.5)
    assert set(shown.title) == set(document.title)
    assert set(shown.snippet) == set(document.body)
    assert shown.score == 1.5
