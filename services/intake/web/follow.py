"""Following a case: find it by number and code, see where it stands, send what is missing, withdraw it (DL3, YS3)."""

from typing import Any, ClassVar

from flask import abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from pydantic import Field

from chassis import clock
from chassis.web import Pages, body_limit, current_runtime, forms
from chassis.web.formats import moment
from chassis.web.forms import Form, FormErrors
from services.intake import cases
from services.intake.act import APPLICANT, Act
from services.intake.applicants import case_for_applicant, read_number
from services.intake.cases import Conflict, NoSuchCase, find_case
from services.intake.lifecycle import Action, NotAllowed
from services.intake.model import Case
from services.intake.numbers import NumberError
from services.intake.web import case_page, files, rights


class LookupForm(Form):
    """Number and query code."""

    wording: ClassVar = {
        "number.missing": lazy_gettext("請填案件編號"),
        "code.missing": lazy_gettext("請填查詢碼，在我們傳給您的簡訊裡"),
    }

    number: str = Field(max_length=40)
    code: str = Field(max_length=20)


class SupplementForm(Form):
    """What the applicant sends after being asked."""

    answer: str | None = Field(default=None, max_length=1000)
    version: int


class WithdrawForm(Form):
    """Why the case is no longer needed."""

    reason: str | None = Field(default=None, max_length=500)
    version: int


def pages() -> Pages:
    """The pages of those who follow a case."""
    door = Pages("follow", __name__, url_prefix="/<office:tenant>/cases")
    door.add_url_rule("", "lookup", lookup, methods=["GET", "POST"])
    door.add_url_rule("/<number>", "case", case)
    door.add_url_rule(
        "/<number>/supplement", "supplement", body_limit(files.UPLOAD)(supplement), methods=["GET", "POST"]
    )
    door.add_url_rule("/<number>/withdraw", "withdraw", withdraw, methods=["GET", "POST"])
    door.add_url_rule("/<number>/files/<sha256>", "file", file)
    return door


def lookup() -> ResponseReturnValue:
    """查案件進度."""
    if request.method == "GET":
        return _lookup_page({"number": request.args.get("number", "")[:40]})
    try:
        form = forms.read(LookupForm)
        number = _entered(form.number, form.code)
    except FormErrors as errors:
        return _lookup_page(forms.sent(), errors.by_field)
    return redirect(url_for("follow.case", number=number), 303)


def case(number: str) -> ResponseReturnValue:
    """Where the case stands. A link from a message brings the code; the address is bare afterwards."""
    if code := request.args.get("code"):
        try:
            _entered(number, code)
        except FormErrors as errors:
            return _lookup_page({"number": number[:40]}, errors.by_field)
        return redirect(url_for("follow.case", number=number))
    if not rights.granted(session, g.tenant, number):
        return redirect(url_for("follow.lookup", number=number[:40]))
    runtime = current_runtime()
    with runtime.store.session(g.tenant) as transaction:
        shown = case_page.of(transaction, _case(transaction, number), g.office, clock.now())
    return render_template("intake/case.html", case=shown)


def supplement(number: str) -> ResponseReturnValue:
    """Send what was asked for: words, photos, or both; the clock runs again."""
    found = _mine(number, Action.SUPPLEMENT)
    if request.method == "GET":
        return _supplement_page(found, {"version": found.version})
    try:
        form = forms.read(SupplementForm, files=(files.FIELD,))
        kept = files.received()
        _do(lambda act: cases.supplement(act, number, form.answer, files=kept, version=form.version))
    except FormErrors as errors:
        return _supplement_page(found, forms.sent(), errors.by_field)
    return redirect(url_for("follow.case", number=number), 303)


def withdraw(number: str) -> ResponseReturnValue:
    """The case is no longer needed."""
    found = _mine(number, Action.WITHDRAW)
    if request.method == "GET":
        return _withdraw_page(found, {"version": found.version})
    try:
        form = forms.read(WithdrawForm)
        _do(lambda act: cases.withdraw(act, number, form.reason, version=form.version))
    except FormErrors as errors:
        return _withdraw_page(found, forms.sent(), errors.by_field)
    return redirect(url_for("follow.case", number=number), 303)


def file(number: str, sha256: str) -> ResponseReturnValue:
    """A file of the case."""
    if not rights.granted(session, g.tenant, number):
        abort(404)
    return files.answer(number, sha256)


def _entered(number: str, code: str) -> str:
    """The stored number, once number and code are right; this browser may look at the case from now on."""
    try:
        stored = read_number(g.office, number)
    except NumberError as error:
        raise FormErrors([("number", _slip(error))]) from None
    runtime = current_runtime()
    with runtime.store.session(g.tenant) as transaction:
        entry = case_for_applicant(transaction, stored, code, runtime.keys.pepper, clock.now())
    if entry.locked_until is not None:
        until = moment(entry.locked_until)
        raise FormErrors([("code", gettext("試太多次了，%(until)s後再試，或打電話給我們。", until=until))])
    if entry.case is None:
        raise FormErrors([("code", gettext("編號或查詢碼不對，請照簡訊再填一次。"))])
    rights.grant(session, g.tenant, stored)
    return stored


def _slip(error: NumberError) -> str:
    if error.reason == "check_digit":
        return str(gettext("案件編號有一個字不對，請照簡訊再看一次。"))
    return str(gettext("案件編號像這樣：%(example)s", example=f"{g.office.prefix}-115-004217-6"))


def _lookup_page(values: dict[str, Any], errors: dict[str, str] | None = None) -> ResponseReturnValue:
    return render_template("intake/lookup.html", values=values, errors=errors or {}), 422 if errors else 200


def _case(transaction: Any, number: str) -> Case:
    try:
        return find_case(transaction, number)
    except NoSuchCase:
        abort(404)


def _mine(number: str, action: Action) -> Case:
    """The case, if this browser may look at it and its applicant may do that now; else the case's page says why."""
    if not rights.granted(session, g.tenant, number):
        abort(404)
    with current_runtime().store.session(g.tenant) as transaction:
        found = _case(transaction, number)
    if action not in cases.possible(found, APPLICANT.roles):
        abort(redirect(url_for("follow.case", number=number)))
    return found


def _do(change: Any) -> None:
    runtime = current_runtime()
    try:
        with runtime.store.session(g.tenant) as transaction:
            change(Act(runtime, transaction, APPLICANT, clock.now()))
    except Conflict:
        raise FormErrors([("", gettext("案件在您填寫時有了變化，請回案件頁再看一次。"))]) from None
    except NotAllowed as error:
        raise FormErrors([(error.field, gettext("請寫幾句話，或附上照片。"))]) from None


def _supplement_page(case: Case, values: dict[str, Any], errors: dict[str, str] | None = None) -> ResponseReturnValue:
    with current_runtime().store.session(g.tenant) as transaction:
        wanted = case_page.wanted(transaction, case)
    return render_template(
        "intake/supplement.html",
        back_url=url_for("follow.case", number=case.number),
        action=url_for("follow.supplement", number=case.number),
        wanted=wanted,
        values=values,
        errors=errors or {},
    ), 422 if errors else 200


def _withdraw_page(case: Case, values: dict[str, Any], errors: dict[str, str] | None = None) -> ResponseReturnValue:
    return render_template(
        "intake/withdraw.html",
        back_url=url_for("follow.case", number=case.number),
        action=url_for("follow.withdraw", number=case.number),
        number=case.number,
        values=values,
        errors=errors or {},
    ), 422 if errors else 200
