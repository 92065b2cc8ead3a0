"""The head's page (市長／區長, YM9, YM10): figures, every "dissatisfied" answer, what is late, sections and months."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from chassis import clock
from chassis.clock import TAIPEI
from chassis.web import Pages, current_runtime
from chassis.web.formats import MONTHS, when
from chassis.web.language import current as language
from chassis.web.staff import staff_required
from services.intake import figures, staff
from services.intake.model import Case
from services.intake.web import desk_line


def pages() -> Pages:
    """The head's page."""
    door = Pages("head", __name__, url_prefix="/<office:tenant>/desk/head")
    door.add_url_rule("", "overview", staff_required("chief", "head")(overview))
    return door


def overview() -> ResponseReturnValue:
    """Figures first, then what needs me, then charts with tables."""
    now = clock.now()
    with current_runtime().store.session(g.tenant) as session:
        found = figures.head_page(session, g.office, now)
        names = {member.username: member.name for member in staff.members(session)}
    return render_template(
        "intake/head.html",
        heading=gettext("%(head)s總覽", head=g.office.head(language())),
        period=_period(now),
        figures=_figures(found.figures),
        unhappy=[_answer(case) | _whose(case, names) for case in found.dissatisfied],
        late=[desk_line.row(case, now) | _whose(case, names) for case in found.overdue],
        months=[_month(month) for month in found.months],
        sections=_sections(found),
    )


def _figures(sums: figures.Figures) -> list[dict[str, Any]]:
    on_time = "–" if sums.on_time is None else f"{sums.on_time * 100:.1f}"
    return [
        {"value": sums.opened_this_month, "label": gettext("本月收件")},
        {"value": sums.closed_this_month, "label": gettext("本月結案")},
        {"value": on_time, "unit": "%" if sums.on_time is not None else "", "label": gettext("本月準時")},
        {
            "value": sums.overdue,
            "label": gettext("逾期"),
            "tone": "late" if sums.overdue else "",
            "href": url_for("desk.queue", queue="overdue"),
        },
    ]


def _answer(case: Case) -> dict[str, Any]:
    return {
        "score": gettext("滿意度 %(score)s / 5", score=case.satisfaction),
        "when": when(case.answered_at) if case.answered_at else "",
        "href": url_for("desk.case", number=case.number),
        "title": desk_line.title(case),
        "number": case.number,
        "reason": case.dissatisfaction_reason or gettext("沒有寫原因"),
    }


def _whose(case: Case, names: Mapping[str, str]) -> dict[str, str]:
    section = _section(case.section)
    return {"handler": f"{section} ・ {names.get(case.handler, case.handler)}" if case.handler else section}


def _period(now: datetime) -> str:
    there = now.astimezone(TAIPEI)
    if language() == "en":
        return f"{MONTHS[there.month - 1]} {there.year}"
    return f"{there.year} 年 {there.month} 月"


def _month(month: figures.MonthFigures) -> dict[str, Any]:
    # A number, because twelve of them have to fit on a phone.
    return {"label": str(month.month.astimezone(TAIPEI).month), "value": month.opened}


def _sections(found: figures.HeadPage) -> list[dict[str, Any]]:
    rows = [one for one in found.sections if one.open]
    most = max((one.open for one in rows), default=1)
    return [
        {
            "label": _section(one.section),
            "value": gettext("%(open)s（%(late)s）", open=one.open, late=one.overdue),
            "share": round(100 * one.open / most),
            "late": round(100 * one.overdue / most),
        }
        for one in rows
    ]


def _section(code: str) -> str:
    return next((one.name(language()) for one in g.office.sections if one.code == code), code)
