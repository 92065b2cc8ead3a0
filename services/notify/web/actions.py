"""What chief and head decide about messages that did not go: send again, give up, send all parked ones again."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from chassis.clock import now
from chassis.store.tenancy import ScopedSession
from chassis.web import Pages, Problem, current_runtime, forms
from chassis.web.forms import Form
from chassis.web.staff import staff_required
from services.notify import decisions, messages
from services.notify.decisions import NotNow, Person
from services.notify.model import Message

Decide = Callable[[ScopedSession, Message, Person, Any], None]


class NoFields(Form):
    """A button and nothing else."""


def pages() -> Pages:
    """The buttons' addresses."""
    door = Pages("actions", __name__, url_prefix="/<office:tenant>/messages")
    guard = staff_required("chief", "head")
    door.add_url_rule("/resume", "resume_all", guard(resume_all), methods=["POST"])
    door.add_url_rule("/<uuid:message_id>/resume", "resume", guard(resume), methods=["POST"])
    door.add_url_rule("/<uuid:message_id>/give-up", "give_up", guard(give_up), methods=["POST"])
    return door


def resume(message_id: Any) -> AnyResponse:
    """Send it again."""
    return _decided(str(message_id), decisions.resume, gettext("這則訊息會再送一次。"))


def give_up(message_id: Any) -> AnyResponse:
    """Do not send it any more."""
    return _decided(str(message_id), decisions.give_up, gettext("這則訊息不再送了。"))


def resume_all() -> AnyResponse:
    """Send again everything that is parked and surely did not go."""
    forms.read(NoFields)
    with current_runtime().store.session(g.tenant) as session:
        count = decisions.resume_all(session, _me(), now())
    flash(gettext("%(count)s 則訊息會再送一次。", count=count), "success")
    return redirect(url_for("outbox.index"), 303)


def _decided(message_id: str, decide: Decide, done: str) -> AnyResponse:
    forms.read(NoFields)
    with current_runtime().store.session(g.tenant) as session:
        message = messages.alone(session, message_id)
        if message is None:
            raise Problem(404, gettext("沒有這則訊息，可能已經過了保存期限。"))
        try:
            decide(session, message, _me(), now())
        except NotNow:
            raise Problem(409, gettext("這則訊息的狀態已經變了，請重新整理再看。")) from None
    flash(done, "success")
    return redirect(url_for("outbox.show", message_id=message_id), 303)


def _me() -> Person:
    return Person(g.staff.username, g.staff.name)
