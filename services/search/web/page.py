"""The search page (全文檢索, YS5): works without JavaScript, on a phone, in both languages."""

from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from chassis.web import Pages
from chassis.web.formats import when
from chassis.web.language import current as language
from services.search.documents import Hit
from services.search.web import finding

LONGEST = 200


def pages() -> Pages:
    """The one page."""
    door = Pages("search", __name__, url_prefix="/<office:tenant>/search")
    door.add_url_rule("", "results", results)
    return door


def results() -> ResponseReturnValue:
    """What the words find."""
    words = request.args.get("q", "").strip()[:LONGEST]
    kind = request.args.get("kind")
    found = finding.find(words, kind, request.args.get("after")) if words else None
    hits = found.page.hits if found else ()
    following = found.page.next if found else None
    return render_template(
        "search/results.html",
        query=words,
        search_url=url_for("search.results"),
        services_url=f"/{g.tenant}/services",
        kinds=_chips(words, kind),
        results=[_result(hit) for hit in hits],
        total=found.page.total if found else 0,
        corrections=[one.sentence("en" if language() == "en" else "zh") for one in found.reading.corrections]
        if found
        else [],
        suggestions=[{"text": one, "href": _address(one)} for one in (found.suggestions if found else [])],
        next_url=_address(words, kind, following) if following else None,
    )


def _result(hit: Hit) -> dict[str, Any]:
    lang = "en" if language() == "en" else "zh"
    document = hit.document
    title = hit.title.get(lang) or hit.title.get("zh") or document.number
    return {
        "kind": kind_name(document.kind),
        "staff_only": document.visibility == "staff",
        "when": when(document.updated_at),
        "href": document.url,
        "number": document.number if document.kind == "case" else None,
        "title": title,
        "excerpt": hit.snippet.get(lang) or hit.snippet.get("zh") or "",
    }


def kind_name(kind: str) -> str:
    """How a kind is called."""
    names = {
        "service": gettext("服務"),
        "case": gettext("案件"),
        "park": gettext("公園"),
        "facility": gettext("設施"),
        "notice": gettext("公告"),
    }
    return str(names[kind])


def _chips(words: str, current: str | None) -> list[dict[str, Any]]:
    kinds = ["service", "park", "facility"]
    if finding.audience() == finding.STAFF:
        kinds.insert(0, "case")
    everything = {"label": gettext("全部"), "href": _address(words), "current": current not in kinds}
    return [
        everything,
        *({"label": kind_name(kind), "href": _address(words, kind), "current": kind == current} for kind in kinds),
    ]


def _address(words: str, kind: str | None = None, after: str | None = None) -> str:
    return url_for("search.results", q=words or None, kind=kind, after=after)
