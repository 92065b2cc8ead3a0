"""Registering a case that came by telephone, counter, letter, mailbox or social media (DL9, YS9)."""

import secrets
import unicodedata
from dataclasses import replace
from typing import Any, ClassVar, Literal, get_args

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from pydantic import Field, field_validator

from chassis import clock
from chassis.tenants import Service
from chassis.web import current_runtime, forms, idempotency
from chassis.web.forms import Form, FormErrors
from chassis.web.idempotency import Answer
from chassis.web.language import LANGUAGES
from chassis.web.language import current as language
from services.intake import catalogue, counters, opening
from services.intake.act import Act
from services.intake.request import Applicant, Invalid, NewCase, checked
from services.intake.web import desk_line, lamp, rights
from services.intake.web.apply_answers import number_of
from services.intake.web.words import refused

Channel = Literal["phone", "counter", "letter", "mail", "social"]


class RegisterForm(Form):
    """What somebody said on the telephone, at the counter, or in a letter. `key` is the form's own, sent twice once."""

    wording: ClassVar = {
        "channel": lazy_gettext("請選從哪裡來的"),
        "service.missing": lazy_gettext("請選服務項目"),
        "description.missing": lazy_gettext("請寫幾句說明"),
    }

    key: str = Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")
    channel: Channel
    service: str = Field(max_length=60)
    pole: str | None = Field(default=None, max_length=20)
    address: str | None = Field(default=None, max_length=300)
    description: str = Field(min_length=2, max_length=2000)
    name: str | None = Field(default=None, max_length=60)
    phone: str | None = Field(default=None, max_length=30)
    email: str | None = Field(default=None, max_length=254)
    language: Literal["zh-Hant", "en"] = "zh-Hant"

    @field_validator("phone")
    @classmethod
    def _e164(cls, written: str | None) -> str | None:
        return number_of(written) if written else None

    @field_validator("pole")
    @classmethod
    def _narrow(cls, written: str | None) -> str | None:
        return unicodedata.normalize("NFKC", written).strip() or None if written else None


def register() -> ResponseReturnValue:
    """登記案件: one page, because a clerk types while somebody is talking."""
    if request.method == "GET":
        return _page({"key": secrets.token_urlsafe(18), "channel": "phone"})
    try:
        form = forms.read(RegisterForm)
        number = _opened(form, _wanted(form))
    except FormErrors as errors:
        return _page(forms.sent(), errors.by_field)
    return redirect(url_for("desk.case", number=number), 303)


def _wanted(form: RegisterForm) -> NewCase:
    wanted = NewCase(
        service_code=form.service,
        channel=form.channel,
        description=form.description,
        address=form.address,
        asset_kind="lamp" if form.pole else None,
        asset_number=form.pole,
        applicant=Applicant(name=form.name, phone=form.phone, email=form.email, language=form.language),
    )
    try:
        return _placed(checked(g.office, wanted))
    except Invalid as error:
        raise refused(error, service_code="service", asset_kind="pole", asset_number="pole") from None


def _placed(wanted: NewCase) -> NewCase:
    if wanted.asset_number is None:
        return wanted
    looked = lamp.look_up(wanted.asset_number)
    if looked.unknown:
        raise FormErrors([("pole", lamp.not_found_text(looked.number))])
    if looked.found is None:
        return wanted
    lon, lat = lamp.point_of(looked.found)
    return replace(wanted, address=wanted.address or lamp.place_of(looked.found), lon=lon, lat=lat)


def _opened(form: RegisterForm, wanted: NewCase) -> str:
    runtime, now = current_runtime(), clock.now()
    # The same page sent twice is one case; gone back to and changed, it is another.
    print_ = idempotency.fingerprint(form)
    key = f"{form.key}.{print_}"
    number = counters.next_number(runtime.store, g.office, now)
    with runtime.store.session(g.tenant) as session:
        if before := idempotency.once(session, key, print_):
            return before.body
        opened = opening.open_case(Act(runtime, session, rights.member(), now), wanted, number)
        idempotency.remember(session, key, print_, Answer(303, number, "text/plain"))
    flash(
        gettext("已登記。請告訴民眾：案件編號 %(number)s，查詢碼 %(code)s。", number=number, code=opened.code),
        "success",
    )
    return number


def _page(values: dict[str, Any], errors: dict[str, str] | None = None) -> ResponseReturnValue:
    looked = lamp.look_up(str(values.get("pole") or ""))
    page = render_template(
        "intake/desk_new.html",
        back_url=url_for("desk.queue"),
        channels=[{"value": code, "text": desk_line.channel(code)} for code in get_args(Channel)],
        services=_services(),
        languages=[{"value": code, "text": name} for code, name in LANGUAGES.items()],
        lookup_url=_lookup_url(),
        found=lamp.found_box(looked),
        values=values,
        errors=errors or {},
    )
    return page, 422 if errors else 200


def _services() -> list[dict[str, str]]:
    possible = [one for one in g.office.services if one.kind != "information"]
    shown = [{"value": one.code, "text": _named(one)} for one in possible]
    return [{"value": "", "text": gettext("選服務項目")}, *shown]


def _named(service: Service) -> str:
    return f"{g.office.section(service.section).name(language())} ・ {service.name(language())}"


def _lookup_url() -> str | None:
    lamps = (one for one in catalogue.online(g.office) if one.asset == "lamp")
    first = next(lamps, None)
    return url_for("apply.pole", code=first.code) if first else None
