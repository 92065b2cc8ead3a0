"""Asking for a service, one thing a page: where, what and who, check your answers, done (YM2, SL3).

Answers are kept in a draft on the server; its key in the address is known to nobody else. Sent twice, it is one case.
"""

from typing import Any

from flask import abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from chassis import clock
from chassis.tenants import Service
from chassis.web import Pages, Problem, body_limit, current_runtime
from chassis.web.formats import telephone as written
from chassis.web.forms import FormErrors
from chassis.web.language import current as language
from services.intake import attachments, catalogue, counters, drafts, opening
from services.intake.act import APPLICANT, Act
from services.intake.announcements import link_of
from services.intake.cases import find_case
from services.intake.model import Draft
from services.intake.web import apply_answers as asked
from services.intake.web import apply_pages as view
from services.intake.web import files, lamp, rights


def pages() -> Pages:
    """The form's pages."""
    door = Pages("apply", __name__, url_prefix="/<office:tenant>/services/<code>/apply")
    upload = body_limit(files.UPLOAD)
    door.add_url_rule("", "first", upload(first), methods=["GET", "POST"])
    door.add_url_rule("/pole.json", "pole", pole)
    door.add_url_rule("/<key>/check", "check", check, methods=["GET", "POST"])
    door.add_url_rule("/<key>/done", "done", done)
    door.add_url_rule("/<key>/<step>", "step", upload(step), methods=["GET", "POST"])
    return door


def first(code: str) -> ResponseReturnValue:
    """The first page: there is no draft until something was answered."""
    service = _service(code)
    name = _step(service, request.args.get("by") or asked.steps_of(service)[0])
    if request.method == "GET":
        return view.show(service, name, None, {"pole": request.args.get("pole", "")[:20]})
    return _answered(service, name, None)


def step(code: str, key: str, step: str) -> ResponseReturnValue:
    """A page of a draft, shown again with what was answered, or answered."""
    service, draft = _service(code), _draft(code, key)
    name = _step(service, step)
    if request.method == "GET":
        return view.show(service, name, draft, view.shown(draft.data))
    return _answered(service, name, draft)


def pole(code: str) -> ResponseReturnValue:
    """What `lookup.js` asks while the number is being typed."""
    _service(code)
    looked = lamp.look_up(request.args.get("number", ""), patience=lamp.PATIENCE_BESIDE_SECONDS)
    if looked.silent:
        return {"message": gettext("現在查不到位置，不影響報修，請繼續。")}, 503
    if looked.unknown:
        offered = lamp.suggestions(looked, url_for("apply.first", code=code))
        return {"message": lamp.not_found_text(looked.number), "suggestions": offered}, 404
    return lamp.found_box(looked) or {}


def check(code: str, key: str) -> ResponseReturnValue:
    """送出前請再看一次; then the case."""
    service, draft = _service(code), _draft(code, key)
    if draft.number:
        return redirect(url_for("apply.done", code=code, key=key))
    if missing := asked.missing(service, draft.data):
        return redirect(url_for("apply.step", code=code, key=key, step=missing))
    if request.method == "POST":
        return _send(service, draft)
    return render_template(
        "intake/apply_check.html",
        service={"name": service.name(language()), "kind": service.kind},
        steps=len(asked.steps_of(service)),
        back_url=url_for("apply.step", code=code, key=key, step="contact"),
        action=url_for("apply.check", code=code, key=key),
        answers=view.answers(service, draft),
    )


def done(code: str, key: str) -> ResponseReturnValue:
    """The number, the code, and what happens next."""
    service, draft, runtime = _service(code), _draft(code, key), current_runtime()
    if not draft.number:
        return redirect(url_for("apply.check", code=code, key=key))
    with runtime.store.session(g.tenant) as transaction:
        case = find_case(transaction, draft.number)
        link = link_of(Act(runtime, transaction, APPLICANT, clock.now()), case)
    shown = {
        "number": case.number,
        "code": link.rpartition("code=")[2],
        "href": url_for("follow.case", number=case.number),
        "deadline": case.deadline,
        "phone": written(case.phone or ""),
    }
    return render_template("intake/apply_done.html", service={"name": service.name(language())}, case=shown)


def _service(code: str) -> Service:
    found: Service | None = next((one for one in catalogue.online(g.office) if one.code == code), None)
    if found is None:
        links = [(gettext("看所有服務"), url_for("home.services"))]
        raise Problem(404, gettext("這項服務不能線上申辦。"), links=links)
    return found


def _step(service: Service, name: str) -> str:
    possible = {"place", *asked.steps_of(service)} if service.asset == "lamp" else set(asked.steps_of(service))
    if name not in possible - {"check"}:
        abort(404)
    return name


def _draft(code: str, key: str) -> Draft:
    with current_runtime().store.session(g.tenant) as transaction:
        draft = drafts.load(transaction, key, clock.now())
    if draft is None or draft.service_code != code:
        raise _gone(code)
    return draft


def _gone(code: str) -> Problem:
    links = [(gettext("重新填寫"), url_for("apply.first", code=code))]
    return Problem(410, gettext("這份表單放太久，已經清掉了。請重新填寫，或打電話給我們。"), links=links)


def _answered(service: Service, name: str, draft: Draft | None) -> ResponseReturnValue:
    try:
        answers: dict[str, Any] = asked.read(service, name)
    except FormErrors as errors:
        return view.show(service, name, draft, view.again(draft), errors.by_field)
    now = clock.now()
    with current_runtime().store.session(g.tenant) as transaction:
        kept = drafts.load(transaction, draft.key, now, locked=True) if draft else None
        kept = kept or drafts.start(transaction, g.office, service.code, now)
        drafts.fill(kept, answers)
        key = kept.key
    return redirect(view.after(service, name, key), 303)


def _send(service: Service, draft: Draft) -> ResponseReturnValue:
    runtime, now = current_runtime(), clock.now()
    wanted = asked.case_of(service, draft.data)
    number = counters.next_number(runtime.store, g.office, now)
    with runtime.store.session(g.tenant) as transaction:
        held = drafts.load(transaction, draft.key, now, locked=True)
        if held is not None and held.number is None:
            act = Act(runtime, transaction, APPLICANT, now)
            opening.open_case(act, wanted, number)
            attachments.attach(act, number, asked.files_of(draft.data))
            drafts.finish(held, number)
        sent = held.number if held else None
    if sent is None:
        raise _gone(service.code)
    rights.grant(session, g.tenant, sent)
    return redirect(url_for("apply.done", code=service.code, key=draft.key), 303)
