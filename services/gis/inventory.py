"""Putting assets into the store: what is new is added, what differs is changed, what is the same stays untouched.

Parks and facilities are looked up by name: search hears of each change (`asset_published.v1`, DL7, DL15). Lamps are
looked up by number and are not announced one by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select

from chassis.bus import say
from chassis.store.tenancy import ScopedSession
from services.gis import links
from services.gis.cells import DECIMALS, cell
from services.gis.events import AssetPublished, BothLanguages
from services.gis.model import Asset, Kind

ANNOUNCED = ("park", "facility")


@dataclass(frozen=True)
class NewAsset:
    """An asset as a file or the demo tells of it. WGS84 degrees, kept to a centimetre; the number is folded already."""

    number: str
    lon: float
    lat: float
    name_zh: str | None = None
    name_en: str | None = None
    address: str | None = None
    village: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


class Outcome(NamedTuple):
    """How many assets were added, changed, and found the same."""

    added: int
    changed: int
    same: int


def put(session: ScopedSession, kind: Kind, found: Sequence[NewAsset], now: datetime) -> Outcome:
    """Add or change these assets; each number at most once."""
    query = select(Asset).where(Asset.kind == kind, Asset.number.in_([one.number for one in found]))
    known = {asset.number: asset for asset in session.scalars(query)}
    added = [one for one in found if one.number not in known]
    changed = [asset for one in found if (asset := known.get(one.number)) and _change(asset, one, now)]
    if added:
        session.execute(insert(Asset), [_row(session.tenant, kind, one, now) for one in added])
    if kind in ANNOUNCED:
        _announce(session, [*changed, *_stored(session, kind, added)], now)
    return Outcome(len(added), len(changed), len(found) - len(added) - len(changed))


def _row(tenant: str, kind: str, one: NewAsset, now: datetime) -> dict[str, Any]:
    return {"tenant": tenant, "kind": kind, "version": 1, "updated_at": now, **_facts(one)}


def _facts(one: NewAsset) -> dict[str, Any]:
    lon, lat = round(one.lon, DECIMALS), round(one.lat, DECIMALS)
    return {**asdict(one), "lon": lon, "lat": lat, "cx": cell(lon), "cy": cell(lat)}


def _change(asset: Asset, one: NewAsset, now: datetime) -> bool:
    """Make the stored asset like this one. True when it was not."""
    different = {name: value for name, value in _facts(one).items() if getattr(asset, name) != value}
    if not different and asset.removed_at is None:
        return False
    for name, value in different.items():
        setattr(asset, name, value)
    asset.version, asset.updated_at, asset.removed_at = asset.version + 1, now, None
    return True


def _stored(session: ScopedSession, kind: str, added: Sequence[NewAsset]) -> Sequence[Asset]:
    query = select(Asset).where(Asset.kind == kind, Asset.number.in_([one.number for one in added]))
    return session.scalars(query).all() if added else []


def _announce(session: ScopedSession, assets: Iterable[Asset], now: datetime) -> None:
    for asset in assets:
        subject = f"{asset.kind}/{asset.number}"
        say(session, _published(asset), subject=subject, sequence=asset.version, at=now)


def _published(asset: Asset) -> AssetPublished:
    name = asset.name or {"zh": asset.number, "en": asset.number}
    return AssetPublished(
        kind=asset.kind,
        number=asset.number,
        name=BothLanguages(**name),
        address=asset.address,
        lon=asset.lon,
        lat=asset.lat,
        path=links.asset(asset.tenant, asset.kind, asset.number),
        version=asset.version,
        updated_at=asset.updated_at,
        removed=asset.removed_at is not None,
    )
