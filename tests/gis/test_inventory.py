"""Putting assets in: what is new, what differs, what is the same; and who hears of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from chassis.runtime import Runtime
from chassis.store import OutboxRow
from services.gis.events import AssetPublished
from services.gis.inventory import NewAsset, Outcome, put
from services.gis.model import Asset, Kind
from tests.gis.conftest import HERE, NOW, fill, lamp

NAMES = {"name_zh": "人文公園", "name_en": "Renwen Park"}
PARK = lamp("P001", **NAMES, address="大學路", attributes={"area_m2": 2424, "insured": True})


def put_in(runtime: Runtime, kind: Kind, *found: NewAsset, days: int = 0) -> Outcome:
    with runtime.store.session("douliu") as session:
        return put(session, kind, found, NOW + timedelta(days=days))


def said(runtime: Runtime) -> list[dict[str, Any]]:
    with runtime.store.session("douliu") as session:
        return [row.envelope for row in session.scalars(select(OutboxRow).order_by(OutboxRow.position))]


def stored(runtime: Runtime, number: str) -> Asset:
    with runtime.store.session("douliu") as session:
        return session.scalars(select(Asset).where(Asset.number == number)).one()


def test_a_second_time_nothing_changes(gis: Runtime) -> None:
    lamps = [lamp(f"{i:05d}", attributes={"watts": 60, "height_m": 8.0, "changed": None}) for i in range(30)]
    assert put_in(gis, "lamp", *lamps) == Outcome(30, 0, 0)
    assert put_in(gis, "lamp", *lamps, days=1) == Outcome(0, 0, 30)
    assert stored(gis, "00007").version == 1
    assert stored(gis, "00007").updated_at == NOW


def test_what_differs_is_changed_and_counted(gis: Runtime) -> None:
    fill(gis, lamp("1"), lamp("2"))
    moved = lamp("1", 120.6431, HERE[1])
    assert put_in(gis, "lamp", moved, lamp("2"), lamp("3"), days=1) == Outcome(1, 1, 1)
    now = stored(gis, "1")
    assert (now.version, now.lon, now.cx) == (2, round(moved.lon, 7), int(moved.lon * 200))
    assert now.updated_at == NOW + timedelta(days=1)


def test_what_was_removed_stands_again(gis: Runtime) -> None:
    fill(gis, lamp("1"))
    with gis.store.session("douliu") as session:
        session.scalars(select(Asset)).one().removed_at = NOW
    assert put_in(gis, "lamp", lamp("1")) == Outcome(0, 1, 0)
    assert stored(gis, "1").removed_at is None


def test_parks_are_announced_once_with_all_there_is_to_say(gis: Runtime) -> None:
    put_in(gis, "park", PARK)
    put_in(gis, "park", PARK, days=1)
    (event,) = said(gis)
    assert (event["type"], event["subject"], event["sequence"]) == ("asset_published.v1", "park/P001", 1)
    told = AssetPublished.model_validate(event["data"])
    assert (told.kind, told.number, told.path) == ("park", "P001", "/douliu/assets/park/P001")
    assert (told.name.zh, told.name.en, told.address) == ("人文公園", "Renwen Park", "大學路")
    assert (told.lon, told.lat, told.version, told.removed) == (*HERE, 1, False)


def test_a_change_is_announced_with_the_next_version(gis: Runtime) -> None:
    put_in(gis, "facility", PARK)
    put_in(gis, "facility", replace(PARK, name_zh="人文森林公園"), days=1)
    assert [(event["sequence"], event["data"]["version"]) for event in said(gis)] == [(1, 1), (2, 2)]
    assert said(gis)[1]["data"]["name"]["zh"] == "人文森林公園"


def test_an_asset_without_a_name_is_announced_by_its_number(gis: Runtime) -> None:
    put_in(gis, "park", lamp("P009"))
    assert said(gis)[0]["data"]["name"] == {"zh": "P009", "en": "P009"}


def test_lamps_are_not_announced(gis: Runtime) -> None:
    put_in(gis, "lamp", lamp("1"))
    assert said(gis) == []
