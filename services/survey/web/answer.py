"""The resident's pages, `/s/{token}`: one thing a page, what was filled in stays, and all without JavaScript."""

from typing import Any, ClassVar

from flask import g, redirect, render_template, url_for
from flask_babel import LazyString, gettext, lazy_gettext
from pydantic import Field, field_validator
from werkzeug.wrappers import Response

from chassis.clock import now
from chassis.web import Pages, current_runtime, forms, language
from chassis.web.forms import Form, FormErrors
from services.survey import answering
from services.survey.answering import Filled, Incomplete, NotOpen
from services.survey.questionnaire import LONGEST_COMMENT, Question
from services.survey.web import entry

CHOOSE = lazy_gettext("請選一個最接近的答案。")

Page = str | Response | tuple[str, int]

pages = Pages("answer", __name__, url_prefix="/s/<token>", largest=65_536)


class LevelForm(Form):
    """The first question."""

    wording: ClassVar[dict[str, LazyString]] = {"satisfaction": CHOOSE}

    satisfaction: int = Field(ge=1, le=5)


class CommentForm(Form):
    """What one would like to add."""

    comment: str | None = Field(default=None, max_length=LONGEST_COMMENT)

    @field_validator("comment", mode="before")
    @classmethod
    def _one_line_break(cls, text: Any) -> Any:
        # Browsers send two characters for a line break and count one.
        return text.replace("\r\n", "\n") if isinstance(text, str) else text


class ReasonForm(CommentForm):
    """What was wrong: a standard reason, and what one would like to add."""

    wording: ClassVar[dict[str, LazyString]] = {"reason": CHOOSE}

    reason: str = Field(max_length=40)


@pages.url_value_preprocessor
def _take_token(endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.survey_token = (values or {}).pop("token", "")


@pages.url_defaults
def _give_token(endpoint: str, values: dict[str, Any]) -> None:
    values.setdefault("token", g.survey_token)


@pages.before_request
def _enter() -> None:
    entry.enter(g.survey_token)


@pages.after_request
def _not_for_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@pages.get("")
def level() -> Page:
    """Question 1."""
    entry.refuse_unless_open()
    return _level_page({"satisfaction": _filled().satisfaction})


@pages.post("")
def take_level() -> Page:
    """Keep question 1."""
    entry.refuse_unless_open()
    try:
        form = forms.read(LevelForm)
    except FormErrors as errors:
        return _level_page(forms.sent(), errors=errors.by_field), 422
    _fill(satisfaction=form.satisfaction)
    return redirect(url_for(".more"), 303)


@pages.get("/more")
def more() -> Page:
    """Question 2: the reason, or a comment."""
    entry.refuse_unless_open()
    filled = _filled()
    if filled.satisfaction is None:
        return redirect(url_for(".level"))
    return _more_page(filled.dissatisfied, {"reason": filled.reason, "comment": filled.comment})


@pages.post("/more")
def take_more() -> Page:
    """Keep question 2."""
    entry.refuse_unless_open()
    filled = _filled()
    if filled.satisfaction is None:
        return redirect(url_for(".level"), 303)
    try:
        given = _read_reason() if filled.dissatisfied else forms.read(CommentForm, ignore=("reason",)).model_dump()
    except FormErrors as errors:
        return _more_page(filled.dissatisfied, forms.sent(), errors=errors.by_field), 422
    _fill(**given)
    return redirect(url_for(".check"), 303)


@pages.get("/check")
def check() -> Page:
    """Everything once more before it is sent."""
    entry.refuse_unless_open()
    filled = _filled()
    if not filled.complete:
        return redirect(url_for(".more"))
    return render_template("survey/check.html", title=_title(), rows=_rows(filled), back_url=url_for(".more"))


@pages.post("/check")
def send() -> Page:
    """Send it. The second of two presses finds the answer there, and is thanked all the same."""
    runtime = current_runtime()
    try:
        with runtime.store.session(g.tenant) as session:
            answering.send(session, entry.invitation().token_hash, runtime.sealer, now())
    except Incomplete:
        return redirect(url_for(".more"), 303)
    except NotOpen:
        _look_again()
    return redirect(url_for(".thanks"), 303)


@pages.get("/thanks")
def thanks() -> Page:
    """Thanks, and what will be done with it."""
    if entry.invitation().answered_at is None:
        return redirect(url_for(".level"))
    return render_template("survey/thanks.html", title=_title(), results_url=url_for("surveys.published"))


def _fill(**given: Any) -> None:
    try:
        with current_runtime().store.session(g.tenant) as session:
            answering.fill(session, entry.invitation().token_hash, now(), **given)
    except NotOpen:
        _look_again()


def _look_again() -> None:
    # Answered or expired since this request began: say which.
    entry.enter(g.survey_token)
    entry.refuse_unless_open()


def _filled() -> Filled:
    with current_runtime().store.session(g.tenant) as session:
        return answering.filled(session, entry.invitation())


def _read_reason() -> dict[str, Any]:
    form = forms.read(ReasonForm)
    if form.reason not in {choice.code for choice in entry.questionnaire().reason.choices}:
        raise FormErrors([("reason", str(CHOOSE))])
    return form.model_dump()


def _level_page(values: dict[str, Any], **context: Any) -> str:
    question = _shown(entry.questionnaire().satisfaction)
    return render_template("survey/level.html", title=_title(), question=question, values=values, **context)


def _more_page(dissatisfied: bool, values: dict[str, Any], **context: Any) -> str:
    asked = entry.questionnaire()
    context |= {"title": _title(), "values": values, "back_url": url_for(".level"), "longest": LONGEST_COMMENT}
    if dissatisfied:
        questions = {"question": _shown(asked.reason), "details": _shown(asked.details)}
        return render_template("survey/reason.html", **questions, **context)
    return render_template("survey/comment.html", question=_shown(asked.comment), **context)


def _shown(question: Question) -> dict[str, Any]:
    lang = language.current()
    return {
        "text": question.words(lang),
        "hint": question.hint(lang) if question.hint else None,
        "options": [{"value": choice.code, "text": choice.words(lang)} for choice in question.choices],
    }


def _rows(filled: Filled) -> list[dict[str, str]]:
    asked, lang = entry.questionnaire(), language.current()
    rows = []
    if filled.satisfaction is not None:
        rows.append((asked.satisfaction, asked.level(filled.satisfaction)(lang), ".level"))
    if filled.dissatisfied and filled.reason:
        rows.append((asked.reason, asked.reason.choice(filled.reason).words(lang), ".more"))
    own = asked.details if filled.dissatisfied else asked.comment
    rows.append((own, filled.comment or gettext("（沒有填寫）"), ".more"))
    return [{"label": question.words(lang), "value": value, "href": url_for(to)} for question, value, to in rows]


def _title() -> str:
    about = entry.invitation()
    return str(gettext("%(service)s %(number)s", service=about.service(language.current()), number=about.case_number))
