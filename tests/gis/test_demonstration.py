"""The demonstration data is loaded once, whole, and only for offices that have some."""

import pytest
from sqlalchemy import func, select

from chassis.runtime import Runtime
from chassis.store import OutboxRow
from services.gis.demonstration import load
from services.gis.model import Asset

DOULIU = {"lamp": 13_012, "park": 63}


def counts(runtime: Runtime, tenant: str) -> dict[str, int]:
    with runtime.store.session(tenant) as session:
        rows = session.execute(select(Asset.kind, func.count(Asset.id)).group_by(Asset.kind))
        return {row[0]: row[1] for row in rows}


def state(runtime: Runtime) -> tuple[object, ...]:
    with runtime.store.session("douliu") as session:
        versions = session.execute(select(func.min(Asset.version), func.max(Asset.version))).one()
        return (*versions, session.scalar(select(func.count(OutboxRow.position))))


def test_douliu_has_its_thirteen_thousand_lamps_and_63_parks(laptop: Runtime) -> None:
    progress = list(load(laptop, "douliu"))
    found = counts(laptop, "douliu")
    assert found.items() >= DOULIU.items()
    assert progress[-1][0] == progress[-1][1] == sum(found.values())
    assert [done for done, _, _ in progress] == sorted(done for done, _, _ in progress)
    assert counts(laptop, "anping") == {}


def test_loading_twice_changes_nothing_and_says_nothing_again(gis: Runtime) -> None:
    list(load(gis, "douliu"))
    before = state(gis)
    list(load(gis, "douliu"))
    assert state(gis) == before
    found = counts(gis, "douliu")
    assert before == (1, 1, found["park"] + found["facility"])


def test_an_office_without_demo_data_is_left_alone(laptop: Runtime) -> None:
    assert list(load(laptop, "atlantis")) == []


@pytest.mark.parametrize("office", ["shanlin", "yanshui", "anping", "yangmei"])
def test_every_seed_office_has_demo_assets(laptop: Runtime, office: str) -> None:
    assert list(load(laptop, office))[-1][0] > 100
    assert set(counts(laptop, office)) == {"lamp", "park", "facility"}
