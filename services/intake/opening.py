"""Opening a case: it gets a number and a query code, its first line of history, and is announced (DL9, YS2, YM1)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.bus import say
from chassis.runtime import Runtime
from chassis.tenants import Service
from services.intake import deadlines, timeline
from services.intake.act import Act, Actor
from services.intake.announcements import recipient_of, state_of
from services.intake.counters import next_number
from services.intake.events import CaseOpened
from services.intake.lifecycle import STATES, State
from services.intake.model import Case, HistoryRow
from services.intake.numbers import hash_code, new_code
from services.intake.office_calendar import calendar_of
from services.intake.request import NewCase, checked, service_of

LONGEST_TITLE = 40


@dataclass(frozen=True)
class Opened:
    """A case just opened, and its query code, which is told once."""

    case: Case
    code: str


@dataclass(frozen=True, kw_only=True)
class Past:
    """How a case stood that another system opened: when it came, where it stands, what was promised."""

    received_at: datetime
    updated_at: datetime
    status: State = State.RECEIVED
    deadline: datetime | None = None


def accept(runtime: Runtime, tenant: str, request: NewCase, actor: Actor, now: datetime) -> Opened:
    """Open a case in transactions of its own: the number's, then the case's. Errors: `Invalid`, `StoreDown`."""
    office = runtime.tenants[tenant]
    request = checked(office, request)
    number = next_number(runtime.store, office, now)
    with runtime.store.session(tenant, alone=True) as session:
        return open_case(Act(runtime, session, actor, now), request, number)


def open_case(act: Act, request: NewCase, number: str, past: Past | None = None) -> Opened:
    """Write a checked request as a case under a number from `counters`, with its history and its event.

    The number must be taken before `act.session` is opened, so that nobody waits for this transaction. Nobody is told
    of a case of the past. Errors: `KeyError` for a service the office does not have.
    """
    service = service_of(act.office, request.service_code)
    if service is None:
        raise KeyError(request.service_code)
    code = new_code()
    row = _row(act, request, service, past or _present(act, service)) | _code(act, code) | {"number": number}
    case = Case(**row)
    event = CaseOpened(case=state_of(act, case), recipient=None if past else recipient_of(act, case, code))
    beside = [(Case, row), (HistoryRow, timeline.first(act, number, media_url=request.media_url))]
    say(act.session, event, subject=number, sequence=1, at=act.now, beside=beside)
    return Opened(case, code)


def _present(act: Act, service: Service) -> Past:
    deadline = deadlines.deadline(act.now, service.days, calendar_of(act.office))
    return Past(received_at=act.now, updated_at=act.now, deadline=deadline)


def _row(act: Act, request: NewCase, service: Service, past: Past) -> dict[str, Any]:
    closed_at = None if STATES[past.status].is_open else past.updated_at
    return {
        "tenant": act.session.tenant,
        "version": 1,
        "status": past.status.value,
        "channel": request.channel,
        "service_code": service.code,
        "section": service.section,
        "handler": None,
        "title": request.title or title_of(request, service),
        "description": request.description,
        "address": request.address,
        "asset_kind": request.asset_kind,
        "asset_number": request.asset_number,
        "lon": request.lon,
        "lat": request.lat,
        "name": request.applicant.name,
        "phone": request.applicant.phone,
        "email": request.applicant.email,
        "language": request.applicant.language,
        "opened_at": past.received_at,
        "updated_at": past.updated_at,
        "deadline": past.deadline,
        "paused_at": closed_at,
        "paused_minutes": 0,
        "closed_at": closed_at,
        "code_attempts": 0,
        "external_reference": request.external_reference,
    }


def _code(act: Act, code: str) -> dict[str, str]:
    sealed = act.runtime.sealer.seal(code, audience="intake", tenant=act.session.tenant)
    return {"code_hash": hash_code(code, act.runtime.keys.pepper), "code_sealed": sealed}


def title_of(request: NewCase, service: Service) -> str:
    """What a list shows of a case: its service, and the thing or the first words."""
    words = " ".join((request.asset_number or request.description or request.address or "").split())
    short = words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 1]}…"
    return f"{service.name.zh} {short}".strip()
