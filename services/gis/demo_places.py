"""The ground the demo offices stand on: villages, roads between them, outlines, sites (two `demo_*.toml` files)."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter

_Found = TypeVar("_Found")


class Village(NamedTuple):
    """A village (里): the middle of its built-up core in WGS84, the core's length and width in metres, and the angle
    of its long side in degrees counter-clockwise from east."""

    name: str
    english: str
    lon: float
    lat: float
    length: float
    width: float
    angle: float
    streets: tuple[str, ...]


class Link(NamedTuple):
    """A road between the cores of two villages."""

    start: str
    end: str
    road: str


class KnownLamp(NamedTuple):
    """A lamp whose number and place are promised to people who try the demo (DL6)."""

    number: int
    village: str
    road: str
    house: int
    watts: int
    changed: str


class Park(NamedTuple):
    """A park or a green."""

    village: str
    zh: str
    en: str


class Facility(NamedTuple):
    """A point people look up (DL15), with what is said about it."""

    facility: str
    village: str
    zh: str
    en: str
    attributes: dict[str, bool | int | str]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Strict):
    """An office's ground: how many lamps, where its villages are, what connects them. Lines are lon/lat, WGS84."""

    lamps: int
    centre: tuple[float, float]
    outline: tuple[tuple[float, float], ...]
    villages: tuple[Village, ...]
    links: tuple[Link, ...]
    known_lamp: KnownLamp | None = None

    def village(self, name: str) -> Village:
        """Errors: `KeyError` for a village the office does not have."""
        return {village.name: village for village in self.villages}[name]


class Sites(_Strict):
    """An office's parks and facilities with the figures its report gives (DL7, DL15, AP7, AP17).

    `parks` is in order: the mowing contracts first, then the cleaning contracts, then those open for adoption.
    The first `maintained` are maintained, the first `insured` are insured, the last `qr_signs` carry a QR sign.
    """

    area_m2: int
    maintained: int
    mowing: int
    cleaning: int
    insured: int
    qr_signs: int = 0
    activity_centres: int
    canteen_diners: int = 0
    parking_spaces: int = 0
    parks: tuple[Park, ...]
    facilities: tuple[Facility, ...]


def place(office: str) -> Place:
    """Errors: `LookupError` for an office without demo data."""
    return _of(office, _places())


def sites(office: str) -> Sites:
    """Errors: `LookupError` for an office without demo data."""
    return _of(office, _sites())


def _of(office: str, offices: dict[str, _Found]) -> _Found:
    if office not in offices:
        raise LookupError(f"office: no demo places for {office}; there are {', '.join(offices)}")
    return offices[office]


@cache
def _places() -> dict[str, Place]:
    return TypeAdapter(dict[str, Place]).validate_python(_read("demo_places.toml"))


@cache
def _sites() -> dict[str, Sites]:
    return TypeAdapter(dict[str, Sites]).validate_python(_read("demo_sites.toml"))


def _read(name: str) -> dict[str, object]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))
