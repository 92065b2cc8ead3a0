"""What the pages of a service's form show, and where they lead."""

from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from chassis.tenants import Service
from chassis.web import forms
from chassis.web.formats import telephone as written
from chassis.web.language import current as language
from services.intake.model import Draft
from services.intake.web import lamp
from services.intake.web.apply_answers import files_of, steps_of


def show(
    service: Service, step: str, draft: Draft | None, values: dict[str, Any], errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    """A page of the form; 422 when it is shown again with errors."""
    more = _pole_box(service, values) if step == "pole" else {"errors": {}}
    page = render_template(
        f"intake/apply_{step}.html",
        **{
            "service": {"name": service.name(language()), "kind": service.kind, "asset": service.asset},
            "kept": file_names(draft.data) if draft else "",
            "step": place_of(service, step),
            "steps": len(steps_of(service)),
            "back_url": back(service, step, draft),
            "action": here(service, step, draft),
            "values": values,
            **more,
            "errors": errors or more["errors"],
        },
    )
    return page, 422 if errors else 200


def shown(data: dict[str, Any]) -> dict[str, Any]:
    """A draft's answers as they are written into the fields again."""
    return {**data, "phone": written(data.get("phone") or "")}


def again(draft: Draft | None) -> dict[str, Any]:
    """What was just sent, upon what the draft holds already."""
    return {**(draft.data if draft else {}), **forms.sent()}


def file_names(data: dict[str, Any]) -> str:
    """The names of a draft's files."""
    return "、".join(file.name for file in files_of(data))


def answers(service: Service, draft: Draft) -> list[dict[str, Any]]:
    """The rows of "check your answers", each with the way to change it."""
    data, where = draft.data, "pole" if draft.data.get("pole") else "place"
    rows = [
        (gettext("燈桿號碼"), data.get("pole"), "pole", "pole", True),
        (gettext("地點"), data.get("address"), where, "address", False),
        (gettext("說明"), data.get("description"), "contact", "description", False),
        (gettext("照片或 PDF"), file_names(data), "contact", "files", False),
        (gettext("姓名"), data.get("name"), "contact", "name", False),
        (gettext("手機號碼"), written(data.get("phone") or ""), "contact", "phone", True),
        (gettext("電子郵件"), data.get("email"), "contact", "email", False),
    ]
    return [
        {"label": label, "value": value, "mono": mono, "href": f"{_address(service, draft, step)}#{field}"}
        for label, value, step, field, mono in rows
        if value
    ]


def place_of(service: Service, step: str) -> int:
    """The number of a step; `place` counts as the `pole` it stands in for."""
    order = steps_of(service)
    return 1 + (order.index(step) if step in order else 0)


def after(service: Service, step: str, draft_key: str) -> str:
    """The address of the page behind this one."""
    following = steps_of(service)[place_of(service, step)]
    if following == "check":
        return url_for("apply.check", code=service.code, key=draft_key)
    return url_for("apply.step", code=service.code, key=draft_key, step=following)


def here(service: Service, step: str, draft: Draft | None) -> str:
    """The address a step's form is sent to; without a draft that is the form's beginning."""
    if draft is not None:
        return _address(service, draft, step)
    return url_for("apply.first", code=service.code, by=None if step == steps_of(service)[0] else step)


def back(service: Service, step: str, draft: Draft | None) -> str:
    """The page before this one."""
    if draft is None or place_of(service, step) == 1:
        return url_for("home.service", code=service.code)
    before = steps_of(service)[place_of(service, step) - 2]
    return _address(service, draft, "place" if before == "pole" and not draft.data.get("pole") else before)


def _address(service: Service, draft: Draft, step: str) -> str:
    return url_for("apply.step", code=service.code, key=draft.key, step=step)


def _pole_box(service: Service, values: dict[str, Any]) -> dict[str, Any]:
    start = url_for("apply.first", code=service.code)
    looked = lamp.look_up(values["pole"]) if values.get("pole") else lamp.Looked("", silent=True)
    sentence = lamp.not_found_text(looked.number)
    missed = {"text": sentence, "suggestions": lamp.suggestions(looked, start)}
    return {
        "found": lamp.found_box(looked),
        "not_found": missed if looked.unknown else None,
        "errors": {"pole": sentence} if looked.unknown and request.method == "GET" else {},
        "lookup_url": url_for("apply.pole", code=service.code),
        "map_url": f"/{g.tenant}/map?kind=lamp",
        "place_url": url_for("apply.first", code=service.code, by="place"),
    }
