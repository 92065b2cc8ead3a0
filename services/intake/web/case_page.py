"""A case as its applicant sees it: the heading is the status, then the number, what is wanted, the timeline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from chassis.store.tenancy import ScopedSession
from chassis.tenants import Tenant
from chassis.web.context import OfficeView
from chassis.web.formats import day, telephone, when
from chassis.web.language import current as language
from services.intake import attachments, cases, clocks, staff, timeline
from services.intake.act import APPLICANT
from services.intake.lifecycle import Action, State
from services.intake.model import Case, HistoryRow
from services.intake.request import service_of
from services.intake.web import files


def of(session: ScopedSession, case: Case, office: Tenant, now: datetime) -> dict[str, Any]:
    """Everything the page shows."""
    lines = timeline.lines(session, case.number)
    possible = cases.possible(case, APPLICANT.roles)
    return {
        "service": _service_name(case, office),
        "heading": heading(case, now),
        "facts": _facts(case, office, now),
        "tone": "" if case.closed_at else "now",
        "wanted": _wanted(case, lines) if Action.SUPPLEMENT in possible else None,
        "timeline": _timeline(session, case, lines),
        "answers": _answers(case),
        "files": _files(session, case),
        "reply": case.reply if case.closed_at else None,
        "handler": _handler(session, case, office),
        "actions": _actions(case, possible),
    }


def wanted(session: ScopedSession, case: Case) -> list[str]:
    """What the applicant was asked for last."""
    asked = [line for line in timeline.lines(session, case.number) if line.action == "return"]
    return list(asked[-1].details.get("missing", [])) if asked else []


def heading(case: Case, now: datetime) -> str:
    """處理中，預計 11 月 24 日（二）前完成."""
    if case.status == State.RETURNED:
        return str(gettext("請您補件，時限已暫停"))
    if case.status == State.CLOSED and case.closed_at:
        return str(gettext("已結案，%(day)s", day=day(case.closed_at)))
    state = _state(State(case.status))
    if case.closed_at or case.deadline is None:
        return state
    if clocks.is_overdue(case, now):
        return str(gettext("%(state)s，原訂 %(day)s前完成", state=state, day=day(case.deadline)))
    return str(gettext("%(state)s，預計 %(day)s前完成", state=state, day=day(case.deadline)))


def _state(state: State) -> str:
    # Between the reply and its signature nothing has changed for the applicant: it is being handled.
    words = {
        State.RECEIVED: gettext("已收件"),
        State.IN_PROGRESS: gettext("處理中"),
        State.RESOLVED: gettext("處理中"),
        State.WITHDRAWN: gettext("已撤回"),
        State.CANCELLED: gettext("已註銷"),
    }
    return str(words[state])


def _service_name(case: Case, office: Tenant) -> str:
    service = service_of(office, case.service_code)
    return service.name(language()) if service else case.service_code


def _facts(case: Case, office: Tenant, now: datetime) -> list[dict[str, Any]]:
    number = {"label": gettext("案件編號"), "value": case.number, "mono": True, "copyable": True}
    left = None if case.closed_at else clocks.days_left(case, now, office)
    if left is None:
        return [number]
    if left == 0 and not clocks.is_overdue(case, now):
        return [number, {"label": gettext("期限"), "value": gettext("今天")}]
    unit = ngettext("個工作天", "個工作天", abs(left))
    label = gettext("還有") if left > 0 else gettext("已經超過")
    return [number, {"label": label, "value": abs(left), "unit": unit}]


def _wanted(case: Case, lines: Sequence[HistoryRow]) -> dict[str, Any]:
    asked = next((line for line in reversed(lines) if line.action == "return"), None)
    return {
        "items": list(asked.details.get("missing", [])) if asked else [],
        "note": asked.text if asked else None,
        "href": url_for("follow.supplement", number=case.number),
    }


def _timeline(session: ScopedSession, case: Case, lines: Sequence[HistoryRow]) -> list[dict[str, Any]]:
    told = {note.purpose for note in timeline.messages(session, case.number) if note.state == "accepted"}
    shown = [line for line in lines if line.action in _TITLES]
    items = [_item(line, case, told) for line in shown]
    if items and not case.closed_at:
        items[-1]["state"] = "now"
        items.append({"title": gettext("完成，通知您並請您評分"), "state": "next"})
    return items


def _item(line: HistoryRow, case: Case, told: set[str]) -> dict[str, Any]:
    meta = [_who(line)] if line.actor_kind == "staff" and line.action != "open" else []
    if _PURPOSES.get(line.action) in told:
        meta.append(str(gettext("已通知您")))
    return {
        "title": str(_TITLES[line.action]),
        "when": when(line.at),
        "meta": " ・ ".join(meta),
        "text": _text(line, case),
        "state": "done",
    }


def _text(line: HistoryRow, case: Case) -> str:
    if line.action == "close" and case.closed_at and line.text == case.reply:
        return ""  # the page says it above already
    asked = line.details.get("missing", []) if line.action == "return" else []
    own = line.text if line.action in ("return", "supplement", "close", "reopen") else None
    return "\n".join([*asked, *filter(None, [own])])


def _who(line: HistoryRow) -> str:
    return str(gettext("承辦 %(name)s", name=line.details.get("handler_name") or line.actor_name or line.actor))


_PURPOSES = {"open": "case_opened", "return": "case_returned", "close": "case_closed"}
_TITLES: dict[str, LazyString] = {
    "open": lazy_gettext("已收件"),
    "take": lazy_gettext("承辦人開始處理"),
    "assign": lazy_gettext("分派給承辦人"),
    "return": lazy_gettext("請您補件"),
    "supplement": lazy_gettext("您補件了"),
    "close": lazy_gettext("已結案"),
    "reopen": lazy_gettext("重新處理"),
    "withdraw": lazy_gettext("您撤回了這件"),
    "answer": lazy_gettext("您填了滿意度，謝謝"),
}


def _answers(case: Case) -> list[dict[str, Any]]:
    rows = [
        (gettext("燈桿號碼"), case.asset_number, True),
        (gettext("地點"), case.address, False),
        (gettext("說明"), case.description, False),
        (gettext("姓名"), case.name, False),
        (gettext("手機號碼"), telephone(case.phone or ""), True),
    ]
    return [{"label": label, "value": value, "mono": mono} for label, value, mono in rows if value]


def _files(session: ScopedSession, case: Case) -> list[dict[str, Any]]:
    found = attachments.of_case(session, case.number)
    return files.links(found, lambda sha256: url_for("follow.file", number=case.number, sha256=sha256))


def _handler(session: ScopedSession, case: Case, office: Tenant) -> dict[str, Any] | None:
    member = staff.active_member(session, case.handler) if case.handler else None
    if member is None:
        return None
    deputy = staff.active_member(session, member.deputy) if member.deputy else None
    return {
        "name": member.name,
        "section": office.section(case.section).name(language()),
        "extension": member.extension,
        "email": member.email,
        "deputy": deputy.name if deputy else None,
        "deputy_extension": deputy.extension if deputy else None,
        "telephone": OfficeView(office).telephone,
    }


def _actions(case: Case, possible: tuple[Action, ...]) -> list[dict[str, str]]:
    if Action.WITHDRAW not in possible:
        return []
    return [{"text": gettext("撤回這件"), "href": url_for("follow.withdraw", number=case.number)}]
