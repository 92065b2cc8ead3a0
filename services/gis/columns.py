"""Which column of a file is what, by the headers that Taiwanese open data and common tools use."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

NEEDED = ("number",)
PLACES = (("lon", "lat"), ("x", "y"))

# The first alias that a file has takes the field; its other columns become attributes.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "number": (
        *("路燈編碼", "路燈編號", "路燈號碼", "燈桿編號", "燈桿號碼", "燈號", "公園編號", "設施編號", "編號", "號碼"),
        *("light_no", "lamp_no", "pole", "pole_no", "number", "ref", "no", "id"),
    ),
    "lon": ("WGS84座標東經度", "WGS84經度", "東經度", "東經", "經度", "longitude", "lon", "lng", "long", "wgs84_x"),
    "lat": ("WGS84座標北緯度", "WGS84緯度", "北緯度", "北緯", "緯度", "latitude", "lat", "wgs84_y"),
    "x": ("TWD97座標X", "TWD97X", "X座標", "X坐標", "橫座標", "橫坐標", "twd97_x", "x"),
    "y": ("TWD97座標Y", "TWD97Y", "Y座標", "Y坐標", "縱座標", "縱坐標", "twd97_y", "y"),
    "name_zh": ("公園名稱", "設施名稱", "場所名稱", "名稱", "name_zh", "name:zh", "name"),
    "name_en": ("英文名稱", "name_en", "name:en"),
    "address": ("地址", "詳細位置", "設置地點", "設置位置", "位置", "地點", "address", "location"),
    "village": ("所屬村里", "村里", "村里別", "里別", "里", "village"),
}
ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "light": ("燈具種類", "燈具型式", "光源", "light"),
    "watts": ("瓦數", "瓦特", "watts", "watt"),
    "kelvin": ("色溫", "kelvin"),
    "height_m": ("燈桿高度", "桿高", "height_m", "height"),
    "road": ("路名", "道路", "道路名稱", "road"),
    "area_m2": ("面積", "公園面積", "area_m2"),
    "facility": ("設施類別", "設施種類", "facility"),
    "hours": ("開放時間", "hours"),
}
NUMERIC = ("watts", "kelvin", "height_m", "area_m2")


class Columns:
    """The columns of one file. Errors: `ValueError` naming what a file must have and this one has not."""

    def __init__(self, headers: Iterable[str]) -> None:
        self.headers = list(headers)
        self.fields = _taken(FIELDS, self.headers)
        self.attributes = _taken(ATTRIBUTES, [name for name in self.headers if name not in self.fields.values()])
        if "number" not in self.fields:
            raise ValueError(f"number: no column for it; it may be called {_some('number')}")
        if not any(set(pair) <= set(self.fields) for pair in PLACES):
            raise ValueError(f"coordinates: no pair of columns for them, such as {_some('lon')} or {_some('x')}")

    def others(self) -> list[str]:
        """Columns without a meaning of ours; they become attributes under their own names."""
        taken = {*self.fields.values(), *self.attributes.values(), ""}
        return [name for name in self.headers if name not in taken]


def _taken(meanings: Mapping[str, tuple[str, ...]], headers: list[str]) -> dict[str, str]:
    """Which header each meaning has."""
    plain = {_plain(header): header for header in reversed(headers)}
    found = {
        meaning: next((plain[_plain(alias)] for alias in aliases if _plain(alias) in plain), None)
        for meaning, aliases in meanings.items()
    }
    return {meaning: header for meaning, header in found.items() if header is not None}


def _plain(header: str) -> str:
    return re.sub(r"[\s_（）()\-:：]+", "", unicodedata.normalize("NFKC", header)).lower()


def _some(field: str) -> str:
    return ", ".join(FIELDS[field][:3])
