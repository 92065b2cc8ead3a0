"""Files that come with a form, and files of a case on their way back."""

from collections.abc import Sequence
from typing import Any

from flask import abort, g, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from chassis.web import current_runtime
from chassis.web.forms import FormErrors
from services.intake import attachments
from services.intake.attachments import Kept, NotAccepted
from services.intake.model import Attachment
from services.intake.web.words import said

FIELD = "files"
# One form with every file it may bring, in bytes.
UPLOAD = attachments.MOST_FILES * attachments.LARGEST + 2**20


def received() -> list[Kept]:
    """The files of the posted form, checked and laid on disk. Errors: `FormErrors` for `files`."""
    sent = [one for one in request.files.getlist(FIELD) if one.filename]
    if len(sent) > attachments.MOST_FILES:
        raise FormErrors([(FIELD, gettext("一次最多 %(most)s 個檔案", most=attachments.MOST_FILES))])
    try:
        return [attachments.keep(current_runtime(), g.tenant, one.read(), one.filename or "") for one in sent]
    except NotAccepted as error:
        raise FormErrors([(FIELD, said(attachments.REASONS[error.reason]))]) from None


def answer(number: str, sha256: str) -> ResponseReturnValue:
    """A file of a case: pictures are shown, anything else is saved. Errors: 404."""
    runtime = current_runtime()
    with runtime.store.session(g.tenant) as session:
        found = attachments.find(session, number, sha256)
    if found is None:
        abort(404)
    path = attachments.path_of(runtime, found).absolute()
    if not path.is_file():
        abort(404)
    return send_file(path, found.mime, as_attachment=not is_picture(found), download_name=found.name)


def links(found: Sequence[Attachment], address: Any) -> list[dict[str, Any]]:
    """The files of a case as a page lists them; `address` makes the link of a SHA-256."""
    return [{"name": one.name, "href": address(one.sha256), "image": is_picture(one)} for one in found]


def is_picture(found: Attachment) -> bool:
    """Whether a browser shows it."""
    return found.mime.startswith("image/")
