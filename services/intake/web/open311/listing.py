"""Which cases a client may read, and which of them it asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from chassis.tenants import Tenant
from services.intake.model import Case
from services.intake.web.open311.answers import PUBLIC_KINDS
from services.intake.web.open311.forms import RequestFilter

Cases = Select[Any]


def numbered(office: Tenant, numbers: Sequence[str], by_key: bool) -> Cases:
    """The cases of these numbers."""
    return _readable(office, by_key).where(Case.number.in_([number[:40] for number in numbers]))


def chosen(office: Tenant, query: RequestFilter, by_key: bool, now: datetime) -> Cases:
    """The cases a filter asks for, the newest first; numbers override everything else, as the standard says."""
    if query.numbers:
        found = numbered(office, query.numbers, by_key)
    else:
        found = _filtered(_readable(office, by_key), query, now)
    found = found.order_by(Case.opened_at.desc(), Case.id.desc())
    return found.limit(query.page_size).offset((query.page - 1) * query.page_size)


def _readable(office: Tenant, by_key: bool) -> Cases:
    if by_key:
        return select(Case)
    public = [service.code for service in office.services if service.kind in PUBLIC_KINDS]
    return select(Case).where(Case.service_code.in_(public))


def _filtered(found: Cases, query: RequestFilter, now: datetime) -> Cases:
    if query.services:
        found = found.where(Case.service_code.in_(query.services))
    if query.only:
        found = found.where(Case.closed_at.is_(None) if query.only == "open" else Case.closed_at.is_not(None))
    if span := query.requested(now):
        found = found.where(Case.opened_at.between(*span))
    if query.updated_after:
        found = found.where(Case.updated_at >= query.updated_after)
    if query.updated_before:
        found = found.where(Case.updated_at <= query.updated_before)
    return found
