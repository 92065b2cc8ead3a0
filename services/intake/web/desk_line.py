"""A case in a line, as every list of the desk writes it: what, how it stands, how much time is left."""

from datetime import datetime
from typing import Any

from flask import g, url_for
from flask_babel import gettext, ngettext

from chassis.clock import TAIPEI
from chassis.web.language import current as language
from services.intake import clocks
from services.intake.lifecycle import State
from services.intake.model import Case
from services.intake.request import service_of


def row(case: Case, now: datetime) -> dict[str, Any]:
    """A line of a list."""
    return {
        "left": left(case, now),
        "due": f"{case.deadline.astimezone(TAIPEI):%m-%d %H:%M}" if case.deadline and not case.paused_at else "",
        "late": clocks.is_overdue(case, now) and not case.closed_at,
        "title": title(case),
        # A lamp's title is its number: what was said about it tells more than nothing.
        "place": case.address or (case.description or "" if case.asset_number else ""),
        "status": status(case, now),
        "number": case.number,
        "href": address(case),
    }


def title(case: Case) -> str:
    """路燈報修 01234, in the page's language."""
    service = service_of(g.office, case.service_code)
    if language() != "en" or service is None:
        return case.title
    return f"{service.name.en} {case.title.removeprefix(service.name.zh).strip()}".strip()


def status(case: Case, now: datetime) -> str:
    """The status a list shows: overdue is said before the state."""
    if not case.closed_at and not case.paused_at and clocks.is_overdue(case, now):
        return "overdue"
    return "new" if case.status == State.RECEIVED else case.status


def left(case: Case, now: datetime) -> str:
    """剩 2 天, 今天到期, 逾 1 天, 暫停."""
    days = clocks.days_left(case, now, g.office)
    if case.closed_at:
        return str(gettext("已結束"))
    if case.paused_at:
        return str(gettext("暫停"))
    if days is None:
        return str(gettext("沒有期限"))
    if clocks.is_overdue(case, now):
        return str(ngettext("逾 %(num)s 天", "逾 %(num)s 天", -days) if days else gettext("今天逾期"))
    return str(ngettext("剩 %(num)s 天", "剩 %(num)s 天", days) if days else gettext("今天到期"))


def address(case: Case) -> str:
    """The case's page."""
    return url_for("desk.case", number=case.number)


def channel(code: str) -> str:
    """How the case came in."""
    names = {
        "web": gettext("民眾網路申辦"),
        "counter": gettext("臨櫃"),
        "phone": gettext("電話"),
        "letter": gettext("書信"),
        "mail": gettext("首長信箱"),
        "social": gettext("社群"),
        "open311": gettext("介接系統"),
        "hotline": gettext("1999 專線"),
    }
    return str(names.get(code, code))
