"""Loading an office's demonstration assets: in batches, and only what is not there already."""

from collections.abc import Iterator
from itertools import islice

from chassis import clock
from chassis.runtime import Runtime
from services.gis import demo
from services.gis.demo import DemoAsset
from services.gis.inventory import NewAsset, put
from services.gis.model import Kind

BATCH = 2000


def load(runtime: Runtime, tenant: str) -> Iterator[tuple[int, int, str]]:
    """Load the demo assets of an office, if it has any; yields (done, total, kind) after each batch."""
    try:
        kinds = _demo_assets(tenant)
    except LookupError:
        return
    total = sum(len(found) for found in kinds.values())
    done = 0
    for kind, found in kinds.items():
        rest = iter(found)
        while batch := list(islice(rest, BATCH)):
            with runtime.store.session(tenant) as session:
                put(session, kind, batch, clock.now())
            done += len(batch)
            yield done, total, kind


def _demo_assets(tenant: str) -> dict[Kind, list[NewAsset]]:
    return {
        "lamp": [_asset(one) for one in demo.lamps(tenant)],
        "park": [_asset(one) for one in demo.parks(tenant)],
        "facility": [_asset(one) for one in demo.facilities(tenant)],
    }


def _asset(one: DemoAsset) -> NewAsset:
    name = one["name"] or {}
    return NewAsset(
        number=one["number"],
        lon=one["lon"],
        lat=one["lat"],
        name_zh=name.get("zh"),
        name_en=name.get("en"),
        address=one["address"],
        village=one["village"],
        attributes=one["attributes"],
    )
