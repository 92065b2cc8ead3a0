"""Photos that came with a form which was never sent: they go when the form's draft goes (DL13)."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from chassis.runtime import Runtime
from services.intake import attachments
from services.intake.model import Attachment, Draft

File = tuple[str, str, str]  # tenant, SHA-256, MIME type


def sweep(runtime: Runtime, now: datetime) -> int:
    """Take the files of expired drafts off the disk; before `drafts.sweep`, which forgets them. Returns how many.

    A file that a case or another draft holds as well stays.
    """
    with runtime.store.everywhere(durable=False) as session:
        drafts = session.scalars(select(Draft)).all()
    expired = {file for draft in drafts if draft.expires_at <= now for file in _files(draft)}
    alive = {file for draft in drafts if draft.expires_at > now for file in _files(draft)}
    return sum(_forget(runtime, file) for file in expired - alive)


def _files(draft: Draft) -> Iterator[File]:
    return ((draft.tenant, file["sha256"], file["mime"]) for file in draft.data.get("files", []))


def _forget(runtime: Runtime, file: File) -> bool:
    tenant, digest, mime = file
    with runtime.store.session(tenant) as session:
        if session.scalars(select(Attachment.id).where(Attachment.sha256 == digest)).first() is not None:
            return False
    path = attachments.path_of(runtime, Attachment(tenant=tenant, sha256=digest, mime=mime))
    there = path.is_file()
    path.unlink(missing_ok=True)
    return there
