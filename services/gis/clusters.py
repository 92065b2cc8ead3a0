"""Clusters for the map: a count for each square of cells, so that thirteen thousand lamps never reach a browser."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import func, select

from chassis.store.tenancy import ScopedSession
from services.gis.assets import Selection
from services.gis.cells import DECIMALS, Box, cell_box
from services.gis.model import Asset

FINEST = 10**-DECIMALS  # degrees


class Cluster(NamedTuple):
    """How many assets there are in a square of cells, and their middle."""

    lon: float
    lat: float
    size: int
    box: Box


class _Sum(NamedTuple):
    size: int
    lon: float
    lat: float


def clusters(session: ScopedSession, chosen: Selection, most: int) -> list[Cluster]:
    """At most `most` clusters, each of the smallest squares that allow it."""
    query = select(Asset.cx, Asset.cy, func.count(Asset.id), func.sum(Asset.lon), func.sum(Asset.lat))
    rows = session.execute(query.where(*chosen.conditions()).group_by(Asset.cx, Asset.cy))
    squares = {(cx, cy): _Sum(size, lon, lat) for cx, cy, size, lon, lat in rows}
    step = 1
    while len(squares) > most:
        step *= 2
        squares = _halved(squares)
    return [_cluster(place, total, step) for place, total in sorted(squares.items())]


def _halved(squares: dict[tuple[int, int], _Sum]) -> dict[tuple[int, int], _Sum]:
    """Four squares become one, whose place counts in squares of the double size."""
    merged: defaultdict[tuple[int, int], list[_Sum]] = defaultdict(list)
    for (column, row), total in squares.items():
        merged[column // 2, row // 2].append(total)
    return {place: _together(parts) for place, parts in merged.items()}


def _together(parts: Iterable[_Sum]) -> _Sum:
    sizes, lons, lats = zip(*parts, strict=True)
    return _Sum(sum(sizes), sum(lons), sum(lats))


def _cluster(place: tuple[int, int], total: _Sum, step: int) -> Cluster:
    box = cell_box(place[0] * step, place[1] * step, step)
    # The east and the north edge belong to the next square.
    box = box._replace(east=round(box.east - FINEST, DECIMALS), north=round(box.north - FINEST, DECIMALS))
    return Cluster(total.lon / total.size, total.lat / total.size, total.size, box)
