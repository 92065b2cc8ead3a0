"""The resident's first pages: what the office does, and where to begin (DL1, DL3)."""

from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from chassis.tenants import Service
from chassis.web import Pages, Problem, current_runtime
from chassis.web.context import OfficeView
from chassis.web.formats import twd, when
from chassis.web.language import current as language
from services.intake import catalogue
from services.intake.request import service_of

COMMON = 4
# What the office files call an icon that the layouts draw under another name.
ICONS = {"pothole": "road"}


def pages() -> Pages:
    """The offices, an office's home, its services."""
    door = Pages("home", __name__)
    door.add_url_rule("/", "offices", offices)
    door.add_url_rule("/<office:tenant>/", "home", home)
    door.add_url_rule("/<office:tenant>/services", "services", services)
    door.add_url_rule("/<office:tenant>/services/<code>", "service", service)
    door.add_url_rule("/<office:tenant>/notices/<int:place>", "notice", notice)
    return door


def offices() -> ResponseReturnValue:
    """Every office of this platform."""
    return render_template(
        "intake/offices.html", offices=[OfficeView(one) for one in current_runtime().tenants.values()]
    )


def home() -> ResponseReturnValue:
    """您要辦什麼？"""
    featured = [one for one in g.office.services if one.featured]
    return render_template(
        "intake/home.html",
        search_url=f"/{g.tenant}/search",
        lookup_url=url_for("follow.lookup"),
        values={},
        common=[{"text": one.name(language()), "href": _search(one)} for one in featured[:COMMON]],
        services=[_tile(one, first=place == 0) for place, one in enumerate(featured)],
        notices=[_line(place, one) for place, one in enumerate(_notices())],
    )


def services() -> ResponseReturnValue:
    """The catalogue, by section."""
    return render_template(
        "intake/services.html",
        search_url=f"/{g.tenant}/search",
        total=len(g.office.services),
        groups=[group for group in map(_group, g.office.sections) if group["services"]],
    )


def service(code: str) -> ResponseReturnValue:
    """One service: what it takes and how long; a QR code's pole number goes straight to the form."""
    found = _service(code)
    online = found in catalogue.online(g.office)
    if online and "pole" in request.args:
        return redirect(url_for("apply.first", code=code, pole=request.args["pole"][:20]))
    section = g.office.section(found.section)
    lang = language()
    return render_template(
        "intake/service.html",
        back_url=url_for("home.services"),
        service={
            "name": found.name(lang),
            "summary": found.summary(lang),
            "facts": _facts(found),
            "start_text": _start_text(found),
            "start_url": url_for("apply.first", code=code) if online else _map(found),
            "documents": [one(lang) for one in found.documents],
            "steps": [one(lang) for one in found.steps],
            "section": {
                "name": section.name(lang),
                "extension": section.extension,
                "telephone": OfficeView(g.office).telephone,
            },
        },
    )


def _start_text(service: Service) -> str:
    words = {"repair": gettext("開始報修"), "information": gettext("打開地圖"), "booking": gettext("開始預約")}
    return str(words.get(service.kind, gettext("開始申辦")))


def _map(service: Service) -> str | None:
    looks_up_places = service.kind == "information" and service.asset != "none"
    return f"/{g.tenant}/map?kind={service.asset}" if looks_up_places else None


def notice(place: int) -> ResponseReturnValue:
    """One announcement."""
    notices = _notices()
    if place >= len(notices):
        abort(404)
    found, lang = notices[place], language()
    shown = {"title": found.title(lang), "body": found.body(lang), "when": when(found.date)}
    return render_template("intake/notice.html", back_url=url_for("home.home"), notice=shown)


def _notices() -> list[Any]:
    return sorted(g.office.notices, key=lambda one: one.date, reverse=True)


def _service(code: str) -> Service:
    found = service_of(g.office, code)
    if found is None:
        raise Problem(404, gettext("沒有這項服務。"), links=[(gettext("看所有服務"), url_for("home.services"))])
    return found


def _tile(service: Service, *, first: bool) -> dict[str, Any]:
    lang = language()
    href = url_for("home.service", code=service.code)
    return {
        "icon": _icon(service),
        "name": service.name(lang),
        "text": service.summary(lang),
        "href": href,
        "now": first,
    }


def _search(service: Service) -> str:
    return f"/{g.tenant}/search?q={service.name(language())}"


def _line(place: int, notice: Any) -> dict[str, Any]:
    href = url_for("home.notice", place=place)
    return {"title": notice.title(language()), "href": href, "when": when(notice.date)}


def _group(section: Any) -> dict[str, Any]:
    lang = language()
    return {
        "code": section.code,
        "name": section.name(lang),
        "services": [
            {
                "name": one.name(lang),
                "summary": one.summary(lang),
                "time": _time(one),
                "online": one in catalogue.online(g.office),
                "href": url_for("home.service", code=one.code),
            }
            for one in g.office.services
            if one.section == section.code
        ],
    }


def _facts(service: Service) -> list[dict[str, Any]]:
    if service.kind == "information":
        return []
    fee = twd(service.fee) if service.fee else gettext("免費")
    return [{"label": gettext("辦理天數"), "value": _time(service)}, {"label": gettext("費用"), "value": fee}]


def _time(service: Service) -> str:
    if service.kind == "information":
        return ""
    if service.days == 0:
        return str(gettext("隨到隨辦"))
    return str(ngettext("%(num)s 個工作天", "%(num)s 個工作天", service.days))


def _icon(service: Service) -> str:
    return ICONS.get(service.icon, service.icon)
