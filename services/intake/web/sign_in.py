"""Signing in and out of the desk (AP11). A wrong name and a wrong password look alike."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from pydantic import Field

from chassis import clock
from chassis.runtime import Runtime
from chassis.store import EVERYWHERE
from chassis.web import Pages, current_runtime, forms
from chassis.web.formats import clock as time_of_day
from chassis.web.forms import Form, FormErrors
from chassis.web.language import current as language
from chassis.web.staff import StaffIdentity, local_path
from chassis.web.staff import sign_in as give_session
from chassis.web.staff import sign_out as take_session
from services.intake import demo_accounts, staff
from services.intake.model import StaffMember


class SignInForm(Form):
    """Name and password."""

    wording: ClassVar = {
        "username.missing": lazy_gettext("請填帳號"),
        "password.missing": lazy_gettext("請填密碼"),
    }

    username: str = Field(max_length=64)
    password: str = Field(max_length=200)


def pages() -> Pages:
    """The doors of the desk."""
    door = Pages("sign_in", __name__, url_prefix="/<office:tenant>/desk")
    door.add_url_rule("/sign-in", "enter", enter, methods=["GET", "POST"])
    door.add_url_rule("/sign-out", "leave", leave, methods=["POST"])
    return door


def enter() -> ResponseReturnValue:
    """登入承辦工作檯."""
    if request.method == "GET":
        return _page({})
    try:
        form = forms.read(SignInForm)
        member = _member(form)
    except FormErrors as errors:
        return _page({"username": request.form.get("username", "")[:64]}, errors.by_field)
    everywhere = member.tenant == EVERYWHERE
    home = "/intake/dead-letters" if everywhere else url_for("desk.queue")
    response = redirect(local_path(request.args.get("next"), home), 303)
    session.clear()
    give_session(response, current_runtime(), _identity(member))
    return response


def leave() -> ResponseReturnValue:
    """The session ends."""
    response = redirect(url_for("home.home"), 303)
    session.clear()
    take_session(response)
    return response


def _member(form: SignInForm) -> StaffMember:
    attempt = staff.sign_in(current_runtime().store, g.tenant, form.username, form.password, clock.now())
    if attempt.locked_until is not None:
        until = time_of_day(attempt.locked_until)
        raise FormErrors([("username", gettext("試太多次了，%(until)s後再試。", until=until))])
    if attempt.member is None:
        raise FormErrors([("username", gettext("帳號或密碼不對。"))])
    return attempt.member


def _identity(member: StaffMember) -> StaffIdentity:
    return StaffIdentity(
        username=member.username,
        tenant=member.tenant,
        name=member.name,
        section=member.section or "",
        extension=member.extension or "",
        roles=frozenset(member.roles),
        auth_time=clock.now(),
    )


def _page(values: dict[str, Any], errors: dict[str, str] | None = None) -> ResponseReturnValue:
    runtime = current_runtime()
    return render_template(
        "intake/sign_in.html",
        action=url_for("sign_in.enter", next=request.args.get("next")),
        demo=_demo(runtime) if runtime.settings.embedded else [],
        demo_password=demo_accounts.PASSWORD,
        values=values,
        errors=errors or {},
    ), 422 if errors else 200


def _demo(runtime: Runtime) -> list[dict[str, str]]:
    roles = {"clerk": gettext("承辦同仁"), "chief": gettext("課長"), "head": g.office.head(language())}
    names = {one.code: one.name(language()) for one in g.office.sections}

    def shown(row: Mapping[str, Any]) -> dict[str, str]:
        role = "、".join(str(roles.get(role, role)) for role in row["roles"])
        name = row["english"] if language() == "en" else row["name"]
        where = "" if "head" in row["roles"] else names.get(row.get("section", ""), "")
        return {"role": f"{where} {role}".strip(), "name": name, "username": row["username"]}

    return [shown(row) for row in demo_accounts.shown(runtime, g.tenant)]
