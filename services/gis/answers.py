"""What gis answers when another service asks: plain dictionaries, as they travel over the bus."""

from datetime import datetime
from typing import Any

from chassis.store.tenancy import ScopedSession
from services.gis import assets, reports
from services.gis.model import Asset, AssetCase
from services.gis.nearest import nearest as find_nearest


def asset(session: ScopedSession, kind: str, number: str, now: datetime) -> dict[str, Any]:
    """`{"found": the asset with its open cases and reports within a year, or None, "suggestions": [place, …]}`."""
    found = assets.find(session, kind, number)
    if found is None:
        return {"found": None, "suggestions": [place(one) for one in assets.suggestions(session, kind, number)]}
    known = reports.history(session, kind, found.number, now)
    cases = {"open_cases": [_case(one) for one in known.open], "reports_this_year": len(known.within_a_year)}
    return {"found": place(found) | {"attributes": found.attributes} | cases, "suggestions": []}


def nearest(session: ScopedSession, kind: str, lon: float, lat: float, limit: int) -> list[dict[str, Any]]:
    """`[place + {"metres"}, …]`, nearest first. Errors: `ValueError` naming the argument that is out of range."""
    found = find_nearest(session, kind, lon, lat, limit)
    return [place(near.asset) | {"metres": round(near.metres, 1)} for near in found]


def place(asset: Asset) -> dict[str, Any]:
    """`{"number", "name": {"zh", "en"} or None, "lon", "lat", "address", "village"}`."""
    return {
        "number": asset.number,
        "name": asset.name,
        "lon": asset.lon,
        "lat": asset.lat,
        "address": asset.address,
        "village": asset.village,
    }


def _case(case: AssetCase) -> dict[str, Any]:
    return {"number": case.case_number, "status": case.status, "opened_at": case.opened_at.isoformat()}
