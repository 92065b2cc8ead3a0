"""Every event delivered three times and in random order leaves the same state as once and in order."""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase

from chassis import clock
from chassis.bus import handler
from chassis.bus.catalogue import Subscription, heard
from chassis.manifest import Manifest, installed
from chassis.runtime import Runtime
from chassis.store import InboxRow, OutboxRow
from tests.conftest import MakeRuntime

MANIFESTS = installed()
HEARD = heard(MANIFESTS)
LISTENERS = sorted({subscription.listener for subscription in HEARD})
# What differs from run to run by its nature: names of rows, the moment of handling, dice.
CHANCE = {
    "id", "position", "event_id", "created_at", "heard_at", "received_at", "due_at", "expires_at", "envelope", "nonce",
    "updated_at", "sequence",
}  # fmt: skip

Make = Callable[..., Runtime]


@pytest.fixture
def said(make_runtime: MakeRuntime, tmp_path: Path) -> list[dict[str, Any]]:
    """All that the demo offices' cases and places say, and some cases whose applicants are told, in order."""
    envelopes: list[dict[str, Any]] = []
    for name in ("intake", "gis"):
        runtime = make_runtime(name, f"sqlite:///{tmp_path}/source-{name}.db")
        for _ in runtime.manifest.demo(runtime, "shanlin"):  # type: ignore[misc]
            pass
        if name == "intake":
            live_cases(runtime)
        with runtime.store.everywhere() as session:
            envelopes += session.scalars(select(OutboxRow.envelope).order_by(OutboxRow.position)).all()
    return envelopes + answers(envelopes)


def live_cases(runtime: Runtime) -> None:
    from services.intake import cases, opening
    from services.intake.act import APPLICANT, Act, staff
    from services.intake.request import Applicant, NewCase

    clerk = staff("lin", "林", frozenset({"clerk"}), "works")
    person = Applicant(name="王小明", phone="+886912000345")
    for place in range(5):
        now = clock.now() - timedelta(hours=5)
        wanted = NewCase(
            service_code="streetlight",
            channel="web",
            asset_kind="lamp",
            asset_number=f"{place + 1:05}",
            applicant=person,
        )
        number = opening.accept(runtime, "shanlin", wanted, APPLICANT, now).case.number
        steps: list[Callable[[Act], Any]] = [
            lambda act, number=number: cases.take(act, number),  # type: ignore[misc]
            lambda act, number=number: cases.return_case(act, number, ["照片"]),  # type: ignore[misc]
            lambda act, number=number: cases.supplement(act, number, "照片"),  # type: ignore[misc]
            lambda act, number=number: cases.close(act, number, "修好了"),  # type: ignore[misc]
        ]
        for hour, step in enumerate(steps[: place + 1]):
            with runtime.store.session("shanlin") as session:
                actor = APPLICANT if hour == 2 else clerk
                step(Act(runtime, session, actor, now + timedelta(hours=hour + 1)))


def answers(envelopes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What survey and notify would say of these cases."""
    numbers = sorted({one["subject"] for one in envelopes if one["type"] == "case_opened.v1"})
    return [envelope for number in numbers[:10] for envelope in _answers(number)]


def _answers(number: str) -> Iterator[dict[str, Any]]:
    judged = {"satisfaction": 2, "dissatisfied": True, "answered_at": "2026-11-20T00:00:00Z"}
    yield event("survey", "survey_answered.v1", number, case_number=number, **judged)
    sms = {"case_number": number, "channel": "sms"}
    yield event("notify", "message_accepted.v1", number, message_id=f"m-{number}", purpose="case_opened", **sms)
    failed = {"message_id": f"n-{number}", "purpose": "case_closed", "reason": "30005"}
    yield event("notify", "message_failed.v1", number, **failed, **sms)


def event(source: str, kind: str, subject: str, **data: Any) -> dict[str, Any]:
    return {
        "id": f"{kind}-{subject}", "source": f"/{source}", "type": kind, "subject": subject, "tenant": "shanlin",
        "time": "2026-11-20T00:00:00Z", "sequence": 1, "data": data,
    }  # fmt: skip


@pytest.mark.parametrize("listener", LISTENERS)
def test_three_times_in_any_order_is_once_in_order(
    listener: str, make_runtime: MakeRuntime, said: list[dict[str, Any]], tmp_path: Path
) -> None:
    manifest = MANIFESTS[listener]
    mine = [subscription for subscription in HEARD if subscription.listener == listener]
    once = prepared(make_runtime, manifest, tmp_path / "once.db", tmp_path)
    deliver(once, mine, said)
    storm = said * 3
    random.Random(7).shuffle(storm)
    thrice = prepared(make_runtime, manifest, tmp_path / "thrice.db", tmp_path)
    deliver(thrice, mine, storm)
    first, second = state(once), state(thrice)
    assert sum(first.values()) > 0
    assert first == second


def prepared(make: Make, manifest: Manifest, file: Path, folder: Path) -> Runtime:
    """A listener's runtime; intake, which hears of its own cases, starts with them."""
    source = folder / "source-intake.db"
    if manifest.name == "intake":
        with closing(sqlite3.connect(source)) as full, closing(sqlite3.connect(file)) as copy:
            full.backup(copy)
    return make(manifest, f"sqlite:///{file}")


def deliver(runtime: Runtime, subscriptions: list[Subscription], envelopes: list[dict[str, Any]]) -> None:
    by_type = {subscription.event: subscription for subscription in subscriptions}
    worker = SimpleNamespace(runtime=runtime)
    for envelope in envelopes:
        if (found := by_type.get(envelope["type"])) is not None:
            method = getattr(runtime.manifest.worker(), found.method).__wrapped__
            handler._hear(worker, method, found.reads, envelope)


def state(runtime: Runtime) -> Counter[str]:
    """Every row of the store without what chance decides, as a bag."""
    with runtime.store.everywhere() as session:
        return Counter(
            repr((mapped.__tablename__, _shown(row)))
            for mapped in _mapped(runtime.manifest)
            for row in session.scalars(select(mapped))
        )


def _mapped(manifest: Manifest) -> Iterator[Any]:
    for base in DeclarativeBase.__subclasses__():
        if base.metadata is manifest.tables:
            yield from (mapper.class_ for mapper in base.registry.mappers)
    yield InboxRow


def _shown(row: Any) -> list[tuple[str, Any]]:
    return [
        (column.name, _still(getattr(row, column.key)))
        for column in row.__mapper__.columns
        if column.name not in CHANCE
    ]


def _still(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("gAAAA"):
        return "sealed"
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat()
    return value
