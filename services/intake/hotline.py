"""Requests of a 1999 hotline, one JSON object a line (Open311-like, as the city of Tainan publishes them).

Their empty values are `{}`, `""`, `"null"` and `"0"`; their times are Taipei's, without saying so;
coordinates are WGS84 degrees. Pure: whatever a line holds, it becomes `Parsed` or `Refused`, never an error.
Open the file with `errors="surrogateescape"`: broken UTF-8 is then a refused line, not the import's end.
"""

import json
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from services.intake.calendar import FIRST_YEAR, LAST_YEAR, TAIPEI
from services.intake.lifecycle import State

LONGEST_LINE = 100_000
LONGEST = {
    "service_request_id": 64,
    "area": 40,
    "service_name": 80,
    "subproject": 160,
    "description": 8_000,
    "address_string": 1_000,
    "status": 40,
    "requested_datetime": 40,
    "updated_datetime": 40,
    "expected_datetime": 40,
}
# Taiwan with its islands: longitude, latitude.
BOUNDS = {"long": (118.0, 123.0), "lat": (21.0, 27.0)}

_EMPTY: tuple[object, ...] = (None, {}, [], "", "null", "0", 0)
_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_SPELLING: Mapping[str, str] = _WORDS["spelling"]
_SERVICE: Mapping[str, str] = _WORDS["service"]
_STATUS = {theirs: State(ours) for theirs, ours in _WORDS["status"].items()}
_NO_STATUS = State(_WORDS["no_status"])
FALLBACK_SERVICE: str = _WORDS["fallback_service"]


@dataclass(frozen=True)
class Parsed:
    """One request. Datetimes are aware UTC; an `expected_at` not after receipt is no promise: None."""

    line_number: int
    service_request_id: str
    area: str
    service_name: str
    service_code: str
    subproject: str | None
    description: str
    address: str | None
    lon: float | None
    lat: float | None
    requested_at: datetime
    updated_at: datetime | None
    expected_at: datetime | None
    status: State


@dataclass(frozen=True)
class Refused:
    """One line that is no request: why, and which field is at fault (`line` when it is the line itself)."""

    line_number: int
    reason: str
    field: str


class _Fault(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def read(lines: Iterable[str]) -> Iterator[Parsed | Refused]:
    """One answer a line, in order, counted from 1."""
    for number, line in enumerate(lines, start=1):
        try:
            yield _request(number, _record(line))
        except _Fault as fault:
            yield Refused(number, fault.reason, fault.field)


def service_code(service_name: str) -> str:
    """Our service for their category, `FALLBACK_SERVICE` where there is none of its own."""
    return _SERVICE.get(service_name, FALLBACK_SERVICE)


def _record(line: str) -> dict[str, object]:
    if len(line) > LONGEST_LINE:
        raise _Fault("line", f"longer than {LONGEST_LINE} characters")
    try:
        record = json.loads(line.removeprefix("\ufeff"))
    except RecursionError:
        raise _Fault("line", "not JSON: nested too deeply") from None
    except ValueError as error:
        raise _Fault("line", f"not JSON: {error}") from None
    if not isinstance(record, dict):
        raise _Fault("line", "not a JSON object")
    return record


def _request(number: int, record: dict[str, object]) -> Parsed:
    requested_at = _needed_moment(record, "requested_datetime")
    service_name = _spelt(_needed(record, "service_name"))
    subproject = _spelt(_text(record, "subproject") or "")
    lon, lat = _position(record)
    return Parsed(
        line_number=number,
        service_request_id=_needed(record, "service_request_id"),
        area=_needed(record, "area"),
        service_name=service_name,
        service_code=service_code(service_name),
        subproject=subproject or None,
        description=_needed(record, "description"),
        address=_text(record, "address_string"),
        lon=lon,
        lat=lat,
        requested_at=requested_at,
        updated_at=_updated(record, requested_at),
        expected_at=_promised(record, requested_at),
        status=_status(record),
    )


def _needed(record: Mapping[str, object], field: str) -> str:
    text = _text(record, field)
    if text is None:
        raise _Fault(field, "missing")
    return text


def _text(record: Mapping[str, object], field: str) -> str | None:
    value = record.get(field)
    if value in _EMPTY:
        return None
    if not isinstance(value, str):
        raise _Fault(field, f"not a text but {type(value).__name__}")
    if len(value) > LONGEST[field]:
        raise _Fault(field, f"longer than {LONGEST[field]} characters")
    if any(_unstorable(character) for character in value):
        raise _Fault(field, "contains control characters or broken UTF-8")
    return value.strip() or None


def _unstorable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n\r"


def _spelt(text: str) -> str:
    return _SPELLING.get(text, text)


def _status(record: Mapping[str, object]) -> State:
    theirs = _text(record, "status")
    if theirs is None:
        return _NO_STATUS
    if theirs not in _STATUS:
        raise _Fault("status", f"unknown status {theirs}")
    return _STATUS[theirs]


def _needed_moment(record: Mapping[str, object], field: str) -> datetime:
    moment = _moment(record, field)
    if moment is None:
        raise _Fault(field, "missing")
    return moment


def _moment(record: Mapping[str, object], field: str) -> datetime | None:
    text = _text(record, field)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _Fault(field, f"not a date and time: {text}") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _Fault(field, f"the year is not between {FIRST_YEAR} and {LAST_YEAR}")
    return (moment if moment.tzinfo else moment.replace(tzinfo=TAIPEI)).astimezone(UTC)


def _updated(record: Mapping[str, object], requested_at: datetime) -> datetime | None:
    moment = _moment(record, "updated_datetime")
    if moment and moment < requested_at:
        raise _Fault("updated_datetime", "before requested_datetime")
    return moment


def _promised(record: Mapping[str, object], requested_at: datetime) -> datetime | None:
    moment = _moment(record, "expected_datetime")
    return moment if moment and moment > requested_at else None


def _position(record: Mapping[str, object]) -> tuple[float, float] | tuple[None, None]:
    lon, lat = _degrees(record, "long"), _degrees(record, "lat")
    if lon is None and lat is None:
        return None, None
    if lon is None or lat is None:
        raise _Fault("long" if lon is None else "lat", "missing, though the other coordinate is given")
    return lon, lat


def _degrees(record: Mapping[str, object], field: str) -> float | None:
    value = record.get(field)
    if value in _EMPTY:
        return None
    low, high = BOUNDS[field]
    degrees = _number(value)
    # A NaN fails the comparison too.
    if degrees is None or not low <= degrees <= high:
        raise _Fault(field, f"not degrees between {low} and {high}")
    return degrees


def _number(value: object) -> float | None:
    if not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
