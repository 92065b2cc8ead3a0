"""Demo assets of an office: lamps, parks, facilities, the roads and the outline for a map without tiles.

The same at every call, from named seeds; figures are those of the offices' own reports (DL6, DL7, DL15, AP7, AP17).
Coordinates are WGS84 lon/lat. Every function raises `LookupError` for an office without demo data.
"""

from collections.abc import Iterator
from random import Random
from typing import Any, Literal, TypedDict

from services.gis.demo_places import Facility, KnownLamp, Sites, place, sites
from services.gis.demo_streets import EVERY, FIRST, Street, shares, streets

KERB = 4.0  # metres from the middle of the road to a lamp
PLOT = 25.0  # metres from the middle of the road to a park or a house
BEFORE_LED = range(2008, 2016)
CHANGED_TO_LED = range(2016, 2026)


class DemoSpot(TypedDict):
    """Where an asset stands: WGS84, road and house number, village."""

    lon: float
    lat: float
    address: str
    village: str


class DemoAsset(DemoSpot):
    """One asset. `number` is text; `name` is None where the number is the name.

    Attributes of a lamp: road, house, light (`LED` or `HPS`), watts, changed (YYYY-MM), height_m.
    Of a park: area_m2, maintained, contract (`mowing`, `cleaning`, None), adoptable, insured, qr_sign.
    Of a facility: facility (`aed`, `canteen`, `accessible`, `activity_centre`, …) and what `demo_sites.toml` says.
    """

    kind: Literal["lamp", "park", "facility"]
    number: str
    name: dict[str, str] | None
    attributes: dict[str, Any]


class DemoRoad(TypedDict):
    """A road's name and centre line."""

    name: str
    line: list[list[float]]


def lamps(office_code: str) -> Iterator[DemoAsset]:
    """Every streetlight, road by road, with five-digit plates from 00001 on (DL6)."""
    chance = Random(f"{office_code} lamps")
    found = [lamp for street in streets(office_code) for lamp in _lamps_of(street, chance)]
    known = place(office_code).known_lamp
    first = 1 if known is None else known.number - _make_known(found, known)
    for i, lamp in enumerate(found):
        lamp["number"] = f"{(first + i - 1) % len(found) + 1:05d}"
    return iter(found)


def parks(office_code: str) -> Iterator[DemoAsset]:
    """Every park: areas sum to the reported open space; contracts, adoption and insurance as reported (DL7, AP7)."""
    chance = Random(f"{office_code} parks")
    figures = sites(office_code)
    areas = shares(figures.area_m2, [chance.lognormvariate(0, 0.9) for _ in figures.parks])
    for i, (park, area) in enumerate(zip(figures.parks, areas, strict=True)):
        attributes = {"area_m2": area, **_upkeep(i, figures)}
        spot = _spot(office_code, park.village, chance)
        name = {"zh": park.zh, "en": park.en}
        yield {"kind": "park", "number": f"P{i + 1:03d}", "name": name, "attributes": attributes, **spot}


def facilities(office_code: str) -> Iterator[DemoAsset]:
    """Every point people look up: defibrillators, senior canteens, accessible places, activity centres (DL15)."""
    chance = Random(f"{office_code} facilities")
    for i, facility in enumerate(_facilities(office_code)):
        attributes = {"facility": facility.facility, **facility.attributes}
        spot = _spot(office_code, facility.village, chance)
        name = {"zh": facility.zh, "en": facility.en}
        yield {"kind": "facility", "number": f"F{i + 1:03d}", "name": name, "attributes": attributes, **spot}


def roads(office_code: str) -> list[DemoRoad]:
    """Centre lines for the map's background."""
    return [{"name": s.name, "line": [_rounded(point) for point in s.line]} for s in streets(office_code)]


def outline(office_code: str) -> list[list[float]]:
    """The district's boundary, one closed ring, simplified to some hundred metres."""
    ring = [list(point) for point in place(office_code).outline]
    return [*ring, ring[0]]


def _lamps_of(street: Street, chance: Random) -> Iterator[DemoAsset]:
    main_road = street.villages[0] != street.villages[1]
    for i in range(street.lamps):
        metres, left = FIRST + EVERY * i, i % 2 == 0
        lon, lat = _rounded(street.beside(metres, KERB if left else -KERB))
        house = street.house_at(metres, left)
        yield {
            "kind": "lamp",
            "number": "",
            "name": None,
            "lon": lon,
            "lat": lat,
            "address": f"{street.name} {house} 號前",
            "village": street.village_at(metres),
            "attributes": {"road": street.name, "house": house, **_light(main_road, chance)},
        }


def _light(main_road: bool, chance: Random) -> dict[str, str | int]:
    """A light as one finds it: nearly all LED, a few of the old high-pressure sodium."""
    old = chance.random() < 0.04
    light, watts = ("HPS", (150, 250)) if old else ("LED", (100, 120, 150) if main_road else (40, 60, 60, 80))
    year, month = chance.choice(BEFORE_LED if old else CHANGED_TO_LED), chance.randint(1, 12)
    height = 10 if main_road else chance.choice((6, 8, 8))
    return {"light": light, "watts": chance.choice(watts), "changed": f"{year}-{month:02d}", "height_m": height}


def _make_known(found: list[DemoAsset], known: KnownLamp) -> int:
    """Gives the nearest lamp the promised house number and light. Returns its index."""
    there = (known.village, known.road)
    on_road = [i for i, lamp in enumerate(found) if (lamp["village"], lamp["attributes"]["road"]) == there]
    nearest = min(on_road, key=lambda i: abs(found[i]["attributes"]["house"] - known.house))
    light = {"light": "LED", "watts": known.watts, "changed": known.changed}
    found[nearest]["address"] = f"{known.road} {known.house} 號前"
    found[nearest]["attributes"] |= {"house": known.house, **light}
    return nearest


def _upkeep(i: int, figures: Sites) -> dict[str, bool | str | None]:
    contracted = figures.mowing + figures.cleaning
    contract = None if i >= contracted else "mowing" if i < figures.mowing else "cleaning"
    return {
        "maintained": i < figures.maintained,
        "contract": contract,
        "adoptable": contract is None,
        "insured": i < figures.insured,
        "qr_sign": i >= len(figures.parks) - figures.qr_signs,
    }


def _facilities(office: str) -> Iterator[Facility]:
    """The named ones, with the reported totals of diners and parking spaces shared out, then the activity centres."""
    figures = sites(office)
    totals = {"canteen": ("diners", figures.canteen_diners), "parking": ("spaces", figures.parking_spaces)}
    counts = {kind: _shared_out(kind, total, figures) for kind, (_, total) in totals.items()}
    for facility in figures.facilities:
        counted = {totals[kind][0]: next(counts[kind]) for kind in totals if kind == facility.facility}
        yield facility._replace(attributes={**facility.attributes, **counted})
    for village in place(office).villages[: figures.activity_centres]:
        zh, en = f"{village.name.removesuffix('里')}社區活動中心", f"{village.english} Community Activity Centre"
        yield Facility("activity_centre", village.name, zh, en, {"bookable": True, "accessible": True})


def _shared_out(kind: str, total: int, figures: Sites) -> Iterator[int]:
    count = sum(facility.facility == kind for facility in figures.facilities)
    return iter(shares(total, [1 + i % 3 / 4 for i in range(count)])) if count else iter(())


def _spot(office: str, village: str, chance: Random) -> DemoSpot:
    """A plot on one of the village's inner streets."""
    here = [street for street in streets(office) if set(street.villages) == {village}]
    street = chance.choice(here[: len(here) // 2 + 1])
    metres, left = chance.uniform(0.1, 0.9) * street.metres, chance.random() < 0.5
    lon, lat = _rounded(street.beside(metres, PLOT if left else -PLOT))
    return {"lon": lon, "lat": lat, "address": f"{street.name} {street.house_at(metres, left)} 號", "village": village}


def _rounded(point: tuple[float, float]) -> list[float]:
    return [round(degrees, 6) for degrees in point]
