"""The desk (承辦工作檯): queues, the list by deadline, one case, and what is done to it (AP2, YM3, YM5)."""

from collections.abc import Callable
from typing import Any, ClassVar, get_args

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from pydantic import Field

from chassis import clock
from chassis.web import Pages, Problem, current_runtime, forms
from chassis.web.forms import Form, FormErrors
from chassis.web.staff import staff_required
from services.intake import cases, queue
from services.intake.act import Act
from services.intake.cases import Conflict, NoSuchCase
from services.intake.lifecycle import REASONS, NotAllowed
from services.intake.request import service_of
from services.intake.web import desk_case, desk_list, desk_new, files, rights
from services.intake.web.words import said

ROLES = ("clerk", "chief", "head")
WHOLE_FORM = ""
NO_FIELDS = ("action", "role")  # what `NotAllowed` names when the case, not a field, is in the way


class TakeForm(Form):
    """The version of the case that was shown."""

    version: int


class AssignForm(TakeForm):
    """Who shall do it."""

    wording: ClassVar = {"handler.missing": lazy_gettext("請選承辦人")}

    handler: str = Field(max_length=60)


class ReturnForm(TakeForm):
    """Everything that is missing: codes of standard texts, and words of one's own."""

    missing: list[str] = Field(default_factory=list, max_length=30)
    other: str | None = Field(default=None, max_length=200)
    note: str | None = Field(default=None, max_length=300)


class CloseForm(TakeForm):
    """The reply: written, or a standard text."""

    template: str | None = Field(default=None, max_length=60)
    reply: str | None = Field(default=None, max_length=500)


class ReopenForm(TakeForm):
    """Why it is taken up again."""

    reason: str | None = Field(default=None, max_length=500)


def pages() -> Pages:
    """The desk's pages."""
    door = Pages("desk", __name__, url_prefix="/<office:tenant>/desk")
    guard = staff_required(*ROLES)
    door.add_url_rule("/", "queue", guard(show_queue))
    door.add_url_rule("/cases/new", "new", guard(desk_new.register), methods=["GET", "POST"])
    door.add_url_rule("/cases/<number>", "case", guard(show_case))
    door.add_url_rule("/cases/<number>/files/<sha256>", "file", guard(files.answer))
    for name, change in (
        ("take", take),
        ("assign", assign),
        ("return", give_back),
        ("close", close),
        ("reopen", reopen),
    ):
        door.add_url_rule(f"/cases/<number>/{name}", name, guard(change), methods=["POST"])
    return door


def show_queue() -> ResponseReturnValue:
    """Three columns: queues with counts, the list by deadline, the selected case."""
    name: Any = request.args.get("queue", "mine")
    service = request.args.get("service")
    if name not in get_args(queue.Name) or (service is not None and service_of(g.office, service) is None):
        abort(404)
    try:
        return render_template("intake/desk.html", **desk_list.page(name, service, request.args.get("after")))
    except queue.WrongCursor:
        abort(400)


def show_case(number: str) -> ResponseReturnValue:
    """One case, whole, with everything that can be done now."""
    return _case_page(number, {}, {})


def take(number: str) -> ResponseReturnValue:
    """I do it."""
    done = gettext("這件由您承辦了。")
    return _change(number, TakeForm, lambda act, form: cases.take(act, number, version=form.version), done)


def assign(number: str) -> ResponseReturnValue:
    """Somebody else does it."""
    done = gettext("已經分派。")
    return _change(
        number, AssignForm, lambda act, form: cases.assign(act, number, form.handler, version=form.version), done
    )


def give_back(number: str) -> ResponseReturnValue:
    """The applicant must send something first: all of it is said at once (YM3)."""

    def change(act: Act, form: ReturnForm) -> None:
        missing = [*desk_case.standard_texts(act, number, "return", form.missing), *filter(None, [form.other])]
        cases.return_case(act, number, missing, note=form.note, version=form.version)

    return _change(number, ReturnForm, change, gettext("已請民眾補件，時限暫停。"))


def close(number: str) -> ResponseReturnValue:
    """It is finished; the applicant gets the reply."""

    def change(act: Act, form: CloseForm) -> None:
        standard = desk_case.standard_texts(act, number, "close", filter(None, [form.template]))
        cases.close(act, number, form.reply or "".join(standard), version=form.version)

    return _change(number, CloseForm, change, gettext("已結案。"))


def reopen(number: str) -> ResponseReturnValue:
    """It was not finished after all."""
    done = gettext("已重新處理。")
    return _change(
        number, ReopenForm, lambda act, form: cases.reopen(act, number, form.reason or "", version=form.version), done
    )


def _change(number: str, model: type[Any], change: Callable[[Act, Any], Any], done: str) -> ResponseReturnValue:
    try:
        form = forms.read(model)
        _do(change, form)
    except FormErrors as errors:
        return _case_page(number, forms.sent(), errors.by_field)
    flash(done, "success")
    return redirect(url_for("desk.case", number=number), 303)


def _do(change: Callable[[Act, Any], Any], form: Any) -> None:
    runtime, actor = current_runtime(), rights.member()
    try:
        with runtime.store.session(g.tenant) as session:
            change(Act(runtime, session, actor, clock.now()), form)
    except NoSuchCase:
        raise _unknown() from None
    except Conflict:
        raise FormErrors([(WHOLE_FORM, gettext("別人剛改過這件。下面是最新的內容，請再看一次。"))]) from None
    except NotAllowed as error:
        raise FormErrors([_refusal(error)]) from None


def _refusal(error: NotAllowed) -> tuple[str, str]:
    missing = {
        "missing": gettext("請勾選或寫下缺什麼"),
        "reply": gettext("請寫回覆，或選一個範本"),
        "reason": gettext("請寫原因"),
    }
    if error.reason == "missing" and error.field in missing:
        return error.field, str(missing[error.field])
    return WHOLE_FORM if error.field in NO_FIELDS else error.field, said(REASONS[error.reason])


def _case_page(number: str, values: dict[str, Any], errors: dict[str, str]) -> ResponseReturnValue:
    try:
        shown = desk_case.page(number)
    except NoSuchCase:
        raise _unknown() from None
    status = 409 if WHOLE_FORM in errors else 422
    page = render_template("intake/desk_case.html", **shown, values=values, errors=errors)
    return page, status if errors else 200


def _unknown() -> Problem:
    return Problem(404, gettext("本所沒有這個編號的案件。"), links=[(gettext("回到佇列"), url_for("desk.queue"))])
