"""What the form of a service asks, and the case that its answers make."""

import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar

from flask import g
from flask_babel import lazy_gettext
from pydantic import Field, field_validator

from chassis.tenants import Service
from chassis.web import forms
from chassis.web.forms import Form, FormErrors
from chassis.web.language import current as language
from services.intake.attachments import Kept
from services.intake.request import REASONS, Applicant, Invalid, NewCase, checked, telephone
from services.intake.web import files, lamp
from services.intake.web.words import refused, said

# Answers other steps give: with them each step is checked by the whole request's rules.
OTHERS = {"address": "-", "description": "-"}


class PoleForm(Form):
    """The number on the pole."""

    wording: ClassVar = {
        "pole.missing": lazy_gettext("請填燈桿號碼"),
        "pole": lazy_gettext("燈桿號碼是數字，例如 01234"),
    }

    pole: str = Field(max_length=20, pattern=r"^[0-9A-Za-z][0-9A-Za-z-]*$")

    @field_validator("pole", mode="before")
    @classmethod
    def _narrow(cls, written: str) -> str:
        # Full-width digits (０１２３４) are what a Chinese keyboard often types.
        return unicodedata.normalize("NFKC", written).strip()


class PlaceForm(Form):
    """Where it is, in words."""

    wording: ClassVar = {"address.missing": lazy_gettext("請告訴我們在哪裡")}

    address: str = Field(min_length=2, max_length=300)


class ContactForm(Form):
    """What is the matter, and whom to tell."""

    wording: ClassVar = {
        "description.missing": lazy_gettext("請寫幾句說明"),
        "name.missing": lazy_gettext("請填姓名"),
        "phone.missing": lazy_gettext("請填手機號碼，例如 0912-345-678"),
    }

    description: str = Field(min_length=2, max_length=1000)
    name: str = Field(max_length=60)
    phone: str = Field(max_length=30)
    email: str | None = Field(default=None, max_length=254)

    @field_validator("phone")
    @classmethod
    def _e164(cls, written: str) -> str:
        return number_of(written)


FORMS: dict[str, type[Form]] = {"pole": PoleForm, "place": PlaceForm, "contact": ContactForm}


def steps_of(service: Service) -> tuple[str, ...]:
    """The pages of a service's form, in order; `place` may stand in for `pole`."""
    if service.asset == "lamp":
        return ("pole", "contact", "check")
    return ("place", "contact", "check") if service.kind == "repair" else ("contact", "check")


def read(service: Service, step: str) -> dict[str, Any]:
    """The posted answers of a step, ready for the draft. Errors: `FormErrors`."""
    form = forms.read(FORMS[step], files=(files.FIELD,) if step == "contact" else ())
    answers = form.model_dump()
    case_of(service, {**OTHERS, **answers})
    if isinstance(form, PoleForm):
        return _lamp_answers(form.pole)
    if isinstance(form, PlaceForm):
        return {**answers, "pole": None, "lon": None, "lat": None}
    kept = files.received()
    return {**answers, "files": [vars(file) for file in kept]} if kept else answers


def missing(service: Service, data: Mapping[str, Any]) -> str | None:
    """The first step that has not been answered yet."""
    return next((step for step in steps_of(service)[:-1] if not _is_answered(step, data)), None)


def case_of(service: Service, data: Mapping[str, Any]) -> NewCase:
    """The case that these answers ask for. Errors: `FormErrors`."""
    applicant = Applicant(name=data.get("name"), phone=data.get("phone"), email=data.get("email"), language=language())
    wanted = NewCase(
        service_code=service.code,
        channel="web",
        description=data.get("description"),
        address=data.get("address"),
        asset_kind="lamp" if data.get("pole") else None,
        asset_number=data.get("pole"),
        lon=data.get("lon"),
        lat=data.get("lat"),
        applicant=applicant,
    )
    try:
        return checked(g.office, wanted)
    except Invalid as error:
        raise refused(error, asset_number="pole") from None


def files_of(data: Mapping[str, Any]) -> list[Kept]:
    """The files a draft holds."""
    return [Kept(**file) for file in data.get("files", [])]


def number_of(written: str) -> str:
    """A telephone number as people write it, in E.164. Errors: `ValueError` with a sentence for the page."""
    try:
        return telephone(written)
    except Invalid:
        raise ValueError(said(REASONS["phone"])) from None


def _lamp_answers(number: str) -> dict[str, Any]:
    looked = lamp.look_up(number)
    if looked.unknown:
        raise FormErrors([("pole", lamp.not_found_text(looked.number))])
    if looked.found is None:
        return {"pole": looked.number, "address": None, "lon": None, "lat": None}
    found = looked.found
    return {"pole": found["number"], "address": lamp.place_of(found), "lon": found["lon"], "lat": found["lat"]}


def _is_answered(step: str, data: Mapping[str, Any]) -> bool:
    if step == "contact":
        return bool(data.get("description") and data.get("phone"))
    return bool(data.get("pole") or data.get("address"))
