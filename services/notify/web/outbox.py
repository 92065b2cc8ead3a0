"""The outbox, `/{tenant}/messages/…`: every message of the office, and one with all that happened to it."""

from typing import Any

from flask import g, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from chassis.clock import now
from chassis.web import Pages, Problem, current_runtime, language
from chassis.web.formats import when
from chassis.web.payloads import read_query
from chassis.web.staff import require_staff
from services.notify import listing
from services.notify.listing import Figures, Story
from services.notify.web import views, words
from services.notify.web.query import Which

PAGE = 25


def pages() -> Pages:
    """The outbox's pages. On a laptop's console they are open on purpose: they stand for the resident's telephone."""
    door = Pages("outbox", __name__, url_prefix="/<office:tenant>/messages")
    door.before_request(only_staff)
    door.add_url_rule("/", "index", index)
    door.add_url_rule("/<uuid:message_id>", "show", show)
    return door


def only_staff() -> AnyResponse | None:
    """Staff of this office, but for the laptop's console."""
    g.private = True
    return None if views.public(current_runtime()) else require_staff()


def index() -> str:
    """Figures, filters, messages."""
    runtime, which = current_runtime(), read_query(Which, ignore=(language.PARAMETER,))
    with runtime.store.session(g.tenant) as session:
        page = listing.page(session, which.wanted, PAGE, which.before, which.after)
        sums = listing.figures(session, now())
    return render_template(
        "notify/outbox.html",
        public=views.public(runtime),
        figures=_figures(sums),
        states=_chips(which, "state", {code: word for code, (word, _) in words.STATES.items()}),
        purposes=_chips(which, "purpose", words.PURPOSES),
        case=which.case or "",
        filtered=bool(which.filters()),
        messages=[views.shown(runtime, message) for message in page.messages],
        newer_url=_here(which.filters(), after=page.newer) if page.newer else None,
        older_url=_here(which.filters(), before=page.older) if page.older else None,
        may_resume_all=sums.parked > 0 and g.staff is not None and g.staff.may("chief", "head"),
    )


def show(message_id: Any) -> str:
    """One message: what was written, what happened, what can be done."""
    runtime = current_runtime()
    with runtime.store.session(g.tenant) as session:
        story = listing.story(session, str(message_id))
    if story is None:
        raise Problem(404, gettext("沒有這則訊息，可能已經過了保存期限。"))
    return render_template(
        "notify/message.html",
        public=views.public(runtime),
        message=views.shown(runtime, story.message),
        message_id=story.message.id,
        facts=_facts(story),
        events=_events(story),
        may=views.may(story.message),
        doubtful=story.message.code == "doubt",
    )


def _here(filters: dict[str, str], **place: str) -> str:
    query: dict[str, Any] = {**filters, **place}
    return url_for(".index", **query)


def _figures(sums: Figures) -> list[dict[str, Any]]:
    quota = g.office.quota
    return [
        {
            "value": sums.sms_today,
            "label": gettext("今天送出的簡訊"),
            "note": gettext("每日額度 %(count)s 則", count=f"{quota.sms_per_day:,}"),
        },
        {
            "value": sums.email_today,
            "label": gettext("今天送出的電子郵件"),
            "note": gettext("每日額度 %(count)s 封", count=f"{quota.email_per_day:,}"),
        },
        {"value": sums.waiting, "label": gettext("等待送出"), "href": url_for(".index", state="waiting")},
        _alarm(sums.parked, gettext("待人工處理"), "parked"),
        _alarm(sums.failed, gettext("七天內未送達"), "failed"),
        {"value": f"{sums.segments:,}", "label": gettext("本月簡訊計費段數")},
    ]


def _alarm(count: int, label: str, state: str) -> dict[str, Any]:
    return {"value": count, "label": label, "tone": "late" if count else "", "href": url_for(".index", state=state)}


def _chips(which: Which, name: str, choices: Any) -> list[dict[str, Any]]:
    chosen = which.filters()
    others = {key: value for key, value in chosen.items() if key != name}
    every = {"label": gettext("全部"), "href": _here(others), "current": name not in chosen}
    return [every] + [
        {"label": label, "href": _here({**others, name: code}), "current": chosen.get(name) == code}
        for code, label in choices.items()
    ]


def _facts(story: Story) -> list[dict[str, Any]]:
    message = story.message
    rows: list[tuple[str, Any]] = [
        (gettext("案件"), message.case_number),
        (gettext("通知"), words.purpose(message.purpose)),
        (gettext("方式"), words.channel(message.channel)),
        (gettext("主旨"), message.subject),
        (gettext("計費段數"), message.segments),
        (gettext("送過幾次"), message.attempt_no),
        (gettext("有效到"), when(message.expires_at)["text"]),
        (gettext("業者的編號"), message.reference),
    ]
    return [{"label": label, "value": value} for label, value in rows if value is not None]


def _events(story: Story) -> list[dict[str, Any]]:
    found = [(story.message.created_at, {"title": gettext("建立")})]
    for attempt in story.attempts:
        title, tone = words.ATTEMPTS.get(attempt.state, (attempt.state, ""))
        tag = {"text": gettext("第 %(count)s 次", count=attempt.n), "tone": tone}
        found.append((attempt.started_at, {"title": title, "tag": tag, "text": words.reason(attempt)}))
    for receipt in story.receipts:
        title = words.RECEIPTS.get(receipt.status, gettext("業者回報：其他"))
        found.append((receipt.received_at, {"title": title, "text": receipt.code}))
    for decision in story.decisions:
        title = words.DECISIONS.get(decision.action, decision.action)
        found.append((decision.decided_at, {"title": title, "meta": decision.name}))
    return [{**event, "when": when(moment), "state": "done"} for moment, event in sorted(found, key=lambda one: one[0])]
