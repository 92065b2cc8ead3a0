"""The hotline reader: the city's real file, each oddity by hand, and no line that makes it raise."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.hotline import FALLBACK_SERVICE, LONGEST_LINE, Parsed, Refused, read, service_code
from services.intake.lifecycle import State

DATA = Path(__file__).parents[3] / "shared" / "data" / "tainan-1999-2015-04.jsonl"
ROW: dict[str, Any] = {
    "service_request_id": "UN201504150001",
    "requested_datetime": "2015-04-15 00:02:00.0",
    "status": "未處理",
    "keyword": "0",
    "area": "柳營區",
    "service_name": "髒亂及污染",
    "agency": "0",
    "subproject": "空氣汙染",
    "description": "柳營奇美醫院附近 空氣汙染",
    "address_string": "柳營奇美醫院附近",
    "lat": "0",
    "long": "0",
    "service_notice": {},
    "updated_datetime": "null",
    "expected_datetime": "2015-04-22 00:02:00.0",
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["0", "null", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def one(line: str) -> Parsed | Refused:
    (answer,) = read([line])
    return answer


def parsed(**changes: object) -> Parsed:
    answer = one(json.dumps(ROW | changes))
    assert isinstance(answer, Parsed), answer
    return answer


def refused(**changes: object) -> Refused:
    answer = one(json.dumps(ROW | changes))
    assert isinstance(answer, Refused), answer
    return answer


def test_a_request_is_read_with_taipei_times_as_utc() -> None:
    assert parsed() == Parsed(
        line_number=1,
        service_request_id="UN201504150001",
        area="柳營區",
        service_name="髒亂及污染",
        service_code=FALLBACK_SERVICE,
        subproject="空氣汙染",
        description="柳營奇美醫院附近 空氣汙染",
        address="柳營奇美醫院附近",
        lon=None,
        lat=None,
        requested_at=datetime(2015, 4, 14, 16, 2, tzinfo=UTC),
        updated_at=None,
        expected_at=datetime(2015, 4, 21, 16, 2, tzinfo=UTC),
        status=State.RECEIVED,
    )


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("未處理", State.RECEIVED), ("已完工", State.CLOSED), ({}, State.RECEIVED), ("null", State.RECEIVED)],
)
def test_their_statuses_are_ours(theirs: object, ours: State) -> None:
    assert parsed(status=theirs).status is ours


def test_an_unknown_status_is_refused_and_not_guessed() -> None:
    assert refused(status="轉請中央").field == "status"


def test_two_spellings_are_one_category() -> None:
    assert parsed(service_name="髒亂及汙染").service_name == parsed(service_name="髒亂及污染").service_name
    assert parsed(subproject="妨礙安寧").subproject == parsed(subproject="妨害安寧").subproject


def test_a_category_has_our_service_or_the_fallback() -> None:
    assert service_code("路燈故障") == "streetlight"
    assert service_code("違規停車") == service_code("從未見過") == "petition_1999"


@pytest.mark.parametrize("nothing", [{}, "", "null", "0", None, "  "])
@pytest.mark.parametrize("field", ["subproject", "address_string", "updated_datetime", "expected_datetime"])
def test_what_may_be_empty_is_none_in_every_spelling_of_nothing(field: str, nothing: object) -> None:
    names = {
        "address_string": "address",
        "updated_datetime": "updated_at",
        "expected_datetime": "expected_at",
    }
    assert getattr(parsed(**{field: nothing}), names.get(field, field)) is None


@pytest.mark.parametrize("nothing", [{}, "", "null", "0", None, "　"])
@pytest.mark.parametrize("field", ["service_request_id", "area", "service_name", "description", "requested_datetime"])
def test_what_is_needed_is_refused_when_it_is_empty(field: str, nothing: object) -> None:
    answer = refused(**{field: nothing})
    assert (answer.field, answer.reason, answer.line_number) == (field, "missing", 1)


def test_a_promise_not_after_receipt_is_no_promise() -> None:
    assert parsed(expected_datetime=ROW["requested_datetime"]).expected_at is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("requested_datetime", "2015-02-30 00:00:00.0"),
        ("requested_datetime", "0001-01-01 00:00:00.0"),
        ("requested_datetime", "9999-12-31 23:59:59.0"),
        ("requested_datetime", 20150415),
        ("updated_datetime", "2015-04-14 23:59:00.0"),
        ("updated_datetime", "昨天"),
        ("description", "a\u0000b"),
        ("description", "a\ud800b"),
        ("description", "字" * 8_001),
        ("address_string", ["a"]),
        ("subproject", {"a": 1}),
        ("service_name", True),
        ("area", 7),
    ],
)
def test_a_wrong_value_is_refused_with_its_field(field: str, value: object) -> None:
    assert refused(**{field: value}).field == field


def test_coordinates_are_degrees_or_none() -> None:
    found = parsed(long="120.18", lat=22.99)
    assert (found.lon, found.lat) == (120.18, 22.99)
    assert (parsed(long=0, lat={}).lon, parsed(long=0, lat={}).lat) == (None, None)


@pytest.mark.parametrize(
    ("long", "lat", "field"),
    [
        ("120.18", "0", "lat"),
        ("0", "22.99", "long"),
        ("22.99", "120.18", "long"),
        ("120.18", "NaN", "lat"),
        ("120.18", float("inf"), "lat"),
        ("120.18", 10**400, "lat"),
        ("120.18", True, "lat"),
        ("x", "22.99", "long"),
    ],
)
def test_other_coordinates_are_refused(long: object, lat: object, field: str) -> None:
    assert refused(long=long, lat=lat).field == field


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        "[]",
        "1",
        '"text"',
        json.dumps(ROW)[:-1],
        "[" * 90_000,
        '{"lat":' + "9" * 5_000 + "}",
        "\x00",
        "x" * LONGEST_LINE * 2,
    ],
)
def test_a_line_that_is_no_json_object_is_refused(line: str) -> None:
    answer = one(line)
    assert isinstance(answer, Refused)
    assert answer.field == "line"


def test_a_byte_order_mark_and_unknown_fields_do_no_harm() -> None:
    assert isinstance(one("\ufeff" + json.dumps(ROW | {"new": [1, 2]})), Parsed)


def test_broken_utf_8_is_one_refused_line(tmp_path: Path) -> None:
    good = json.dumps(ROW, ensure_ascii=False).encode()
    file = tmp_path / "requests.jsonl"
    file.write_bytes(good + b"\n" + good.replace("柳".encode(), b"\xff") + b"\n" + good + b"\n")
    with file.open(encoding="utf-8", errors="surrogateescape") as lines:
        answers = list(read(lines))
    assert [type(answer) for answer in answers] == [Parsed, Refused, Parsed]
    assert [answer.line_number for answer in answers] == [1, 2, 3]


@given(st.lists(st.text() | st.text(alphabet='{}[]":,0123456789.eE-\\u')))
def test_any_lines_are_answered_one_by_one_in_order(lines: list[str]) -> None:
    assert [answer.line_number for answer in read(lines)] == list(range(1, len(lines) + 1))


@given(st.integers(0, len(json.dumps(ROW))))
def test_a_truncated_line_is_refused_unless_it_is_whole(length: int) -> None:
    line = json.dumps(ROW)
    assert isinstance(one(line[:length]), Refused) == (length < len(line))


@given(st.dictionaries(st.sampled_from(sorted(ROW)), ANYTHING))
def test_any_values_make_a_sound_request_or_a_refusal_of_a_known_field(changes: dict[str, object]) -> None:
    answer = one(json.dumps(ROW | changes))
    if isinstance(answer, Refused):
        assert answer.field in ROW
        assert answer.reason
        return
    assert answer.requested_at.tzinfo is UTC
    assert answer.description.strip()
    assert (answer.lon is None) == (answer.lat is None)
    assert answer.expected_at is None or answer.expected_at > answer.requested_at
    assert "\x00" not in f"{answer}"


@pytest.mark.skipif(not DATA.is_file(), reason="the city's file is not beside the repository")
def test_every_line_of_the_city_s_file_is_a_request() -> None:
    with DATA.open(encoding="utf-8", errors="surrogateescape") as lines:
        answers = list(read(lines))
    requests = [answer for answer in answers if isinstance(answer, Parsed)]
    assert len(requests) == len(answers) == 900
    assert len({request.service_request_id for request in requests}) == 900
    assert Counter(request.status for request in requests) == {State.RECEIVED: 826 + 13, State.CLOSED: 61}
    assert Counter(request.service_name for request in requests)["髒亂及污染"] == 61 + 43
    assert Counter(request.service_code for request in requests)["streetlight"] == 64
    assert len({request.service_name for request in requests}) == 9
    assert Counter(request.area for request in requests)["安平區"] == 52
    assert sum(request.updated_at is not None for request in requests) == 64
    assert sum(request.expected_at is None for request in requests) == 15
    assert sum(request.address is None for request in requests) == 1
    assert sum(request.subproject is None for request in requests) == 2
    assert all(request.lon is None for request in requests)
    assert min(request.requested_at for request in requests) == datetime(2015, 4, 14, 16, 2, tzinfo=UTC)
