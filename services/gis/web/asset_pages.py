"""An asset's own page: what it is, where it stands, what was reported, what one can do; and its QR code."""

from datetime import date, datetime
from typing import Any

from flask import Response, g, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from chassis.clock import TAIPEI
from chassis.store.tenancy import ScopedSession
from chassis.web import Pages, Problem, current_runtime, language
from chassis.web.formats import day, when
from services.gis import assets, background, links, qr, reports
from services.gis.cells import circle_box
from services.gis.model import Asset, AssetCase
from services.gis.nearest import nearest
from services.gis.web import places, wording
from services.gis.web.features import KIND

AROUND = 400.0  # metres of roads round it on the map
NEIGHBOURS = 60
PLACES = 5

pages = Pages("assets", __name__, url_prefix="/<office:tenant>/assets")


@pages.get("", strict_slashes=False)
def index() -> AnyResponse:
    """To the map."""
    return redirect(url_for("map.show"))


@pages.get(f"/{KIND}", strict_slashes=False)
def all_of(kind: str) -> AnyResponse:
    """To the map of this kind."""
    return redirect(url_for("map.show", kind=kind))


@pages.get(f"/{KIND}/<number>")
def show(kind: str, number: str) -> AnyResponse | str | tuple[str, int]:
    """The page of one asset, or what may have been meant."""
    with current_runtime().store.session(g.tenant) as session:
        found = assets.find(session, kind, number)
        if found is None:
            return render_template("gis/unknown.html", **_unknown(session, kind, number)), 404
        if found.number != number:
            return redirect(links.asset(g.tenant, kind, found.number))
        return render_template("gis/asset.html", **_context(session, found))


@pages.get(f"/{KIND}/<number>/qr.svg")
def code(kind: str, number: str) -> Response:
    """The QR code to print and put on it."""
    runtime = current_runtime()
    with runtime.store.session(g.tenant) as session:
        found = assets.find(session, kind, number)
    if found is None:
        raise Problem(404, gettext("沒有這個號碼：%(number)s。", number=number[:100]))
    address = runtime.link(links.sticker(g.tenant, kind, found.number))
    return Response(qr.svg(address, found.number), mimetype="image/svg+xml")


def _context(session: ScopedSession, asset: Asset) -> dict[str, Any]:
    near = [one for one in nearest(session, asset.kind, asset.lon, asset.lat, NEIGHBOURS) if one.asset.id != asset.id]
    known = reports.history(session, asset.kind, asset.number, clock.now())
    return {
        "place": asset,
        "title": wording.title(asset),
        "kind_name": str(wording.KINDS[asset.kind]),
        "facts": list(wording.facts(asset)),
        "map": _map(asset, [[one.asset.lon, one.asset.lat] for one in near]),
        "neighbours": places.near_lines(session, asset.kind, near[:PLACES]),
        "reported": wording.reported(len(known.open)) if known.open else None,
        "history": [_case(one) for one in known.within_a_year],
        "report": _report(asset),
        "map_url": url_for("map.show", kind=asset.kind, village=asset.village),
        "qr_url": url_for(".code", kind=asset.kind, number=asset.number),
    }


def _map(asset: Asset, around: list[list[float]]) -> dict[str, Any]:
    box = circle_box(asset.lon, asset.lat, AROUND)
    drawn = background.sketch(g.office, box)
    return {"found": [asset.lon, asset.lat], "label": wording.title(asset), "points": around, "outline": drawn}


def _case(case: AssetCase) -> dict[str, Any]:
    """A past report, told without its number: that is between its sender and the office."""
    ended = gettext("%(day)s結案", day=day(case.closed_at)) if case.closed_at else None
    title = gettext("已撤回") if case.status == "withdrawn" else gettext("已結案") if ended else gettext("處理中")
    return {"title": title, "when": when(_day(case.opened_at)), "meta": ended, "state": "done" if ended else "now"}


def _day(moment: datetime) -> date:
    return moment.astimezone(TAIPEI).date()


def _report(asset: Asset) -> dict[str, str] | None:
    """The way to intake's form: a lamp's has its number filled in."""
    if asset.kind == "lamp":
        return {"text": gettext("報修這盞路燈"), "href": links.report_lamp(asset.tenant, asset.number)}
    for service in g.office.services:
        if service.asset == asset.kind and service.online and service.kind == "repair":
            return {"text": service.name(language.current()), "href": links.service(asset.tenant, service.code)}
    return None


def _unknown(session: ScopedSession, kind: str, number: str) -> dict[str, Any]:
    suggested = assets.suggestions(session, kind, number)
    return {
        "text": gettext("沒有這個號碼：%(number)s。", number=number[:100]),
        "suggestions": [suggestion(one) for one in suggested],
        "kind_name": str(wording.KINDS[kind]),
        "map_url": url_for("map.show", kind=kind),
    }


def suggestion(asset: Asset) -> dict[str, str]:
    """For `ui.not_found_box`: number, place, address of its page."""
    place = wording.title(asset) if asset.name else asset.address or asset.village or ""
    return {"number": asset.number, "place": place, "href": links.asset(asset.tenant, asset.kind, asset.number)}
