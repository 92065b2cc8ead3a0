"""A case's history as the desk shows it: what was done, by whom, and what became of the messages."""

from typing import Any

from flask_babel import gettext

from chassis.store.tenancy import ScopedSession
from chassis.web.formats import moment
from services.intake import timeline
from services.intake.model import Case, HistoryRow, MessageNote


def items(session: ScopedSession, case: Case) -> list[dict[str, Any]]:
    """Oldest first; the last one of an open case is now."""
    lines = [(line.at, _line(line)) for line in timeline.lines(session, case.number)]
    notes = [(note.at, _note(note)) for note in timeline.messages(session, case.number)]
    shown = [item for _, item in sorted([*lines, *notes], key=lambda pair: pair[0])]
    if shown and not case.closed_at:
        shown[-1]["state"] = "now"
    return shown


def _line(line: HistoryRow) -> dict[str, Any]:
    return {
        "title": _title(line),
        "when": moment(line.at),
        "meta": line.actor_name or _kind(line),
        "text": _text(line),
        "state": "done",
    }


def _title(line: HistoryRow) -> str:
    words = {
        "open": gettext("已收件"),
        "take": gettext("已接辦"),
        "assign": gettext("已分派"),
        "return": gettext("已請民眾補件"),
        "supplement": gettext("民眾已補件"),
        "close": gettext("已結案"),
        "reopen": gettext("已重啟"),
        "withdraw": gettext("民眾已撤回"),
        "answer": gettext("民眾填了滿意度"),
    }
    return str(words.get(line.action, line.action))


def _kind(line: HistoryRow) -> str:
    return str({"applicant": gettext("民眾"), "system": gettext("系統")}.get(line.actor_kind, ""))


def _text(line: HistoryRow) -> str:
    details = line.details
    score = f"{details['satisfaction']} / 5" if "satisfaction" in details else None
    parts = [*details.get("missing", []), details.get("handler_name"), score, line.text]
    return "\n".join(part for part in parts if part)


def _note(note: MessageNote) -> dict[str, Any]:
    way = gettext("簡訊") if note.channel == "sms" else gettext("電子郵件")
    failed = note.state == "failed"
    return {
        "title": gettext("%(way)s未送達", way=way) if failed else gettext("%(way)s已送出", way=way),
        "tag": {"text": gettext("未送達"), "tone": "late"} if failed else None,
        "when": moment(note.at),
        "text": note.reason if failed else None,
        "state": "done",
    }
