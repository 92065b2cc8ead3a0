"""How figures are written on pages: large ones, bars with their table, rows. A number keeps its unit (U+00A0)."""

from typing import Any

from flask import g
from flask_babel import gettext

from chassis.web import language
from chassis.web.formats import when
from services.survey import questionnaire, statistics
from services.survey.model import Answer, Invitation
from services.survey.results import Results, ServiceTally, Tally
from services.survey.statistics import Estimate

NONE = "—"


def large(found: Results) -> list[dict[str, Any]]:
    """Invited, answered, response rate, score: with what each is compared to, or reckoned from."""
    whole = found.whole
    return [
        {"value": f"{whole.invited:,}", "label": gettext("邀請")},
        {"value": f"{whole.answered:,}", "label": gettext("回答"), "note": _growth(found.growth)},
        {"value": percent(whole.response_rate), "label": gettext("回答率"), "note": _of(whole)},
        {"value": _whole(whole.score), "label": gettext("滿意度分數"), "note": _score_note(found)},
    ]


def level_rows(tally: Tally) -> list[dict[str, Any]]:
    """A bar for each level, the dissatisfied in the colour of what is late."""
    return [_level_row(level, tally.counts[level], tally.answered) for level in questionnaire.LEVELS]


def service_row(one: ServiceTally) -> dict[str, Any]:
    """A line of the table by service."""
    tally = one.tally
    return {
        "name": one.name(language.current()),
        "invited": tally.invited,
        "answered": tally.answered,
        "rate": percent(tally.response_rate),
        "satisfied": percent(tally.satisfied.value if tally.satisfied else None),
        "between": _between(tally.satisfied, 100),
        "score": _whole(tally.score),
    }


def unhappy(answer: Answer, invitation: Invitation) -> dict[str, Any]:
    """A dissatisfied answer, with the way to its case."""
    asked, lang = questionnaire.VERSIONS[answer.questionnaire], language.current()
    return {
        "level": asked.level(answer.satisfaction)(lang),
        "when": when(answer.answered_at),
        "number": answer.case_number,
        "href": f"/{g.tenant}/desk/cases/{answer.case_number}",
        "service": invitation.service(lang),
        "reason": asked.reason.choice(answer.reason).words(lang) if answer.reason else NONE,
        "comment": answer.comment,
    }


def enough(tally: Tally) -> bool:
    """True when so many answered that anything may be published."""
    return tally.answered >= statistics.SMALLEST_CELL


def published(tally: Tally) -> list[dict[str, Any]]:
    """What everybody may read: how many, and the score without decimals."""
    return [
        {"value": f"{tally.answered:,}", "label": gettext("回答"), "note": _of(tally)},
        {"value": percent(tally.response_rate), "label": gettext("回答率")},
        {"value": _whole(tally.score), "label": gettext("滿意度分數"), "note": gettext("0 到 100 分")},
    ]


def published_rows(tally: Tally) -> list[dict[str, Any]]:
    """Bars for everybody: small cells say only that they are small."""
    cells = statistics.suppressed(tally.counts)
    return [_level_row(level, cells[level], tally.answered) for level in questionnaire.LEVELS]


def percent(share: float | None) -> str:
    """86.2 %, or a dash."""
    return NONE if share is None else f"{100 * share:.1f}\u00a0%"


def _level_row(level: int, count: int | None, answered: int) -> dict[str, Any]:
    label = questionnaire.VERSIONS[questionnaire.CURRENT].level(level)(language.current())
    if count is None:
        return {"label": label, "value": gettext("不公布"), "share": 0}
    share = count / answered if answered else 0
    width = round(100 * share, 2)
    late = width if questionnaire.dissatisfied(level) else 0
    return {"label": label, "value": f"{count:,}\u2002{100 * share:.0f}\u00a0%", "share": width, "late": late}


def _whole(score: Estimate | None) -> str:
    return NONE if score is None else f"{score.value:.0f}"


def _of(tally: Tally) -> str:
    return str(gettext("%(invited)s 人中有 %(answered)s 人", invited=tally.invited, answered=tally.answered))


def _between(estimate: Estimate | None, times: float = 1) -> str:
    if estimate is None:
        return ""
    low, high = f"{times * estimate.low:.0f}", f"{times * estimate.high:.0f}"
    return str(gettext("95 %% 區間 %(low)s–%(high)s", low=low, high=high))


def _growth(rate: float | None) -> str:
    if rate is None:
        return str(gettext("前期沒有回答，無法比較"))
    return str(gettext("比前期 %(rate)s %%", rate=f"{rate:+.1f}"))


def _score_note(found: Results) -> str:
    parts = [_between(found.whole.score)]
    if found.score_change is not None:
        parts.append(gettext("比前期 %(points)s 分", points=f"{found.score_change:+.1f}"))
    return " ・ ".join(part for part in parts if part)
