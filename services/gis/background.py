"""What a map without tiles is drawn on: the office's outline and its roads, as GeoJSON."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from chassis.tenants import Tenant
from services.gis import demo
from services.gis.cells import Box

Line = list[list[float]]


def background(office: Tenant, box: Box | None = None) -> dict[str, Any]:
    """A FeatureCollection: one Polygon (`outline`) and one LineString a road (`road`), those in the box where given."""
    features = [_feature("outline", None, "Polygon", [_outline(office)])]
    features += [_feature("road", name, "LineString", line) for name, line in _roads(office.code, box)]
    return {"type": "FeatureCollection", "features": features}


def sketch(office: Tenant, box: Box | None = None) -> dict[str, Any]:
    """The same without names, all roads in one geometry: small enough to lie within a page."""
    lines = [line for _, line in _roads(office.code, box)]
    features = [_feature("outline", None, "Polygon", [_outline(office)])]
    features += [_feature("road", None, "MultiLineString", lines)] if lines else []
    return {"type": "FeatureCollection", "features": features}


def _feature(layer: str, name: str | None, geometry: str, coordinates: Any) -> dict[str, Any]:
    properties = {"layer": layer, **({"name": name} if name else {})}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": geometry, "coordinates": coordinates},
    }


def _outline(office: Tenant) -> Line:
    """The boundary, one closed ring; the bounding box of the tenant file where no boundary is known."""
    try:
        return _known_outline(office.code)
    except LookupError:
        west, south, east, north = office.bounding_box
        return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _roads(office: str, box: Box | None) -> Iterator[tuple[str, Line]]:
    for name, line in _known_roads(office):
        if box is None or _meets(line, box):
            yield name, line


def _meets(line: Line, box: Box) -> bool:
    lons, lats = zip(*line, strict=True)
    beside = max(lons) < box.west or min(lons) > box.east or max(lats) < box.south or min(lats) > box.north
    return not beside


@lru_cache(maxsize=64)
def _known_outline(office: str) -> Line:
    return _rounded(demo.outline(office))


@lru_cache(maxsize=64)
def _known_roads(office: str) -> tuple[tuple[str, Line], ...]:
    try:
        return tuple((road["name"], _rounded(road["line"])) for road in demo.roads(office))
    except LookupError:
        return ()


def _rounded(line: Line) -> Line:
    return [[round(degrees, 5) for degrees in point] for point in line]
