"""Which point a pair of figures means: WGS84 degrees or TWD97 metres (EPSG:3826), told apart by their ranges.

Within Taiwan the ranges of the four figures never overlap, so that a swapped pair is recognised and put right.
"""

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from services.gis.cells import DECIMALS

if TYPE_CHECKING:
    from pyproj import Transformer

LON, LAT = (118.0, 122.5), (21.5, 26.5)
TWD97_X, TWD97_Y = (150_000.0, 360_000.0), (2_400_000.0, 2_800_000.0)


class Point(NamedTuple):
    """WGS84 degrees; `swapped` tells that the file had the axes the other way round."""

    lon: float
    lat: float
    swapped: bool


def point(first: float, second: float) -> Point:
    """The point meant by a pair. Errors: `ValueError` when it is nowhere in Taiwan."""
    for swapped, (a, b) in ((False, (first, second)), (True, (second, first))):
        if _in(a, LON) and _in(b, LAT):
            return Point(round(a, DECIMALS), round(b, DECIMALS), swapped)
        if _in(a, TWD97_X) and _in(b, TWD97_Y):
            return Point(*from_twd97(a, b), swapped)
    raise ValueError(f"{first:g}, {second:g} is neither WGS84 degrees nor TWD97 metres of a place in Taiwan")


def from_twd97(x: float, y: float) -> tuple[float, float]:
    """TWD97 TM2 zone 121 metres as WGS84 (lon, lat), to a centimetre."""
    lon, lat = _transformer().transform(x, y)
    return round(lon, DECIMALS), round(lat, DECIMALS)


def _in(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


@cache
def _transformer() -> "Transformer":
    # Every process knows the import command, and only the import needs PROJ and its memory.
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:3826", "EPSG:4326", always_xy=True)
