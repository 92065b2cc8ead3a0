"""What the desk shows of one case: beside the list in short, on its own page whole."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import g, url_for
from flask_babel import gettext

from chassis import clock
from chassis.store.tenancy import ScopedSession
from chassis.web import current_runtime
from chassis.web.formats import telephone
from chassis.web.language import current as language
from services.intake import attachments, cases, clocks, queue, staff
from services.intake.act import Act
from services.intake.cases import find_case
from services.intake.lifecycle import ACTIONS, Action
from services.intake.model import Case, StaffMember
from services.intake.request import service_of
from services.intake.web import desk_history, desk_line, files, lamp, rights
from services.intake.web.words import said


def panel(session: ScopedSession, case: Case, now: datetime) -> dict[str, Any]:
    """The side panel: what it is about, and the next actions; `placed` adds where it is."""
    return {
        **_head(case),
        "href": desk_line.address(case),
        "facts": _facts(case, now),
        "people": _people(session, case),
        "actions": _actions(case),
    }


def page(number: str) -> dict[str, Any]:
    """The context of the case's page. Errors: `NoSuchCase`."""
    now = clock.now()
    with current_runtime().store.session(g.tenant) as session:
        case = find_case(session, number)
        shown = {
            **_head(case),
            "service": _label(case),
            "status": desk_line.status(case, now),
            "version": case.version,
            "plate": _plate(case, now),
            "tone": _tone(case, now),
            "answers": _answers(session, case),
            "files": files.links(attachments.of_case(session, number), lambda sha: _file(number, sha)),
            "timeline": desk_history.items(session, case),
            "can": {action.value for action in cases.possible(case, rights.member().roles)},
        }
        handlers = [] if case.closed_at else staff.handlers(session)
    return {
        "case": shown | placed(case),
        "back_url": url_for("desk.queue"),
        "handlers": _options(handlers),
        "missing": [{"value": one.code, "text": one.text(language())} for one in _standard("return")],
        "templates": [
            {"value": "", "text": gettext("不用範本")},
            *({"value": one.code, "text": one.text(language())} for one in _standard("close")),
        ],
    }


def placed(case: Case) -> dict[str, Any]:
    """Where it is and what stands there. gis is asked: not within a transaction."""
    asked = case.asset_kind and case.asset_number
    found = lamp.look_up(case.asset_number or "", case.asset_kind or "").found if asked else None
    point = lamp.point_of(found) if found else None
    if case.lon is not None and case.lat is not None:
        point = [case.lon, case.lat]
    return {
        "point": point,
        "nearby": lamp.nearby(found, case.asset_kind or "") if found else [],
        "thing": _thing(case, found) if found else [],
    }


def standard_texts(act: Act, number: str, kind: str, codes: Iterable[str]) -> list[str]:
    """The office's standard texts of these codes, in the applicant's language; unknown codes are passed over."""
    case = find_case(act.session, number)
    texts = {one.code: one.text(case.language) for one in act.office.templates if one.kind == kind}
    return [texts[code] for code in codes if code in texts]


def _head(case: Case) -> dict[str, Any]:
    return {
        "title": desk_line.title(case),
        "number": case.number,
        "channel": desk_line.channel(case.channel),
        "description": case.description or gettext("（沒有說明）"),
    }


def _tone(case: Case, now: datetime) -> str:
    if case.closed_at:
        return ""
    return "late" if clocks.is_overdue(case, now) else "now"


def _label(case: Case) -> str:
    service = service_of(g.office, case.service_code)
    return service.name(language()) if service else case.service_code


def _thing(case: Case, found: dict[str, Any]) -> list[dict[str, Any]]:
    kinds = {"lamp": gettext("路燈"), "park": gettext("公園"), "facility": gettext("設施")}
    label = str(kinds.get(case.asset_kind or "", gettext("設施")))
    times = found.get("reports_this_year") or 0
    often = gettext("一年內第 %(times)s 次報修", times=times) if times > 1 else ""
    what = " ・ ".join(part for part in (lamp.detail_of(found), str(often)) if part)
    where = "" if case.address else lamp.place_of(found)
    return _rows((gettext("地點"), where), (label, what))


def _facts(case: Case, now: datetime) -> list[dict[str, Any]]:
    return _rows((gettext("期限"), desk_line.left(case, now)), (gettext("地點"), case.address))


def _people(session: ScopedSession, case: Case) -> list[dict[str, Any]]:
    others = _others(session, case)
    return _rows(
        (gettext("同一處"), gettext("另有 %(count)s 件未結", count=others) if others else None),
        (gettext("承辦"), _handled_by(session, case)),
        (gettext("民眾"), case.name),
    )


def _rows(*rows: tuple[str, str | None]) -> list[dict[str, Any]]:
    return [{"label": label, "value": value} for label, value in rows if value]


def _handled_by(session: ScopedSession, case: Case) -> str:
    member = staff.active_member(session, case.handler) if case.handler else None
    return _person(member) if member else str(gettext("還沒有人承辦"))


def _person(member: StaffMember) -> str:
    if not member.extension:
        return member.name
    return str(gettext("%(name)s（分機 %(extension)s）", name=member.name, extension=member.extension))


def _others(session: ScopedSession, case: Case) -> int:
    if not case.asset_number or not case.asset_kind:
        return 0
    open_cases = queue.open_for_asset(session, case.asset_kind, case.asset_number)
    return sum(one.number != case.number for one in open_cases)


def _actions(case: Case) -> list[dict[str, Any]]:
    possible = cases.possible(case, rights.member().roles)
    shown = [action for action in (Action.TAKE, Action.RETURN, Action.CLOSE) if action in possible]
    return [
        {
            "text": said(ACTIONS[action].label),
            "post": action is Action.TAKE,
            "version": case.version,
            "href": url_for("desk.take", number=case.number)
            if action is Action.TAKE
            else f"{desk_line.address(case)}#{action.value}-title",
        }
        for action in shown
    ]


def _plate(case: Case, now: datetime) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": gettext("案件編號"), "value": case.number, "mono": True, "copyable": True},
        {"label": gettext("期限"), "value": desk_line.left(case, now)},
    ]
    if case.satisfaction is not None:
        facts.append({"label": gettext("滿意度"), "value": f"{case.satisfaction} / 5"})
    return facts


def _answers(session: ScopedSession, case: Case) -> list[dict[str, Any]]:
    rows = [
        (gettext("燈桿號碼") if case.asset_kind == "lamp" else gettext("設施編號"), case.asset_number, True),
        (gettext("地點"), case.address, False),
        (gettext("姓名"), case.name, False),
        (gettext("手機號碼"), telephone(case.phone or ""), True),
        (gettext("電子郵件"), case.email, False),
        (gettext("承辦"), _handled_by(session, case), False),
        (gettext("回覆"), case.reply, False),
        (gettext("不滿意的原因"), case.dissatisfaction_reason, False),
    ]
    return [{"label": label, "value": value, "mono": mono} for label, value, mono in rows if value]


def _file(number: str, sha256: str) -> str:
    return url_for("desk.file", number=number, sha256=sha256)


def _options(members: Iterable[StaffMember]) -> list[dict[str, str]]:
    people = [{"value": one.username, "text": f"{_section(one)}{_person(one)}"} for one in members]
    return [{"value": "", "text": gettext("選承辦人")}, *people]


def _section(member: StaffMember) -> str:
    known = next((one for one in g.office.sections if one.code == member.section), None)
    return f"{known.name(language())} ・ " if known else ""


def _standard(kind: str) -> list[Any]:
    return [one for one in g.office.templates if one.kind == kind]
