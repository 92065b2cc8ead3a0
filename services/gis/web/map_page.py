"""The map: assets of a kind as points beside a list that is complete without it (DL6, DL15, SL6)."""

from collections.abc import Sequence
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from chassis.store.tenancy import ScopedSession
from chassis.web import Pages, current_runtime
from chassis.web.payloads import read_query
from services.gis import assets, background, links
from services.gis.assets import Selection
from services.gis.cells import Box, circle_box
from services.gis.model import KINDS, Asset
from services.gis.nearest import nearest
from services.gis.web import places, wording
from services.gis.web.asset_pages import suggestion
from services.gis.web.queries import LIST_PAGE, MapQuery, box_of, box_text

NEAREST = 30
EDGE = 400.0  # metres of roads shown beyond the farthest asset

pages = Pages("map", __name__, url_prefix="/<office:tenant>/map")


@pages.get("", strict_slashes=False)
def show() -> AnyResponse | str:
    """The page; a number that is known leads straight to its asset."""
    # Links shared by messengers carry parameters of their own; they harm nobody.
    query = read_query(MapQuery, ignore=request.args)
    with current_runtime().store.session(g.tenant) as session:
        if query.number and (found := assets.find(session, query.kind, query.number)):
            return redirect(links.asset(g.tenant, query.kind, found.number))
        listed = _near(session, query) if query.here else _browse(session, query)
        return render_template("gis/map.html", **_frame(session, query), **listed)


def _frame(session: ScopedSession, query: MapQuery) -> dict[str, Any]:
    """What is on the page whatever is listed."""
    return {
        "kind": query.kind,
        "kinds": [_chip(session, kind, query) for kind in KINDS],
        "villages": _villages(session, query),
        "values": {"number": query.number},
        "near_url": url_for(".show", kind=query.kind),
        "all_url": url_for(".show", kind=query.kind) if query.village or query.bbox or query.here else None,
        "not_found": _not_found(session, query) if query.number else None,
    }


def _browse(session: ScopedSession, query: MapQuery) -> dict[str, Any]:
    """The chosen assets, a page at a time, by number."""
    chosen = Selection(query.kind, box_of(query.bbox), query.village)
    total = assets.count(session, chosen)
    shown = assets.page(session, chosen, LIST_PAGE, query.after)
    return {
        "heading": _heading(query, total),
        "lines": places.lines(session, query.kind, shown),
        "map": _map(session, chosen),
        "total": f"{total:,}",
        **_pages(session, chosen, shown, query),
    }


def _near(session: ScopedSession, query: MapQuery) -> dict[str, Any]:
    """The nearest assets to where somebody is."""
    lon, lat = query.here or (0.0, 0.0)
    found = nearest(session, query.kind, lon, lat, NEAREST)
    around = circle_box(lon, lat, EDGE + max((near.metres for near in found), default=0.0))
    return {
        "heading": gettext("離您最近的 %(counted)s", counted=wording.counted(query.kind, len(found))),
        "lines": places.near_lines(session, query.kind, found),
        "map": {
            "found": [lon, lat],
            "label": gettext("您在這裡"),
            "points": places.collection(places.points(session, query.kind, [near.asset for near in found])),
            "outline": background.sketch(g.office, around),
        },
        "total": None,
        "previous_url": None,
        "next_url": None,
    }


def _heading(query: MapQuery, total: int) -> str:
    counted = wording.counted(query.kind, total)
    if query.village:
        return str(gettext("%(village)s：%(counted)s", village=query.village, counted=counted))
    return str(gettext("這一區有 %(counted)s", counted=counted)) if query.bbox else counted


def _chip(session: ScopedSession, kind: str, query: MapQuery) -> dict[str, Any]:
    count = assets.count(session, Selection(kind, None, query.village))
    href = url_for(".show", kind=kind, village=query.village)
    return {"label": wording.KINDS[kind], "count": f"{count:,}", "href": href, "current": kind == query.kind}


def _villages(session: ScopedSession, query: MapQuery) -> list[dict[str, Any]]:
    found = assets.villages(session, query.kind)
    options = [_option(village, f"{village}（{count:,}）", query) for village, count in found]
    return [_option("", gettext("全部的里"), query), *options]


def _option(village: str, text: str, query: MapQuery) -> dict[str, Any]:
    return {"value": village, "text": text, "selected": village == (query.village or "")}


def _pages(session: ScopedSession, chosen: Selection, shown: Sequence[Asset], query: MapQuery) -> dict[str, str | None]:
    before = assets.page_before(session, chosen, LIST_PAGE, shown[0].number) if shown else None
    more = bool(shown) and bool(assets.page(session, chosen, 1, shown[-1].number))
    return {
        "previous_url": None if before is None else _page_url(query, before or None),
        "next_url": _page_url(query, shown[-1].number) if more else None,
    }


def _page_url(query: MapQuery, after: str | None) -> str:
    return url_for(".show", kind=query.kind, village=query.village, bbox=query.bbox, after=after)


def _map(session: ScopedSession, chosen: Selection) -> dict[str, Any]:
    """Frame and background; the points come by themselves, so that the page does not wait for them."""
    extent = chosen.box or assets.extent(session, chosen) or Box(*g.office.bounding_box)
    bbox = box_text(chosen.box) if chosen.box else None
    return {
        "bounds": list(extent),
        "outline": background.sketch(g.office, extent),
        "url": url_for("features.features", kind=chosen.kind, village=chosen.village, bbox=bbox),
    }


def _not_found(session: ScopedSession, query: MapQuery) -> dict[str, Any]:
    number = query.number or ""
    found = assets.suggestions(session, query.kind, number)
    text = gettext("沒有這個號碼：%(number)s。", number=number)
    return {"text": text, "suggestions": [suggestion(one) for one in found]}
