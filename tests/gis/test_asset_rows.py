"""A row as an asset, or the reason why it is none."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from chassis import tenants
from chassis.tenants import Tenant
from services.gis.asset_rows import read_row
from services.gis.columns import Columns
from services.gis.inventory import NewAsset
from tests.servers import ROOT

DOULIU: Tenant = tenants.load(ROOT / "deploy" / "tenants")["douliu"]
GOOD = {"number": "01234", "lon": "120.5431", "lat": "23.7118", "address": "慶生路 128 號前", "village": "虎溪里"}


def told(**changed: Any) -> NewAsset:
    values = {name: value for name, value in (GOOD | changed).items() if value is not ...}
    return read_row(values, Columns(values), DOULIU).asset


def refused(**changed: Any) -> str:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the test looks at the reason
        told(**changed)
    return str(error.value)


def test_a_good_row_is_an_asset() -> None:
    assert told(瓦數="60W", 燈桿高度="8.5 公尺", 燈具種類="LED", 燈具廠商="東亞", 備註="") == NewAsset(
        number="01234",
        lon=120.5431,
        lat=23.7118,
        address="慶生路 128 號前",
        village="虎溪里",
        attributes={"watts": 60, "height_m": 8.5, "light": "LED", "燈具廠商": "東亞"},
    )


def test_leading_zeros_stay() -> None:
    assert told(number="00012").number == "00012"


def test_twd97_becomes_wgs84() -> None:
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:3826", always_xy=True).transform(120.5431, 23.7118)
    asset = told(lon=..., lat=..., TWD97座標X=f"{x:.3f}", TWD97座標Y=f"{y:,.3f}")
    assert (asset.lon, asset.lat) == (120.5431, 23.7118)


@pytest.mark.parametrize(
    ("lon", "lat"), [("120.5431", "23.7118"), (" １２０．５４３１ ", "23.7118"), ("23.7118", "120.5431")]
)
def test_coordinates_are_read_however_they_are_written(lon: str, lat: str) -> None:
    asset = told(lon=lon, lat=lat)
    assert (asset.lon, asset.lat) == (120.5431, 23.7118)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"number": ""}, "number: is blank"),
        ({"number": "路燈"}, "number: is blank"),
        ({"number": "1" * 21}, "number: is longer than 20"),
        ({"number": 1234}, "number: 1234 is a JSON number"),
        ({"number": "1.23E+04"}, "number: 1.23E"),
        ({"number": "1234.0"}, "number: 1234.0"),
        ({"lon": "", "lat": ""}, "coordinates: are blank"),
        ({"lon": ""}, "lon: is blank"),
        ({"lat": None}, "lat: is blank"),
        ({"lon": "0", "lat": "0"}, "lon, lat: 0, 0 is neither"),
        ({"lon": "east"}, "lon: east is no number"),
        ({"lon": "nan"}, "lon: nan is no number"),
        ({"lat": "inf"}, "lat: inf is no number"),
        ({"lon": True}, "lon: True is no number"),
        ({"lon": "121.5645", "lat": "25.0340"}, "outside the area of douliu"),
        ({"address": "路" * 201}, "address: is longer than 200"),
        ({"address": "慶生\x00路"}, "address: has control characters"),
        ({"village": "\ud800"}, "village: has control characters"),
        ({"備註": {"nested": 1}}, "備註: must be a text"),
        ({"備註": "字" * 501}, "備註: is longer than 500"),
    ],
)
def test_what_is_wrong_is_named(changed: dict[str, Any], reason: str) -> None:
    assert reason in refused(**changed)


def test_two_pairs_that_do_not_agree_are_refused() -> None:
    # The same figures said to be TWD97 that are TWD67: some 800 m away, and still within the office.
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:3826", always_xy=True).transform(120.5431, 23.7118)
    assert told(TWD97座標X=str(x), TWD97座標Y=str(y)).lon == 120.5431
    reason = refused(TWD97座標X=str(x - 828), TWD97座標Y=str(y + 207))
    assert "m apart (is one of them TWD67?)" in reason


@given(st.dictionaries(st.sampled_from([*GOOD, "瓦數", "備註"]), st.one_of(st.text(), st.floats(), st.none())))
def test_any_row_is_an_asset_or_refused(changed: dict[str, Any]) -> None:
    values = GOOD | changed
    try:
        asset = read_row(values, Columns(values), DOULIU).asset
    except ValueError:
        return
    west, south, east, north = DOULIU.bounding_box
    assert west - 0.01 <= asset.lon <= east + 0.01
    assert south - 0.01 <= asset.lat <= north + 0.01
