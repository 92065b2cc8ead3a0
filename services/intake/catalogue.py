"""The catalogue of services (DL1, AP1): what the office's file says is published, and told when it changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from chassis.bus import say
from chassis.store.tenancy import ScopedSession
from chassis.tenants import Service, Tenant, Words
from services.intake.events import BothLanguages, ServicePublished
from services.intake.model import PublishedService


def publish(session: ScopedSession, office: Tenant, now: datetime) -> list[str]:
    """Publish what is new or changed in the office's file. Returns the codes; a second time there are none."""
    known = {row.code: row for row in session.scalars(select(PublishedService).with_for_update())}
    return [service.code for service in office.services if _publish(session, office, service, known, now)]


def versions(session: ScopedSession) -> dict[str, int]:
    """The version of each service that was published, by code."""
    return {row.code: row.version for row in session.scalars(select(PublishedService))}


def online(office: Tenant) -> Sequence[Service]:
    """The services that can be asked for through Lamppost."""
    return [service for service in office.services if service.online and service.kind != "information"]


def _publish(
    session: ScopedSession, office: Tenant, service: Service, known: dict[str, PublishedService], now: datetime
) -> bool:
    content = service.model_dump(mode="json")
    row = known.get(service.code)
    if row is not None and row.content == content:
        return False
    if row is None:
        row = PublishedService(code=service.code, version=0, content={}, published_at=now)
        session.add(row)
    row.version, row.content, row.published_at = row.version + 1, content, now
    session.flush()
    event = _event(office, service, row)
    say(session, event, subject=f"service {service.code}", sequence=row.version, at=now)
    return True


def _event(office: Tenant, service: Service, row: PublishedService) -> ServicePublished:
    return ServicePublished(
        code=service.code,
        name=_both(service.name),
        summary=_both(service.summary),
        section=_both(office.section(service.section).name),
        documents=[_both(words) for words in service.documents],
        steps=[_both(words) for words in service.steps],
        keywords=list(service.keywords),
        days=service.days,
        kind=service.kind,
        path=f"/{office.code}/services/{service.code}",
        version=row.version,
        updated_at=row.published_at,
    )


def _both(words: Words) -> BothLanguages:
    return BothLanguages(zh=words.zh, en=words.en)
