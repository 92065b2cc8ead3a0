"""Taking over the requests of a 1999 hotline: each line becomes a case of one office, once, and nobody is told.

A line goes to the office whose file names its area, or to the one that was named. Lines are read and written a batch at
a time; a second run finds the references of the first and changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from chassis.runtime import Runtime
from chassis.tenants import Service, Tenant
from services.intake import deadlines, hotline
from services.intake.act import SYSTEM, Act
from services.intake.counters import next_numbers
from services.intake.hotline import Parsed, Refused
from services.intake.model import Case
from services.intake.numbers import roc_year
from services.intake.office_calendar import calendar_of
from services.intake.opening import Past, open_case
from services.intake.request import LONGEST, REASONS, Invalid, NewCase, checked, service_of

BATCH = 100


@dataclass(frozen=True)
class Outcome:
    """What became of one line: a new case, a case that was there, or nothing, with the field and the reason."""

    line_number: int
    became: Literal["opened", "known", "refused"]
    tenant: str | None = None
    number: str | None = None
    field: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class _Wanted:
    line: Parsed
    request: NewCase
    past: Past


def import_lines(runtime: Runtime, lines: Iterable[str], now: datetime, tenant: str | None = None) -> Iterator[Outcome]:
    """One outcome a line, in the order of the file within each batch. Errors: `StoreDown`; what is written stays."""
    parsed = hotline.read(lines)
    while batch := list(islice(parsed, BATCH)):
        outcomes = [_refused(line) for line in batch if isinstance(line, Refused)]
        read = [line for line in batch if isinstance(line, Parsed)]
        for code in [tenant] if tenant else [None, *runtime.tenants]:
            office = runtime.tenants[code] if code else None
            mine = [line for line in read if tenant or runtime.tenants.of_area(line.area) is office]
            outcomes += _take_over(runtime, office, mine, now) if office else map(_nobodys, mine)
        yield from sorted(outcomes, key=lambda outcome: outcome.line_number)


def _take_over(runtime: Runtime, office: Tenant, lines: Sequence[Parsed], now: datetime) -> list[Outcome]:
    wanted: list[_Wanted] = []
    refused: list[Outcome] = []
    for line in lines:
        try:
            wanted.append(_wanted(office, line))
        except Invalid as error:
            field, reason = error.faults[0]
            refused.append(Outcome(line.line_number, "refused", office.code, None, field, REASONS[reason].en))
    try:
        return refused + _write(runtime, office, wanted, now)
    except IntegrityError:
        # Another import was at the same lines: what it wrote is known by now.
        return refused + _write(runtime, office, wanted, now)


def _write(runtime: Runtime, office: Tenant, wanted: Sequence[_Wanted], now: datetime) -> list[Outcome]:
    known = _known(runtime, office, wanted)
    fresh = {one.line.service_request_id: one for one in reversed(wanted)}
    new = [one for one in wanted if one.line.service_request_id not in known and fresh[_id(one)] is one]
    numbers = _numbers(runtime, office, new)
    with runtime.store.session(office.code) as session:
        act = Act(runtime, session, SYSTEM, now, tell=False)
        for one in new:
            open_case(act, one.request, numbers[_id(one)], one.past)
    return [_outcome(office, one, known, numbers, one in new) for one in wanted]


def _known(runtime: Runtime, office: Tenant, wanted: Sequence[_Wanted]) -> dict[str, str]:
    query = select(Case.external_reference, Case.number).where(Case.external_reference.in_(map(_id, wanted)))
    with runtime.store.session(office.code) as session:
        return {str(reference): number for reference, number in session.execute(query)}


def _numbers(runtime: Runtime, office: Tenant, new: Sequence[_Wanted]) -> dict[str, str]:
    numbers: dict[str, str] = {}
    for year, some in groupby(new, key=lambda one: roc_year(one.past.received_at)):
        same_year = [_id(one) for one in some]
        numbers |= zip(same_year, next_numbers(runtime.store, office, year, len(same_year)), strict=True)
    return numbers


def _wanted(office: Tenant, line: Parsed) -> _Wanted:
    service = _service(office, line)
    if service is None:
        raise Invalid([("service_code", "service")])
    title = " ".join(filter(None, (line.service_name, line.subproject)))
    request = NewCase(
        service_code=service.code,
        channel="hotline",
        title=title[: LONGEST["title"]],
        description=line.description,
        address=line.address or line.area,
        lon=line.lon,
        lat=line.lat,
        external_reference=line.service_request_id,
    )
    return _Wanted(line, checked(office, request), _past(office, service, line))


def _past(office: Tenant, service: Service, line: Parsed) -> Past:
    promised = deadlines.deadline(line.requested_at, service.days, calendar_of(office))
    return Past(
        received_at=line.requested_at,
        updated_at=line.updated_at or line.requested_at,
        status=line.status,
        deadline=line.expected_at or promised,
    )


def _service(office: Tenant, line: Parsed) -> Service | None:
    exact = service_of(office, line.service_code) or service_of(office, hotline.FALLBACK_SERVICE)
    return exact or next((service for service in office.services if service.kind == "petition"), None)


def _outcome(
    office: Tenant, one: _Wanted, known: Mapping[str, str], numbers: Mapping[str, str], opened: bool
) -> Outcome:
    number = numbers.get(_id(one)) or known.get(_id(one))
    return Outcome(one.line.line_number, "opened" if opened else "known", office.code, number)


def _refused(line: Refused) -> Outcome:
    return Outcome(line.line_number, "refused", field=line.field, reason=line.reason)


def _nobodys(line: Parsed) -> Outcome:
    return Outcome(line.line_number, "refused", field="area", reason=f"no office has {line.area} in its file")


def _id(one: _Wanted) -> str:
    return one.line.service_request_id
