import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.analysis import (
    CJK,
    LONGEST_TERM,
    Token,
    Zone,
    characters,
    codes,
    read,
    stem,
    tokens,
    words,
)
from services.search.folding import folded
from services.search.needles import needles
from tests.servers import ROOT

LUCENE = ROOT.parent / "shared" / "data" / "cjk-bigrams-lucene-9.12.jsonl"
GOLDEN = Path(__file__).with_name("golden_tokens.jsonl")

# Where the cut differs from Lucene's StandardTokenizer, and why. Everything else is the same, offsets too.
ON_PURPOSE = {
    # A part of an address is a word to look for: full stops bind digits only.
    "e-mail: a@b.tw": [("e", 0, 1), ("mail", 2, 6), ("a", 8, 9), ("b", 10, 11), ("tw", 12, 14)],
    "https://example.tw/l/01234": [
        *[("https", 0, 5), ("exampl", 8, 15), ("tw", 16, 18), ("l", 19, 20), ("01234", 21, 26)]
    ],
    # Compatibility characters are what they stand for.
    "㈱ ㎡ ①": [("株", 0, 1), ("m2", 2, 3), ("1", 4, 5)],
    # Commas between thousands are no part of a number.
    "1,234,567": [("1234567", 0, 9)],
}

TEXTS = (
    st.text(
        st.sampled_from("路燈不亮臺台灯號A aé1２0,.-－'’ＬㄅアﾊﾞㇰﾟeÉ한ㅎ𠮷々〇㈱\u0301\u3099\U000e0100\ud800\n<>&\"¶")
    )
    | st.text()
)


def vectors(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.skipif(not LUCENE.exists(), reason="the reference vectors of Lucene are not beside the repository")
def test_bigrams_and_offsets_are_those_of_lucene() -> None:
    references = vectors(LUCENE)
    assert len(references) == 198
    for reference in references:
        text = reference["text"]
        ours = [(token.term, token.start, token.end) for token in tokens(text)]
        assert ours == ON_PURPOSE.get(text, lucene(reference)), text


def lucene(reference: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Lucene's tokens, folded and stemmed as ours are; UTF-16 offsets as code points."""
    text = reference["text"]
    return [
        (stem(folded(term).text), code_points(text, start), code_points(text, end))
        for term, (start, end) in zip(reference["tokens"], reference["offsets"], strict=True)
    ]


def code_points(text: str, units: int) -> int:
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le"))


@pytest.mark.parametrize("vector", vectors(GOLDEN), ids=lambda vector: vector["text"])
def test_golden_vectors(vector: dict[str, Any]) -> None:
    for zone in Zone:
        ours = [[token.term, token.start, token.end] for token in read(vector["text"], zone)]
        assert ours == vector[zone], zone


@given(TEXTS)
def test_offsets_lie_in_the_text_and_in_order(text: str) -> None:
    for zone in Zone:
        places = [(token.start, token.end) for token in read(text, zone)]
        assert places == sorted(places)
        assert all(0 <= start < end <= len(text) for start, end in places)


@given(TEXTS)
def test_a_term_is_the_folded_text_at_its_place(text: str) -> None:
    for token in words(text):
        assert token.term in folded(text[token.start : token.end]).text.replace(",", "")


@given(TEXTS)
def test_terms_pass_any_engine_unchanged(text: str) -> None:
    for zone in Zone:
        for term in (token.term for token in read(text, zone)):
            assert 0 < len(term) <= LONGEST_TERM
            assert not re.search(r"[A-Z\s\"',\-¶]", term)
            assert re.fullmatch(rf"(\w|\.|{CJK})+", term)


@given(TEXTS)
def test_folding_first_changes_no_term(text: str) -> None:
    for zone in Zone:
        assert [t.term for t in read(folded(text).text, zone)] == [t.term for t in read(text, zone)]


@given(st.text(st.sampled_from("路燈不亮臺北"), min_size=1), st.data())
def test_every_part_of_a_chinese_text_finds_it_and_nothing_else_does(text: str, data: st.DataObject) -> None:
    part = data.draw(st.text(st.sampled_from("路燈不亮臺北"), min_size=1, max_size=4))
    assert within(part, text) == (folded(part).text in folded(text).text)


@given(st.lists(st.sampled_from(["路", "燈", "號", "48", "LED", "x"]), min_size=1), st.data())
def test_every_run_of_characters_and_numbers_finds_its_text(pieces: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(pieces) - 1))
    end = data.draw(st.integers(start + 1, len(pieces)))
    assert within(glued(pieces[start:end]), glued(pieces))


def glued(pieces: list[str]) -> str:
    """As it is written: a space only between two words or numbers."""
    return re.sub("(?<=[a-zA-Z0-9]) (?![a-zA-Z0-9])|(?<![a-zA-Z0-9]) ", "", " ".join(pieces))


def within(part: str, text: str) -> bool:
    """Whether a search for the part finds the text."""
    streams = {zone: [token.term for token in read(text, zone)] for zone in Zone}
    return any(
        list(needle.terms) == streams[needle.zone][place : place + len(needle.terms)]
        for needle in needles(part)
        for place in range(len(streams[needle.zone]))
    )


@pytest.mark.parametrize(
    "asked",
    [
        "DL-115-004217-6",
        "dl1150042176",
        "ＤＬ－１１５－００４２１７－６",
        "DL-115-004217",
        "115-004217-6",
        "004217",
    ],
)
def test_a_case_number_is_found_however_it_is_written(asked: str) -> None:
    assert within(asked, "案號DL-115-004217-6，路燈")
    assert not within(asked, "案號DL-115-004218-4")


def test_a_pole_number_keeps_its_zero_and_is_not_part_of_a_longer_one() -> None:
    assert within("01234", "路燈01234號")
    assert not within("1234", "路燈01234號")
    assert not within("01234", "路燈101234號")


def test_a_house_number_is_not_the_number_without_its_hyphen() -> None:
    assert codes("283-1號") == []
    assert not within("2831", "新吉村283-1號")


def test_english_words_are_found_in_other_forms() -> None:
    assert within("repairing", "Streetlight repairs")
    assert within("O'NEIL", "o’neil's")
    assert not within("light", "lightning")


def test_characters_stand_alone_and_words_do_not_split() -> None:
    assert [token.term for token in characters("LED路燈12號")] == ["led", "路", "燈", "12", "號"]
    assert tokens("") == []


def test_a_word_without_end_is_cut_and_its_pieces_cover_it() -> None:
    pieces = tokens("a" * 200)
    assert [(token.start, token.end) for token in pieces] == [(0, 64), (64, 128), (128, 192), (192, 200)]


def test_words_are_uncut_and_unstemmed() -> None:
    assert words("Streetlight repairs 路燈報修") == [
        Token("streetlight", 0, 11),
        Token("repairs", 12, 19),
        Token("路燈報修", 20, 24),
    ]
