"""Reading a file of assets, CSV or GeoJSON, row by row; a row that cannot be read is told of, not dropped.

Text is tried as UTF-8 (with or without mark), then cp950, then Big5-HKSCS: Big5 bytes are never right UTF-8, and each
of the two knows characters that the other does not.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

ENCODINGS = ("utf-8-sig", "cp950", "big5hkscs")
DELIMITERS = ",\t;"


class Row(NamedTuple):
    """One row: where it stands (line of a CSV, ordinal of a GeoJSON feature, from 1) and its values by column."""

    line: int
    values: Mapping[str, Any]


class Refused(NamedTuple):
    """A row that was not taken, and why."""

    line: int
    reason: str


class Table(NamedTuple):
    """A file as it was read. Header names are as in the file; a GeoJSON point is in the columns `lon` and `lat`."""

    encoding: str
    headers: Sequence[str]
    rows: Sequence[Row | Refused]


def read(content: bytes) -> Table:
    """Read a whole file. Errors: `ValueError` saying why it is no such file."""
    text, encoding = _decoded(content)
    if text.lstrip()[:1] == "{":
        return _geojson(text, encoding)
    return _csv(text, encoding)


def _decoded(content: bytes) -> tuple[str, str]:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise ValueError("file: its text is neither UTF-8 nor Big5 (cp950, Big5-HKSCS)")


def _csv(text: str, encoding: str) -> Table:
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=head.count))
    rows = _lines(reader)
    first = next(rows, None)
    if first is None or isinstance(first, Refused):
        raise ValueError("file: it has no line of headers")
    headers = [str(cell).strip() for cell in first.values["cells"]]
    if twice := sorted({name for name in headers if name and headers.count(name) > 1}):
        raise ValueError(f"file: the header {twice[0]} stands there twice")
    return Table(encoding, headers, [_named(row, headers) for row in rows])


def _lines(reader: Any) -> Iterator[Row | Refused]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Refused(line, f"row: {error}")
            continue
        if any(cell.strip() for cell in cells):
            yield Row(line, {"cells": cells})


def _named(row: Row | Refused, headers: Sequence[str]) -> Row | Refused:
    if isinstance(row, Refused):
        return row
    cells = row.values["cells"]
    if len(cells) > len(headers) and any(cell.strip() for cell in cells[len(headers) :]):
        return Refused(row.line, f"row: {len(cells)} cells under {len(headers)} headers")
    return Row(row.line, dict(zip(headers, cells, strict=False)))


def _geojson(text: str, encoding: str) -> Table:
    try:
        document = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"file: not JSON: {error}") from error
    features = document.get("features") if document.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise ValueError("file: not a GeoJSON FeatureCollection")
    rows = [_feature(i, feature) for i, feature in enumerate(features, 1)]
    headers = dict.fromkeys(name for row in rows if isinstance(row, Row) for name in row.values)
    return Table(encoding, list(headers), rows)


def _feature(line: int, feature: Any) -> Row | Refused:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return Refused(line, "feature: not a GeoJSON Feature")
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return Refused(line, "geometry: must be a Point")
    position, properties = geometry.get("coordinates"), feature.get("properties") or {}
    if not isinstance(position, list) or len(position) < 2 or not isinstance(properties, dict):
        return Refused(line, "geometry: a Point needs two coordinates, and properties must be an object")
    identity = {"id": feature["id"]} if "id" in feature and "id" not in properties else {}
    return Row(line, {**properties, **identity, "lon": position[0], "lat": position[1]})


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")
