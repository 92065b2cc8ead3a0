"""What the addresses of gis may be asked: query parameters as models. A wrong one is refused by name (400)."""

import re
from typing import Annotated

from flask_babel import gettext
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.gis.cells import DECIMALS, Box
from services.gis.model import Kind

LON = r"-?(180(\.0{1,20})?|(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]{1,20})?)"
LAT = r"-?(90(\.0{1,20})?|[0-8]?[0-9](\.[0-9]{1,20})?)"
BOX, SPOT = f"{LON},{LAT},{LON},{LAT}", f"{LON},{LAT}"
LIST_PAGE = 50
MOST_FEATURES = 2000


def _box(text: str) -> str:
    if not re.fullmatch(BOX, text, re.ASCII):
        raise ValueError(gettext("要是西、南、東、北四個經緯度，例如 120.5,23.6,120.6,23.8。"))
    return text


def _spot(text: str) -> str:
    if not re.fullmatch(SPOT, text, re.ASCII):
        raise ValueError(gettext("要是經度、緯度，例如 120.543,23.711。"))
    return text


def _figures(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]


BoxText = Annotated[
    str,
    AfterValidator(_box),
    Field(
        description="west,south,east,north in WGS84 degrees; west may be greater than east across the 180th meridian",
        examples=["120.5,23.6,120.6,23.8"],
        json_schema_extra={"pattern": f"^{BOX}$"},
    ),
]
SpotText = Annotated[
    str,
    AfterValidator(_spot),
    Field(
        description="lon,lat in WGS84 degrees",
        examples=["120.543,23.711"],
        json_schema_extra={"pattern": f"^{SPOT}$"},
    ),
]
Village = Annotated[str, Field(max_length=30)]
Number = Annotated[str, Field(max_length=100)]


class FeaturesQuery(BaseModel):
    """Which assets of a kind, as points or clusters for a map."""

    model_config = ConfigDict(extra="forbid")

    bbox: BoxText | None = None
    village: Village | None = None
    limit: int = Field(
        default=500,
        ge=1,
        le=MOST_FEATURES,
        description="at most so many features; where there are more assets, neighbours are counted in clusters",
    )


class NearQuery(BaseModel):
    """The nearest assets of a kind to a point."""

    model_config = ConfigDict(extra="forbid")

    near: SpotText
    limit: int = Field(default=10, ge=1, le=100)

    @property
    def point(self) -> tuple[float, float]:
        """(lon, lat)."""
        lon, lat = _figures(self.near)
        return lon, lat


class MapQuery(BaseModel):
    """The map page: a kind; a village, a box, a number looked for, or where somebody is."""

    kind: Kind = "lamp"
    village: Village | None = None
    bbox: BoxText | None = None
    number: Number | None = None
    after: Number | None = None
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)

    @model_validator(mode="after")
    def _both(self) -> "MapQuery":
        for field, other in (("lon", self.lat), ("lat", self.lon)):
            if getattr(self, field) is None and other is not None:
                raise PydanticCustomError("missing", "missing", {"field": field})
        return self

    @property
    def here(self) -> tuple[float, float] | None:
        """(lon, lat) where somebody is, if said."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


def box_of(text: str | None) -> Box | None:
    """The box of a checked `bbox` parameter; its two latitudes may come in either order."""
    if not text:
        return None
    west, south, east, north = _figures(text)
    return Box(west, min(south, north), east, max(south, north))


def box_text(box: Box) -> str:
    """A box as a `bbox` parameter."""
    return ",".join(f"{degrees:.{DECIMALS}f}".rstrip("0").rstrip(".") for degrees in box)
