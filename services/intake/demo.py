"""Demonstration cases, from `demo_cases.toml`: played through the real rules, at the times they would have happened.

Nobody is told: their people are invented, and what happened before the first start is no news. A case that is there
already (known by its reference) stays as it is.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from chassis import clock
from chassis.runtime import Runtime
from chassis.tenants import Tenant
from services.intake import cases, catalogue, feedback, staff
from services.intake.act import APPLICANT, SYSTEM, Act, Actor
from services.intake.act import staff as member_of_staff
from services.intake.calendar import TAIPEI, Calendar
from services.intake.counters import next_number
from services.intake.demo_accounts import load_accounts
from services.intake.model import Case
from services.intake.office_calendar import calendar_of
from services.intake.opening import open_case
from services.intake.request import Applicant, NewCase, checked, telephone

FILE = Path(__file__).with_name("demo_cases.toml")
ASSETS = {"pole": "lamp", "park": "park"}
FIRST_CALL = time(8, 40)
BETWEEN_CASES = timedelta(minutes=17)
BETWEEN_STEPS = timedelta(minutes=53)

Told = Mapping[str, Any]


def demo(runtime: Runtime, tenant: str) -> Iterator[tuple[int, int, str]]:
    """Load an office's accounts, catalogue and cases; yields (done, total, what)."""
    office, now = runtime.tenants[tenant], clock.now()
    told = _told().get(tenant, [])
    total = len(told) + 2
    load_accounts(runtime, tenant, now)
    yield 1, total, "staff"
    with runtime.store.session(tenant) as session:
        catalogue.publish(session, office, now)
    yield 2, total, "catalogue"
    for place, case in enumerate(told):
        _play(runtime, office, case, place, now)
        yield place + 3, total, "cases"


@lru_cache(maxsize=1)
def _told() -> Mapping[str, list[Told]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _play(runtime: Runtime, office: Tenant, told: Told, place: int, now: datetime) -> None:
    reference = f"demo-{place + 1:03}"
    if _is_there(runtime, office, reference):
        return
    moments = _moments(calendar_of(office), told, place, now)
    request = checked(office, _request(told, reference))
    number = next_number(runtime.store, office, moments[0])
    with runtime.store.session(office.code) as session:

        def act(actor: Actor, moment: datetime) -> Act:
            return Act(runtime, session, actor, moment, tell=False)

        open_case(act(APPLICANT, moments[0]), request, number)
        for step, moment in zip(told["steps"], moments[1:], strict=True):
            STEPS[step["did"]](act, number, step, moment)


def _is_there(runtime: Runtime, office: Tenant, reference: str) -> bool:
    with runtime.store.session(office.code) as session:
        return session.scalars(select(Case.id).where(Case.external_reference == reference)).first() is not None


def _request(told: Told, reference: str) -> NewCase:
    asset = next((name for name in ASSETS if name in told), None)
    return NewCase(
        service_code=told["service"],
        channel=told["channel"],
        description=told["description"],
        address=told.get("address"),
        asset_kind=ASSETS[asset] if asset else None,
        asset_number=told[asset] if asset else None,
        applicant=Applicant(name=told["name"], phone=telephone(told["mobile"])),
        external_reference=reference,
    )


def _moments(calendar: Calendar, told: Told, place: int, now: datetime) -> list[datetime]:
    """When the case was opened and each step was done: in order, in office hours where they have passed."""
    today = now.astimezone(TAIPEI).date()
    opened = today
    while calendar.working_days_between(opened, today) < told["opened"] or not calendar.is_working(opened):
        opened -= timedelta(days=1)
    start = datetime.combine(opened, FIRST_CALL, TAIPEI) + BETWEEN_CASES * (place % 25)
    days = [calendar.working_day_after(opened, step["after"]) if step["after"] else opened for step in told["steps"]]
    wanted = [start, *(datetime.combine(day, start.time(), TAIPEI) for day in days)]
    later = [moment + BETWEEN_STEPS * order for order, moment in enumerate(wanted)]
    last = len(later) - 1
    return [min(moment, now - timedelta(minutes=last - order)) for order, moment in enumerate(later)]


Play = Callable[[Actor, datetime], Act]


def _taken(act: Play, number: str, step: Told, moment: datetime) -> None:
    member = staff.active_member(act(SYSTEM, moment).session, step["by"])
    if member is None:
        raise ValueError(f"demo_cases.toml: no account {step['by']} in demo_staff.toml")
    actor = member_of_staff(member.username, member.name, frozenset(member.roles), member.section)
    cases.take(act(actor, moment), number)


def _returned(act: Play, number: str, step: Told, moment: datetime) -> None:
    cases.return_case(act(_handler(act, number, moment), moment), number, [step["reason"]])


def _supplemented(act: Play, number: str, step: Told, moment: datetime) -> None:
    cases.supplement(act(APPLICANT, moment), number, step["text"])


def _closed(act: Play, number: str, step: Told, moment: datetime) -> None:
    cases.close(act(_handler(act, number, moment), moment), number, step["reply"])


def _answered(act: Play, number: str, step: Told, moment: datetime) -> None:
    satisfaction = step["satisfaction"]
    reason = step.get("reason") or None
    feedback.record_answer(act(SYSTEM, moment), number, satisfaction, satisfaction <= 2, reason, moment)


def _handler(act: Play, number: str, moment: datetime) -> Actor:
    session = act(SYSTEM, moment).session
    username = cases.find_case(session, number).handler
    member = staff.active_member(session, username or "")
    if member is None:
        raise ValueError(f"demo_cases.toml: {number} is handled by nobody")
    return member_of_staff(member.username, member.name, frozenset(member.roles), member.section)


STEPS: Mapping[str, Callable[[Play, str, Told, datetime], None]] = {
    "taken": _taken,
    "returned": _returned,
    "supplemented": _supplemented,
    "closed": _closed,
    "answered": _answered,
}
