"""The office's pages, `/{tenant}/surveys/…`: figures for chief and head, as CSV too, and what everybody may read."""

from datetime import timedelta
from typing import Any

from flask import Response, g, render_template, url_for
from flask_babel import gettext

from chassis.clock import TAIPEI, now
from chassis.web import Pages, current_runtime, language
from chassis.web.formats import day
from chassis.web.payloads import read_query
from chassis.web.staff import staff_required
from services.survey import invitations, results, spreadsheet
from services.survey.periods import Period, last_quarter, period
from services.survey.questionnaire import CURRENT, LEVELS, VERSIONS
from services.survey.results import Results, Tally
from services.survey.web import figures
from services.survey.web.query import Which

pages = Pages("surveys", __name__, url_prefix="/<office:tenant>/surveys")


@pages.get("/")
@staff_required("chief", "head")
def index() -> str:
    """Figures first, then what needs the reader, then tables."""
    which = read_query(Which, ignore=(language.PARAMETER,)).period
    span = period(which, now())
    with current_runtime().store.session(g.tenant) as session:
        found = results.results(session, span)
        unhappy = results.dissatisfied(session, span)
    return render_template(
        "survey/results.html",
        chips=_chips(which),
        span=_span(span),
        figures=figures.large(found),
        levels=figures.level_rows(found.whole),
        services=[figures.service_row(one) for one in found.services],
        unhappy=[figures.unhappy(answer, invitation) for answer, invitation in unhappy],
        answered=found.whole.answered,
        export_url=url_for(".export", period=which),
        published_url=url_for(".published"),
    )


@pages.get("/results.csv")
@staff_required("chief", "head")
def export() -> Response:
    """The counts as CSV."""
    which = read_query(Which, ignore=(language.PARAMETER,)).period
    span = period(which, now())
    with current_runtime().store.session(g.tenant) as session:
        found = results.results(session, span)
    name = f"survey-{g.tenant}-{span.start.astimezone(TAIPEI):%Y-%m}-{which}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(_csv(found), mimetype="text/csv", headers=headers)


@pages.get("/results")
def published() -> str:
    """The last quarter for everybody, without cells that are small enough to recognise somebody in."""
    # Nobody can answer about that quarter any more: figures that still moved would tell the newest answer.
    span = last_quarter(now() - invitations.OPEN_FOR)
    with current_runtime().store.session(g.tenant) as session:
        found = results.results(session, span)
    return render_template(
        "survey/published.html",
        span=_span(span),
        figures=figures.published(found.whole),
        levels=figures.published_rows(found.whole),
        enough=figures.enough(found.whole),
    )


def _chips(which: str) -> list[dict[str, Any]]:
    labels = {"this_month": gettext("本月"), "last_month": gettext("上個月"), "this_year": gettext("今年")}
    return [
        {"label": label, "href": url_for(".index", period=name), "current": name == which}
        for name, label in labels.items()
    ]


def _span(span: Period) -> str:
    last = span.end - timedelta(microseconds=1)
    return f"{day(span.start)} – {day(last)}"


def _csv(found: Results) -> bytes:
    lang = language.current()
    levels = [VERSIONS[CURRENT].level(level)(lang) for level in LEVELS]
    head = [gettext("代碼"), gettext("服務"), gettext("邀請"), gettext("回答"), *levels, gettext("滿意度分數")]
    rows = [("", gettext("合計"), *_cells(found.whole))]
    rows += [(one.code, one.name(lang), *_cells(one.tally)) for one in found.services]
    return spreadsheet.written(head, rows)


def _cells(tally: Tally) -> tuple[int | float | None, ...]:
    score = round(tally.score.value, 2) if tally.score else None
    return (tally.invited, tally.answered, *(tally.counts[level] for level in LEVELS), score)
