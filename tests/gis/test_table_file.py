"""Reading files: encodings, delimiters, broken rows, GeoJSON; and which column is what."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gis.columns import Columns
from services.gis.table_file import Refused, Row, Table, read

HEADERS = ["路燈編碼", "WGS84座標東經度", "WGS84座標北緯度", "地址"]
HEAD = "路燈編碼,WGS84座標東經度,WGS84座標北緯度,地址\n"


def rows(table: Table) -> list[Row]:
    return [row for row in table.rows if isinstance(row, Row)]


def test_a_utf8_file_is_read_with_and_without_mark() -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        table = read((HEAD + "01234,120.5,23.7,裏街堃路\n").encode(encoding))
        assert table.headers == HEADERS
        assert table.encoding == "utf-8"
        assert rows(table)[0].values["地址"] == "裏街堃路"


@pytest.mark.parametrize(("encoding", "address"), [("cp950", "裏碁銹恒路"), ("big5hkscs", "堃峯喆路")])
def test_big5_files_are_read_with_the_characters_of_either(encoding: str, address: str) -> None:
    table = read((HEAD + f"01234,120.5,23.7,{address}\n").encode(encoding))
    assert table.encoding == encoding
    assert rows(table)[0].values["地址"] == address


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters_are_told_by_the_header(delimiter: str) -> None:
    table = read(f"number{delimiter}lon{delimiter}lat\n01234{delimiter}120.5{delimiter}23.7\n".encode())
    assert rows(table)[0].values == {"number": "01234", "lon": "120.5", "lat": "23.7"}


def test_rows_know_their_lines_past_blank_ones_and_broken_cells() -> None:
    table = read(b'number,lon,lat,address\n1,2,3,"two\nlines"\n\n , , ,\n2,3,4,x,too many\n3,4\n')
    assert [row.line for row in table.rows] == [2, 6, 7]
    assert table.rows[1] == Refused(6, "row: 5 cells under 4 headers")
    assert table.rows[2] == Row(7, {"number": "3", "lon": "4"})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no line of headers"),
        (b"\n\n", "no line of headers"),
        (b"number,lon,number\n", "twice"),
        (b"\xff\xfe\xff\xff\x81", "neither UTF-8 nor Big5"),
        (b"{", "not JSON"),
        (b'{"type": "Feature"}', "FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "NaN"),
        (b"{" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_such_file_is_refused_whole(content: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read(content)


def test_geojson_features_are_rows() -> None:
    point = {"type": "Point", "coordinates": [120.5, 23.7, 12.0]}
    document = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": "01234", "geometry": point, "properties": {"地址": "慶生路"}},
            {"type": "Feature", "geometry": None, "properties": {}},
            {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}, "properties": {}},
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": []}, "properties": {}},
            "feature",
        ],
    }
    table = read(json.dumps(document).encode())
    assert table.rows[0] == Row(1, {"地址": "慶生路", "id": "01234", "lon": 120.5, "lat": 23.7})
    assert [type(row) for row in table.rows[1:]] == [Refused] * 4
    assert set(table.headers) == {"地址", "id", "lon", "lat"}


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        table = read(content)
    except ValueError:
        return
    assert all(row.line >= 1 for row in table.rows)


HSINCHU = (
    "路燈編碼,燈具種類,燈具廠商,燈桿類別,燈桿種類,燈桿高度,瓦數,行政區代碼,所屬鄉鎮,所屬村里,縣市別代碼,地址,"
    "TWD97座標X,TWD97座標Y,WGS84座標東經度,WGS84座標北緯度"
)


def test_the_headers_of_open_data_are_known() -> None:
    columns = Columns(HSINCHU.split(","))
    assert columns.fields == {
        "number": "路燈編碼",
        "lon": "WGS84座標東經度",
        "lat": "WGS84座標北緯度",
        "x": "TWD97座標X",
        "y": "TWD97座標Y",
        "address": "地址",
        "village": "所屬村里",
    }
    assert columns.attributes == {"light": "燈具種類", "watts": "瓦數", "height_m": "燈桿高度"}
    assert columns.others() == ["燈具廠商", "燈桿類別", "燈桿種類", "行政區代碼", "所屬鄉鎮", "縣市別代碼"]


@pytest.mark.parametrize(
    "headers",
    [
        "id,light_no,district,address,latitude,longitude",
        " Light No , LAT , Lng ",
        "燈號,X座標,Y座標",
        "路燈編號,經度,緯度",
        "編號,ＴＷＤ９７＿Ｘ,TWD97 (Y)",
    ],
)
def test_headers_are_known_however_they_are_written(headers: str) -> None:
    fields = Columns(headers.split(",")).fields
    assert "number" in fields
    assert {"lon", "lat"} <= set(fields) or {"x", "y"} <= set(fields)


def test_the_plates_number_goes_before_the_rows_own_id() -> None:
    assert Columns(["id", "light_no", "lon", "lat"]).fields["number"] == "light_no"


@pytest.mark.parametrize(
    ("headers", "missing"), [(["lon", "lat"], "number"), (["number", "lon"], "coordinates"), ([], "number")]
)
def test_a_file_without_a_needed_column_is_refused_by_its_name(headers: list[str], missing: str) -> None:
    with pytest.raises(ValueError, match=missing):
        Columns(headers)
