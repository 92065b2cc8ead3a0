"""Squares on the ground: boxes of degrees, the 0.005° cells of the index, and metres on the sphere."""

import math
from collections.abc import Iterator
from typing import NamedTuple

PER_DEGREE = 200  # cells; one is 0.005°, some 500 m in Taiwan
ONE_CELL = 1.001 / PER_DEGREE  # degrees, rounding forgiven
DECIMALS = 7  # of a degree, a centimetre: how finely places are told and asked for
RADIUS = 6_371_008.8  # metres: the Earth's mean radius (IUGG)
SLACK = 1e-9  # more than rounding ever takes away


class Box(NamedTuple):
    """West, south, east, north in WGS84 degrees; west may be greater than east, across the 180th meridian."""

    west: float
    south: float
    east: float
    north: float

    def spans(self) -> Iterator[tuple[float, float]]:
        """Its longitudes as one or two ranges (from, to) within -180 … 180."""
        if self.east - self.west >= 360:
            yield -180.0, 180.0
            return
        west, east = _turned(self.west), _turned(self.east)
        if west <= east:
            yield west, east
        else:
            yield west, 180.0
            yield -180.0, east

    @property
    def one_cell(self) -> bool:
        """True when it is no larger than a cell."""
        return 0 <= self.east - self.west <= ONE_CELL and self.north - self.south <= ONE_CELL


WORLD = Box(-180.0, -90.0, 180.0, 90.0)


def cell(degrees: float) -> int:
    """The column or row of cells that holds this longitude or latitude; a cell owns its west and south edge."""
    return math.floor(round(degrees * PER_DEGREE, 6))


def cell_box(column: int, row: int, step: int = 1) -> Box:
    """The box of `step` × `step` cells from this one on."""
    west, south, east, north = (part / PER_DEGREE for part in (column, row, column + step, row + step))
    return Box(west, south, east, north)


def box_around(lon: float, lat: float, reach: int) -> Box:
    """The cell of a point and `reach` cells on every side."""
    column, row = cell(lon), cell(lat)
    box = cell_box(column - reach, row - reach, 2 * reach + 1)
    return box._replace(south=max(box.south, -90.0), north=min(box.north, 90.0))


def metres(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """The distance of two points on the sphere (haversine)."""
    half_lat, half_lon = math.radians(to_lat - lat) / 2, math.radians(to_lon - lon) / 2
    cosines = math.cos(math.radians(lat)) * math.cos(math.radians(to_lat))
    chord = math.sin(half_lat) ** 2 + cosines * math.sin(half_lon) ** 2
    return 2 * RADIUS * math.asin(math.sqrt(min(1.0, chord)))


def circle_box(lon: float, lat: float, radius: float) -> Box:
    """The box around everything within so many metres of a point."""
    angle = radius * (1 + SLACK) / RADIUS + SLACK
    south, north = lat - math.degrees(angle), lat + math.degrees(angle)
    if south <= -90 or north >= 90:  # around a pole lie all longitudes
        return Box(-180.0, max(south, -90.0), 180.0, min(north, 90.0))
    aside = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(lat)))))
    return Box(lon - aside, south, lon + aside, north)


def _turned(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180
