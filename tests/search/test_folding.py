import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.folding import fold, folded
from services.search.variants import FAMILIES, SPELLINGS


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("臺北", "台北"),
        ("路灯", "路燈"),
        ("檯面", "台面"),
        ("污染", folded("汙染").text),
        ("ＬＥＤ１２", "led12"),
        ("ﾊﾞｽ", "バス"),
        ("Café", "cafe"),
        ("O’Neil", "o'neil"),
        ("㈱", "(株)"),
        ("斗六市里長后里", "斗六市里長后里"),
    ],
)
def test_one_spelling_for_width_case_accents_and_variants(written: str, read: str) -> None:
    assert folded(written).text == read


def test_a_character_is_in_one_family_only_and_stands_for_nothing_else() -> None:
    written = "".join(FAMILIES.split())
    assert len(written) == len(set(written))
    assert not {ord(head) for head in SPELLINGS.values()} & set(SPELLINGS)
    assert all(unicodedata.normalize("NFKC", character) == character for character in written)


def test_folding_again_changes_no_character_of_unicode() -> None:
    planes = (range(0x20, 0xD800), range(0xE000, 0x30000))
    folds = {fold(chr(point)) for plane in planes for point in plane}
    assert all(folded(text).text == text for text in folds)


@given(st.text())
def test_every_folded_character_knows_its_place(text: str) -> None:
    source = folded(text)
    assert len(source.text) == len(source.starts) == len(source.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(source.starts, source.ends, strict=True))


def test_a_mark_belongs_to_the_character_before_it() -> None:
    source = folded("e\u0301葛\U000e0100x")
    assert source.text == "e葛x"
    assert (list(source.starts), list(source.ends)) == ([0, 2, 4], [2, 4, 5])
