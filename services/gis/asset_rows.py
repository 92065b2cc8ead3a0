"""One row of a file as an asset, or the reason why it is none: number, place, texts, attributes."""

import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from chassis.tenants import Tenant
from services.gis.cells import metres
from services.gis.columns import NUMERIC, Columns
from services.gis.coordinates import Point, point
from services.gis.inventory import NewAsset
from services.gis.numbers import LONGEST, fold

MARGIN = 0.01  # degrees beyond the office's box: some kilometre, for a lamp on the border
APART = 100.0  # metres that two coordinates of one row may differ; TWD67 read as TWD97 is some 800 m off
LONGEST_TEXT = {"name_zh": 120, "name_en": 120, "address": 200, "village": 30}
LONGEST_ATTRIBUTE = 500
CONTROLS = ("Cc", "Cs")
SPREADSHEET = re.compile(r"\d+(\.\d+)?E\+\d+|\d+\.0+", re.IGNORECASE)


class Told(NamedTuple):
    """What a row tells; `swapped` when its axes had to be put right."""

    asset: NewAsset
    swapped: bool


def read_row(values: Mapping[str, Any], columns: Columns, office: Tenant) -> Told:
    """Errors: `ValueError` naming the column and what is wrong with it."""
    texts = {name: _text(values, header, LONGEST_TEXT[name]) for name, header in _texts(columns)}
    number, where = _number(values, columns.fields["number"]), _place(values, columns)
    _check_office(where, office)
    attributes = _attributes(values, columns)
    return Told(NewAsset(number, where.lon, where.lat, **texts, attributes=attributes), where.swapped)


def _texts(columns: Columns) -> list[tuple[str, str]]:
    return [(name, header) for name, header in columns.fields.items() if name in LONGEST_TEXT]


def _number(values: Mapping[str, Any], header: str) -> str:
    raw = values.get(header)
    if isinstance(raw, int | float):
        raise ValueError(f"{header}: {raw} is a JSON number, which has lost its leading zeros; write it as text")
    written = str(raw or "").strip()
    if SPREADSHEET.fullmatch(written):
        raise ValueError(f"{header}: {written} was made a number by a spreadsheet; format the column as text")
    number = fold(written)
    if not 0 < len(number) <= LONGEST:
        raise ValueError(f"{header}: is blank" if not number else f"{header}: is longer than {LONGEST} signs")
    return number


def _place(values: Mapping[str, Any], columns: Columns) -> Point:
    found = [where for pair in (("lon", "lat"), ("x", "y")) if (where := _pair(values, columns, *pair))]
    if not found:
        raise ValueError("coordinates: are blank")
    apart = max(metres(found[0].lon, found[0].lat, other.lon, other.lat) for other in found)
    if apart > APART:
        raise ValueError(f"coordinates: the two pairs of this row are {apart:.0f} m apart (is one of them TWD67?)")
    return found[0]


def _pair(values: Mapping[str, Any], columns: Columns, first: str, second: str) -> Point | None:
    headers = [columns.fields.get(first), columns.fields.get(second)]
    given = [_figure(values, header) for header in headers if header]
    if len(given) < 2 or given == [None, None]:
        return None
    if given[0] is None or given[1] is None:
        raise ValueError(f"{headers[given.index(None)]}: is blank")
    try:
        return point(given[0], given[1])
    except ValueError as error:
        raise ValueError(f"{headers[0]}, {headers[1]}: {error}") from error


def _figure(values: Mapping[str, Any], header: str) -> float | None:
    raw = values.get(header)
    written = unicodedata.normalize("NFKC", str(raw)).strip() if raw is not None else ""
    if not written:
        return None
    try:
        figure = float(written.replace(",", ""))
    except ValueError:
        figure = math.nan
    if isinstance(raw, bool) or not math.isfinite(figure):
        raise ValueError(f"{header}: {written[:40]} is no number")
    return figure


def _check_office(where: Point, office: Tenant) -> None:
    west, south, east, north = office.bounding_box
    inside = west - MARGIN <= where.lon <= east + MARGIN and south - MARGIN <= where.lat <= north + MARGIN
    if not inside:
        raise ValueError(f"coordinates: {where.lon}, {where.lat} is outside the area of {office.code}")


def _text(values: Mapping[str, Any], header: str, longest: int) -> str | None:
    raw = values.get(header)
    if raw is None:
        return None
    text = " ".join(str(raw).split())
    if len(text) > longest:
        raise ValueError(f"{header}: is longer than {longest} signs")
    if any(unicodedata.category(sign) in CONTROLS for sign in text):
        raise ValueError(f"{header}: has control characters")
    return text or None


def _attributes(values: Mapping[str, Any], columns: Columns) -> dict[str, Any]:
    named = {**columns.attributes, **{header: header for header in columns.others()}}
    found = {name: _attribute(values, name, header) for name, header in named.items()}
    return {name: value for name, value in found.items() if value is not None}


def _attribute(values: Mapping[str, Any], name: str, header: str) -> Any:
    raw = values.get(header)
    if isinstance(raw, dict | list):
        raise ValueError(f"{header}: must be a text, a number, or true or false")
    if isinstance(raw, bool | int | float):
        return raw
    text = _text(values, header, LONGEST_ATTRIBUTE)
    return _counted(text) if text and name in NUMERIC else text


def _counted(text: str) -> float | int | str:
    """The figure in `60`, `60W` or `8 公尺`; the text itself where it is none."""
    match = re.match(r"\d+(\.\d+)?", text.replace(",", ""))
    if match is None:
        return text
    return float(match[0]) if match[1] else int(match[0])
