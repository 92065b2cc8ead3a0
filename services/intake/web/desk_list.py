"""What the desk's list shows: queues with counts, figures, rows by deadline, and the selected case beside them."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext

from chassis import clock
from chassis.store.tenancy import ScopedSession
from chassis.web import current_runtime
from chassis.web.language import current as language
from services.intake import figures, queue
from services.intake.cases import NoSuchCase, find_case
from services.intake.model import Case
from services.intake.request import service_of
from services.intake.web import desk_case, desk_line

ALARMS = ("overdue", "dissatisfied", "undelivered")


def page(name: queue.Name, service: str | None, after: str | None) -> dict[str, Any]:
    """The context of the desk's page. Errors: `WrongCursor`."""
    now = clock.now()
    desk = queue.Desk(handler=g.staff.username, section=g.staff.section or None, now=now)
    with current_runtime().store.session(g.tenant) as session:
        found = queue.page(session, desk, name, service=service, after=after)
        counts = queue.counts(session, desk)
        services = queue.by_service(session, desk, name)
        sums = figures.figures(session, g.office, now, desk.section)
        selected = _selected(session, found.cases)
        panel = desk_case.panel(session, selected, now) if selected else None
    return {
        "heading": _names()[name],
        "queues": _queues(name, counts),
        "figures": _figures(sums),
        "chips": _chips(name, service, services),
        "cases": [desk_line.row(case, now) | _place(case, selected) for case in found.cases],
        "case": panel | desk_case.placed(selected) if panel and selected else None,
        "total": services.get(service, 0) if service else sum(services.values()),
        "previous_url": _here(after=None) if after else None,
        "next_url": _here(after=found.after) if found.after else None,
        "search_url": f"/{g.tenant}/search",
        "unassigned_url": url_for("desk.queue", queue="unassigned"),
    }


def _here(**changed: str | None) -> str:
    kept = {name: request.args.get(name) for name in ("queue", "service", "after")}
    values: dict[str, Any] = {**kept, **changed}
    return url_for("desk.queue", **values)


def _place(case: Case, selected: Case | None) -> dict[str, Any]:
    return {"current": case is selected, "href": f"{_here(case=case.number)}#case"}


def _selected(session: ScopedSession, shown: Iterable[Case]) -> Case | None:
    number = request.args.get("case")
    if number is None:
        return next(iter(shown), None)
    here = next((case for case in shown if case.number == number), None)
    try:
        return here or find_case(session, number)
    except NoSuchCase:
        return None


def _names() -> dict[str, str]:
    return {
        "open": gettext("全部處理中"),
        "mine": gettext("我的案件"),
        "unassigned": gettext("課內未分派"),
        "waiting": gettext("等待民眾"),
        "overdue": gettext("逾期"),
        "dissatisfied": gettext("不滿意回覆"),
        "undelivered": gettext("簡訊未送達"),
        "closed": gettext("已結案"),
    }


def _queues(current: str, counts: Mapping[Any, int]) -> list[dict[str, Any]]:
    names = _names()

    def items(*wanted: str) -> list[dict[str, Any]]:
        return [
            {
                "label": names[name],
                "href": url_for("desk.queue", queue=name),
                "count": counts.get(name, ""),
                "current": name == current,
                "late": name in ALARMS and bool(counts.get(name)),
            }
            for name in wanted
        ]

    return [
        {"items": items("mine", "unassigned", "waiting", "open", "closed")},
        {"heading": gettext("提醒"), "items": items(*ALARMS)},
    ]


def _chips(name: str, current: str | None, services: Mapping[str, int]) -> list[dict[str, Any]]:
    if len(services) < 2 and current is None:
        return []
    everything = {
        "label": gettext("全部"),
        "count": sum(services.values()),
        "href": url_for("desk.queue", queue=name),
        "current": current is None,
    }
    return [everything, *(_chip(name, code, count, current) for code, count in services.items())]


def _chip(name: str, code: str, count: int, current: str | None) -> dict[str, Any]:
    service = service_of(g.office, code)
    return {
        "label": service.name(language()) if service else code,
        "count": count,
        "href": url_for("desk.queue", queue=name, service=code),
        "current": code == current,
    }


def _figures(sums: figures.Figures) -> list[dict[str, Any]]:
    on_time = "–" if sums.on_time is None else f"{sums.on_time * 100:.1f}"
    whose = gettext("本課處理中") if g.staff.section else gettext("全所處理中")
    return [
        {"value": sums.open, "label": whose},
        {"value": sums.overdue, "label": gettext("逾期"), "tone": "late" if sums.overdue else ""},
        {"value": sums.due_soon, "label": gettext("兩天內到期")},
        {"value": on_time, "unit": "%" if sums.on_time is not None else "", "label": gettext("本月準時")},
    ]
