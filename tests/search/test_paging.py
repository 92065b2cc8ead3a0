import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.paging import LARGEST_PAGE, Place, microseconds, page_size, place

IDS = st.text(min_size=1, max_size=50).filter(str.isprintable)


@given(st.floats(-1e9, 1e9), st.integers(-(2**61), 2**61), IDS)
def test_a_cursor_leads_back_to_its_place(score: float, updated: int, key: str) -> None:
    assert place(Place(score, updated, key).cursor()) == Place(score, updated, key)


def encoded(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        *("", "x", "!!!!", "路", "a" * 5000, encoded([]), encoded([1, 2]), encoded({}), encoded("abc")),
        *(encoded([float("nan"), 1, "a"]), encoded([1e300, 1, "a"]), encoded([1, 2**80, "a"])),
        *(
            encoded([1, float("inf"), "a"]),
            encoded([1, 1, "\x00"]),
            encoded([[], 1, "a"]),
            encoded([1, None, "a"]),
        ),
        encoded("[" * 900),
    ],
)
def test_any_other_cursor_is_refused_by_name(cursor: str) -> None:
    with pytest.raises(ValueError, match=r"^after "):
        place(cursor)


@given(st.text() | st.binary().map(lambda data: base64.urlsafe_b64encode(data).decode()))
def test_no_cursor_is_a_crash(cursor: str) -> None:
    try:
        place(cursor)
    except ValueError as error:
        assert str(error).startswith("after ")  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize("limit", [0, -1, LARGEST_PAGE + 1])
def test_a_page_has_a_size(limit: int) -> None:
    with pytest.raises(ValueError, match=r"^limit "):
        page_size(limit)


def test_moments_are_whole_microseconds() -> None:
    assert microseconds(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)) == 1_000_005
