import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.documents import Document
from services.search.suggestions import MOST_SUGGESTIONS, ranked, shortened, vocabulary
from tests.search.corpus import START


def titled(zh: str = "", en: str = "", number: str = "") -> Document:
    return Document("douliu", "1", "service", "public", 1, START, number, title={"zh": zh, "en": en})


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("01243", "01234"),
        ("0123", "01234"),
        ("012345", "01234"),
        ("01934", "01234"),
        ("streetlihgt", "streetlight"),
        ("DL-115-004271-6", "DL-115-004217-6"),
        ("dl1150042716", "DL-115-004217-6"),
        ("路登", "路燈"),
        ("台背", "臺北"),
    ],
)
def test_words_with_one_difference_are_near(typed: str, word: str) -> None:
    assert shortened(typed) & shortened(word)


@pytest.mark.parametrize(("typed", "word"), [("12345", "98765"), ("streetlight", "park"), ("路燈", "公園")])
def test_other_words_are_not(typed: str, word: str) -> None:
    assert not shortened(typed) & shortened(word)


@given(st.text(max_size=40))
def test_no_word_is_too_odd_to_shorten(word: str) -> None:
    assert len(shortened(word)) <= 25


def test_the_vocabulary_holds_numbers_words_and_the_ends_of_chinese_titles() -> None:
    assert vocabulary(titled("公園認養申請", "Adopt a Park", "DL-115-004217-6")) >= {
        *("公園認養申請", "公園", "申請", "公園認養", "認養申請", "adopt", "park", "DL-115-004217-6")
    }
    assert "a" not in vocabulary(titled(en="Adopt a Park"))


def test_the_most_used_words_of_the_same_length_come_first() -> None:
    uses = {"路燈": 2, "道路": 5, "路": 9, "路登": 50, "路面": 1, "路口": 1, "路樹": 1, "路旁": 1}
    offered = ranked("路登", uses)
    assert offered[:2] == ["道路", "路燈"]
    assert len(offered) == MOST_SUGGESTIONS
    assert "路登" not in offered
