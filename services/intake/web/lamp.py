"""Looking a thing up while somebody reports or handles it: gis is asked, and its silence never stops the page (DL6)."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from flask import g
from flask_babel import gettext, ngettext

from chassis import clock
from chassis.bus import AskFailed
from chassis.web import current_runtime
from chassis.web.formats import day
from chassis.web.language import current as language
from services.intake.queue import open_for_asset

# A page waits shortly; what is fetched while somebody types holds nobody up.
PATIENCE_SECONDS = 0.8
PATIENCE_BESIDE_SECONDS = 2.5
NEARBY = 60
LONGEST = 20


@dataclass(frozen=True)
class Looked:
    """What gis said of a number: the lamp (`found`), else suggestions; neither when gis is `silent`."""

    number: str
    found: dict[str, Any] | None = None
    suggestions: list[dict[str, Any]] = field(default_factory=list)
    silent: bool = False

    @property
    def unknown(self) -> bool:
        """gis knows nothing of this number."""
        return not self.silent and self.found is None


def look_up(number: str, kind: str = "lamp", patience: float = PATIENCE_SECONDS) -> Looked:
    """Ask gis for the lamp (park, facility) of this number (leading zeros count); `patience` in seconds."""
    number = unicodedata.normalize("NFKC", number).strip()[:LONGEST]
    if not number:
        return Looked(number, silent=True)
    try:
        answer = current_runtime().ask("gis", "asset", timeout=patience, tenant=g.tenant, kind=kind, number=number)
    except AskFailed:
        return Looked(number, silent=True)
    return Looked(number, answer["found"], answer["suggestions"])


def found_box(looked: Looked) -> dict[str, Any] | None:
    """What the page's box about the found lamp shows."""
    lamp = looked.found
    if lamp is None:
        return None
    return {
        "title": gettext("找到了：%(number)s 號路燈", number=lamp["number"]),
        "place": place_of(lamp),
        "detail": detail_of(lamp),
        "point": point_of(lamp),
        "nearby": nearby(lamp),
        "notice": _reported(lamp["number"]),
    }


def not_found_text(number: str) -> str:
    """The sentence about a number gis does not know."""
    return str(gettext("沒有 %(number)s 號路燈，請再看一次牌子", number=number))


def suggestions(looked: Looked, href: str) -> list[dict[str, str]]:
    """Numbers that may have been meant; `href` is the form's address."""
    return [
        {"number": one["number"], "place": place_of(one), "href": f"{href}?pole={one['number']}"}
        for one in looked.suggestions
    ]


def place_of(thing: dict[str, Any]) -> str:
    """虎溪里 慶生路 128 號前; a park has its name before it."""
    village, address = thing.get("village") or "", thing.get("address") or ""
    where = address if address.startswith(village) else f"{village} {address}".strip()
    names = thing.get("name") or {}
    name = names.get("en" if language() == "en" else "zh")
    return f"{name} {where}".strip() if name else where


def detail_of(lamp: dict[str, Any]) -> str:
    """LED 60 W."""
    attributes = lamp.get("attributes") or {}
    watts = attributes.get("watts")
    return " ".join(part for part in (attributes.get("light") or "", f"{watts} W" if watts else "") if part)


def point_of(thing: dict[str, Any]) -> list[float]:
    """[lon, lat], WGS84 degrees."""
    return [thing["lon"], thing["lat"]]


def nearby(thing: dict[str, Any], kind: str = "lamp") -> list[list[float]]:
    """Where the things of its kind around it stand, [lon, lat] each."""
    try:
        near = current_runtime().ask(
            "gis", "nearest", timeout=PATIENCE_SECONDS, tenant=g.tenant, kind=kind,
            lon=thing["lon"], lat=thing["lat"], limit=NEARBY,
        )  # fmt: skip
    except AskFailed:
        return []
    return [point_of(one) for one in near]


def _reported(number: str) -> dict[str, str] | None:
    with current_runtime().store.session(g.tenant) as session:
        cases = open_for_asset(session, "lamp", number)
    if not cases:
        return None
    first, count = cases[0], len(cases)
    text = gettext("%(day)s報修過。", day=day(first.opened_at))
    if first.deadline is not None and first.deadline > clock.now():
        text = gettext("%(day)s報修過，預計 %(until)s前修好。", day=day(first.opened_at), until=day(first.deadline))
    return {"tag": ngettext("已有 %(num)s 人報修", "已有 %(num)s 人報修", count), "text": str(text)}
