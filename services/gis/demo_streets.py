"""A street network for a demo office: roads between the villages, and a grid of streets in each village's core."""

import math
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import chain, pairwise, zip_longest
from random import Random
from typing import NamedTuple

from services.gis.demo_places import Link, Place, Village, place

EVERY = 35.0  # metres from lamp to lamp along a road, sides alternating
FIRST = 15.0  # metres from the end of a road to its first lamp
METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of 6,371 km

Point = tuple[float, float]


class Street(NamedTuple):
    """A road: its name, centre line (lon/lat, WGS84), the villages at its two ends, and from which metre its house
    numbers count, for one name may be borne by several pieces."""

    name: str
    line: tuple[Point, ...]
    villages: tuple[str, str]
    counted_from: float

    @property
    def metres(self) -> float:
        """Length of the centre line."""
        return sum(distance(a, b) for a, b in pairwise(self.line))

    @property
    def lamps(self) -> int:
        """How many lamps stand along it."""
        return _lamps_along(self.metres)

    def village_at(self, metres: float) -> str:
        """The village that the road is in, that far from its start."""
        return self.villages[metres > self.metres / 2]

    def house_at(self, metres: float, left: bool) -> int:
        """The house number there: one every four metres, odd on the left."""
        return 2 * int((self.counted_from + metres) / 8) + (1 if left else 2)

    def beside(self, metres: float, aside: float) -> Point:
        """The point that far along the road and `aside` metres from its middle, to the left when positive."""
        for start, end in pairwise(self.line):
            piece = distance(start, end)
            if metres <= piece or end == self.line[-1]:
                break
            metres -= piece
        east, north = ((b - a) / piece for a, b in zip((0, 0), _metres(start, end), strict=True))
        return offset(start, east * metres - north * aside, north * metres + east * aside)


def offset(origin: Point, east: float, north: float) -> Point:
    """The point so many metres east and north (equirectangular: centimetres wrong within a district)."""
    lon, lat = origin
    return lon + east / (METRES_PER_DEGREE * math.cos(math.radians(lat))), lat + north / METRES_PER_DEGREE


def distance(a: Point, b: Point) -> float:
    """Metres between two near points."""
    return math.hypot(*_metres(a, b))


def shares(total: int, weights: list[float]) -> list[int]:
    """Whole numbers in proportion to the weights that sum exactly to the total (largest remainders)."""
    exact = [total * weight / sum(weights) for weight in weights]
    whole = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: whole[i] - exact[i])
    for i in by_remainder[: total - sum(whole)]:
        whole[i] += 1
    return whole


@cache
def streets(office: str) -> tuple[Street, ...]:
    """All roads of a demo office, the same at every call; together they bear exactly its number of lamps."""
    ground = place(office)
    chance = Random(f"{office} streets")
    links = [_link(ground, link, chance) for link in ground.links]
    left = ground.lamps - sum(link.lamps for link in links)
    # The larger a core, the sparser its streets: some 50 m apart in the town, some 110 m in the country.
    quotas = shares(left, [(village.length * village.width) ** 0.7 for village in ground.villages])
    grids = (_grid(*of, chance) for of in zip(ground.villages, quotas, strict=True))
    return tuple(_numbered(chain(links, chain.from_iterable(grids))))


def _lamps_along(metres: float) -> int:
    return max(0, 1 + int((metres - FIRST) / EVERY))


def _numbered(pieces: Iterator[Street]) -> Iterator[Street]:
    used: Counter[str] = Counter()
    for piece in pieces:
        yield piece._replace(counted_from=float(used[piece.name]))
        used[piece.name] += 8 * math.ceil(piece.metres / 8)


def _link(ground: Place, link: Link, chance: Random) -> Street:
    start, end = (_core(ground.village(name)) for name in (link.start, link.end))
    east, north = _metres(start, end)
    bend = chance.uniform(-0.06, 0.06)
    middle = offset(start, east / 2 - north * bend, north / 2 + east * bend)
    return Street(link.road, (start, middle, end), (link.start, link.end), 0.0)


def _grid(village: Village, lamps: int, chance: Random) -> Iterator[Street]:
    """Streets along and across the core, from the middle outwards, until they bear that many lamps."""
    # Two lengths of street a cell, three tenths of them to spare for ragged ends.
    spacing = 1.4 * village.length * village.width / (EVERY * lamps)
    names = iter(village.streets)
    for aside, across in _lines(village, spacing):
        length = village.width if across else village.length
        metres = min(length * chance.uniform(0.6, 1.0), FIRST + EVERY * (lamps - 1) + 1)
        shift = chance.uniform(-0.5, 0.5) * (length - metres)
        name = next(names, None) or _lane(village, aside, across)
        ends = ((shift - metres / 2, aside), (shift, aside + chance.uniform(-9, 9)), (shift + metres / 2, aside))
        street = _street(village, name, [(v, u) if across else (u, v) for u, v in ends])
        lamps -= street.lamps
        yield street
        if not lamps:
            return
    raise ValueError(f"{village.name}: {lamps} lamps find no street")


def _lines(village: Village, spacing: float) -> Iterator[tuple[float, bool]]:
    along = ((aside, False) for aside in _outwards(village.width, spacing))
    across = ((aside, True) for aside in _outwards(village.length, spacing))
    return (line for pair in zip_longest(along, across) for line in pair if line is not None)


def _outwards(extent: float, spacing: float) -> list[float]:
    count = math.ceil(extent / spacing)
    return sorted(((i - (count - 1) / 2) * extent / count for i in range(count)), key=abs)


def _lane(village: Village, aside: float, across: bool) -> str:
    main, extent = village.streets[0], village.length if across else village.width
    number = 2 * int((aside + extent / 2) / 8) + (1 if across else 2)
    if main.endswith("巷"):
        return f"{main}{number}弄"
    return f"{main}{number}巷" if main.endswith(("路", "街", "段")) else main


def _street(village: Village, name: str, line: list[Point]) -> Street:
    return Street(name, tuple(_placed(village, *point) for point in line), (village.name, village.name), 0.0)


def _placed(village: Village, along: float, across: float) -> Point:
    turn = math.radians(village.angle)
    east = along * math.cos(turn) - across * math.sin(turn)
    return offset(_core(village), east, along * math.sin(turn) + across * math.cos(turn))


def _core(village: Village) -> Point:
    return village.lon, village.lat


def _metres(a: Point, b: Point) -> tuple[float, float]:
    east = (b[0] - a[0]) * METRES_PER_DEGREE * math.cos(math.radians(a[1]))
    return east, (b[1] - a[1]) * METRES_PER_DEGREE
