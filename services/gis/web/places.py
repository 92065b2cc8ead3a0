"""Assets as the pages show them: lines of a list, points of a map."""

from collections.abc import Iterable, Mapping
from typing import Any

from chassis.store.tenancy import ScopedSession
from services.gis import links
from services.gis.model import Asset
from services.gis.nearest import Near
from services.gis.reports import reported
from services.gis.web import wording


def lines(session: ScopedSession, kind: str, found: Iterable[Asset]) -> list[dict[str, Any]]:
    """What the list shows of each: title, place, whether it is reported."""
    listed = list(found)
    open_cases = reported(session, kind, [asset.number for asset in listed])
    return [_line(asset, open_cases) for asset in listed]


def near_lines(session: ScopedSession, kind: str, found: Iterable[Near]) -> list[dict[str, Any]]:
    """The same with the distance."""
    listed = list(found)
    shown = lines(session, kind, [near.asset for near in listed])
    return [line | {"distance": wording.distance(near.metres)} for line, near in zip(shown, listed, strict=True)]


def points(session: ScopedSession, kind: str, found: Iterable[Asset]) -> list[dict[str, Any]]:
    """GeoJSON Features; `label`, `href` and `tone` are for the map, the rest for machines."""
    listed = list(found)
    open_cases = reported(session, kind, [asset.number for asset in listed])
    return [_point(asset, open_cases) for asset in listed]


def _point(asset: Asset, open_cases: Mapping[str, int]) -> dict[str, Any]:
    tone = {"tone": "late", "open_reports": open_cases[asset.number]} if asset.number in open_cases else {}
    properties = {
        "number": asset.number,
        "label": wording.title(asset),
        "href": links.asset(asset.tenant, asset.kind, asset.number),
        "address": asset.address,
        "village": asset.village,
        **tone,
    }
    return feature(asset.lon, asset.lat, properties, identity=asset.number)


def feature(lon: float, lat: float, properties: dict[str, Any], identity: str | None = None) -> dict[str, Any]:
    """A GeoJSON point with properties."""
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    known = {"id": identity} if identity else {}
    return {"type": "Feature", **known, "geometry": geometry, "properties": properties}


def collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    """A GeoJSON FeatureCollection."""
    return {"type": "FeatureCollection", "features": features}


def _line(asset: Asset, open_cases: Mapping[str, int]) -> dict[str, Any]:
    count = open_cases.get(asset.number, 0)
    return {
        "href": links.asset(asset.tenant, asset.kind, asset.number),
        "title": wording.title(asset),
        "address": asset.address,
        "village": asset.village,
        "reported": wording.reported(count) if count else None,
        "distance": None,
    }
