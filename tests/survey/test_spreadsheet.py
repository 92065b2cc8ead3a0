"""CSV that Excel reads and that cannot act."""

import csv

from hypothesis import given
from hypothesis import strategies as st

from services.survey.spreadsheet import FORMULA, guarded, written

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(content.decode("utf-8-sig").splitlines()))


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert written(["服務"], [["路燈報修"]]) == "\ufeff服務\r\n路燈報修\r\n".encode()


def test_what_looks_like_a_formula_is_text() -> None:
    assert guarded('=HYPERLINK("x")') == '\'=HYPERLINK("x")'
    assert [guarded("+1"), guarded("-1"), guarded("@x"), guarded(-1)] == ["'+1", "'-1", "'@x", -1]


@given(TEXTS.filter(lambda text: len(text.splitlines()) < 2 and text.strip() == text))
def test_no_cell_begins_as_a_formula(text: str) -> None:
    (cell,) = read(written([text], []))[0] if text else [""]
    assert not cell.startswith(FORMULA)
    assert cell.removeprefix("'") == text.removeprefix("'")
