"""What gis says."""

from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from chassis.bus import Event


class BothLanguages(BaseModel):
    """A text in zh-Hant and English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str


class GisEvent(Event):
    """An event of gis."""

    source: ClassVar[str] = "gis"


class AssetPublished(GisEvent):
    """A place people look up by name was added, changed or removed: a park, an AED, a canteen (DL7, DL15).

    Lamps are looked up by number and are not announced one by one.
    """

    type: ClassVar[str] = "asset_published.v1"
    examples: ClassVar[tuple[dict[str, Any], ...]]

    kind: str
    number: str
    name: BothLanguages
    address: str | None = None
    lon: float
    lat: float
    path: str
    version: int
    updated_at: datetime
    removed: bool = False


AssetPublished.examples = (
    {
        "kind": "park",
        "number": "P001",
        "name": {"zh": "人文公園", "en": "Humanities Park"},
        "address": "虎溪里大學路三段",
        "lon": 120.5412,
        "lat": 23.7093,
        "path": "/douliu/assets/park/P001",
        "version": 1,
        "updated_at": "2026-11-18T01:12:00Z",
    },
)

EVENTS: tuple[type[GisEvent], ...] = (AssetPublished,)
