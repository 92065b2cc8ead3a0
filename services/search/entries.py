"""What was heard becomes a document, and documents wait here until the index has them.

The newest version wins, in whatever order they come. The index is fed outside any transaction (`indexer`), so that a
search engine that is down stops nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from chassis.store.engine import wake
from chassis.store.tenancy import ScopedSession
from services.search.documents import Document, restored
from services.search.inbox import AssetPublished, Case, ServicePublished
from services.search.model import Entry

SIGNAL = "entries"
PLACES = {"park", "facility"}


def keep(session: ScopedSession, document: Document, now: datetime) -> None:
    """Take a document in; an older version than the one that is there changes nothing."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {
        "tenant": document.tenant,
        "document": document.id,
        "version": document.version,
        "record": document.record(),
        "heard_at": now,
        "waiting": True,
    }
    new = insert(Entry).values(values)
    newer = {name: new.excluded[name] for name in ("version", "record", "heard_at", "waiting")}
    session.execute(
        new.on_conflict_do_update(
            index_elements=["tenant", "document"], set_=newer, where=Entry.version < new.excluded.version
        )
    )
    wake(session, SIGNAL)


def waiting(session: ScopedSession, limit: int) -> Sequence[Document]:
    """Documents the index does not have yet, the longest waiting first."""
    rows = session.scalars(select(Entry.record).where(Entry.waiting).order_by(Entry.heard_at).limit(limit))
    return [restored(row) for row in rows]


def taken(session: ScopedSession, documents: Sequence[Document]) -> None:
    """The index has these; one that has changed meanwhile goes on waiting."""
    for one in documents:
        same = (Entry.tenant == one.tenant, Entry.document == one.id, Entry.version == one.version)
        done = update(Entry).where(*same).values(waiting=False)
        session.execute(done.execution_options(synchronize_session=False))


def forget_index(session: ScopedSession) -> None:
    """Everything waits again: for an index that was lost."""
    session.execute(update(Entry).values(waiting=True).execution_options(synchronize_session=False))


def of_case(tenant: str, case: Case, description: str | None) -> Document:
    """A case, for staff only."""
    words = [case.address, f"{case.asset_number}" if case.asset_number else None, description]
    body = "\n".join(word for word in words if word)
    return Document(
        tenant=tenant,
        id=f"case/{case.number}",
        kind="case",
        visibility="staff",
        version=case.version,
        updated_at=case.updated_at,
        number=case.number,
        title=_both(case.service),
        body={"zh": body, "en": body},
        url=f"/{tenant}/desk/cases/{case.number}",
        section=case.section,
    )


def of_service(tenant: str, service: ServicePublished) -> Document:
    """A service of the catalogue, for everyone."""
    return Document(
        tenant=tenant,
        id=f"service/{service.code}",
        kind="service",
        visibility="public",
        version=service.version,
        updated_at=service.updated_at,
        title=_both(service.name),
        body={lang: _service_body(service, lang) for lang in ("zh", "en")},
        url=service.path,
    )


def of_asset(tenant: str, asset: AssetPublished) -> Document | None:
    """A place people look up, for everyone; other kinds are not found here."""
    if asset.kind not in PLACES:
        return None
    return Document(
        tenant=tenant,
        id=f"{asset.kind}/{asset.number}",
        kind=asset.kind,
        visibility="public",
        version=asset.version,
        updated_at=asset.updated_at,
        number=asset.number,
        title=_both(asset.name),
        body={"zh": asset.address or "", "en": asset.address or ""},
        url=asset.path,
        deleted=asset.removed,
    )


def _both(name: Any) -> dict[str, str]:
    return {"zh": name.zh, "en": name.en}


def _service_body(service: ServicePublished, lang: str) -> str:
    parts = [service.summary, service.section, *service.documents, *service.steps]
    return "\n".join([*(getattr(part, lang) for part in parts), " ".join(service.keywords)])
