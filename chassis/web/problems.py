"""Errors as RFC 9457 problems: JSON for machines, a page for people. A 500 tells nothing but an incident id."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, json, render_template, request
from flask_babel import LazyString, gettext
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from pydantic import ValidationError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from chassis.store import StoreDown
from chassis.web import language
from chassis.web.blueprints import Api, Pages, blueprint_of
from chassis.web.forms import FormErrors
from chassis.web.titles import title_of
from chassis.web.wording import sentences

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one part of a request. `pointer` is a JSON pointer as a URI fragment: `#/phone`."""

    pointer: str
    detail: str


class Problem(Exception):
    """An error with an HTTP status (RFC 9457). Raise it anywhere below a view; texts in the page's language.

    `links` are (text, address) of what a person may do now; only the page shows them.
    """

    def __init__(
        self,
        status: int,
        detail: str | LazyString = "",
        *,
        title: str | LazyString | None = None,
        errors: Sequence[FieldProblem] = (),
        type: str = "about:blank",  # noqa: A002 - the member's name in RFC 9457
        headers: Mapping[str, str] | None = None,
        incident: str | None = None,
        links: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(status, str(detail) if isinstance(detail, str) else "")
        self.status = status
        self.title = str(title or title_of(status))
        self.detail = str(detail)
        self.errors = tuple(errors)
        self.type = type
        self.headers = dict(headers or {})
        self.incident = incident
        self.links = tuple(links)

    def document(self) -> dict[str, Any]:
        """The members of the problem+json document that are not empty."""
        members: dict[str, Any] = {"type": self.type, "title": self.title, "status": self.status}
        members |= {"detail": self.detail} if self.detail else {}
        members |= {"errors": [vars(error) for error in self.errors]} if self.errors else {}
        return members | ({"incident": self.incident} if self.incident else {})


def field_problem(field: str, detail: str, status: int = 422) -> Problem:
    """A problem with one field."""
    return Problem(status, detail, errors=[FieldProblem(f"#/{field}", detail)])


def invalid(error: ValidationError, status: int = 422) -> Problem:
    """A pydantic error as a problem: one entry a field, with its JSON pointer."""
    found = [FieldProblem(f"#/{'/'.join(map(_escaped, loc))}", text) for loc, text in sentences(error)]
    return Problem(status, gettext("有些資料需要修改。"), errors=found)


def respond(problem: Problem) -> Response:
    """The answer to whoever asked: the blueprint's own form, problem+json, or a page."""
    blueprint = blueprint_of(current_app, request)
    if isinstance(blueprint, Api) and blueprint.render is not None:
        response = blueprint.render(problem)
    elif asked_by_machine():
        response = _as_json(problem)
    else:
        response = _as_page(problem)
    response.headers.update(problem.headers)
    return response


def asked_by_machine() -> bool:
    """True for a matched API route, an address below one, or a client that would rather have JSON than HTML."""
    blueprint = blueprint_of(current_app, request)
    if isinstance(blueprint, Api):
        return True
    if not isinstance(blueprint, Pages) and _below_an_api(request.path):
        return True
    wanted = request.accept_mimetypes.best_match(["text/html", "application/json", MEDIA_TYPE], "text/html")
    return wanted != "text/html"


def register(app: Flask) -> None:
    """Turn every exception of this app into a problem."""
    app.register_error_handler(Problem, respond)
    app.register_error_handler(ValidationError, lambda error: respond(invalid(error)))
    app.register_error_handler(FormErrors, _form)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    for unavailable in (StoreDown, OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(unavailable, _unavailable)
    for unstorable in (DataError, OverflowError):
        app.register_error_handler(unstorable, _unstorable)
    app.register_error_handler(Exception, _unexpected)


def machine_segments(app: Flask) -> frozenset[str]:
    """The path segments that only API routes have (`api`, `open311`, …), to answer below them in JSON."""
    machine, human = set[str](), set[str]()
    for rule in app.url_map.iter_rules():
        is_api = isinstance(app.blueprints.get(rule.endpoint.rpartition(".")[0]), Api)
        (machine if is_api else human).add(_first_fixed_segment(rule.rule))
    return frozenset(machine - human - {""})


def _first_fixed_segment(rule: str) -> str:
    return next((part for part in rule.split("/") if part and "<" not in part), "")


def _below_an_api(path: str) -> bool:
    return not current_app.extensions["lamppost.machine"].isdisjoint(path.split("/")[1:3])


def _as_json(problem: Problem) -> Response:
    return Response(json.dumps(problem.document()), problem.status, mimetype=MEDIA_TYPE)


def _as_page(problem: Problem) -> Response:
    try:
        body = render_template(
            "lamppost/problem.html",
            what=problem.title,
            why=problem.detail,
            kept="",
            todo=[*(error.detail for error in problem.errors), *_todo(problem)],
            layout="lamppost/staff.html" if g.get("staff") else "lamppost/resident.html",
            incident=problem.incident,
        )
    except Exception as error:
        # The page that tells of an error must not fail because of one.
        log.error("problem page failed", error=type(error).__name__, at=_frames(error)[-3:])
        body = f"<!doctype html><title>{escape(problem.title)}</title><h1>{escape(problem.title)}</h1>"
        body += f"<p>{escape(problem.detail)}</p><p>{escape(problem.incident or '')}</p>"
    return Response(body, problem.status, mimetype="text/html")


def _todo(problem: Problem) -> list[dict[str, str]]:
    return [{"text": text, "href": href} for text, href in problem.links]


def _form(error: FormErrors) -> Response:
    found = [FieldProblem(f"#/{field}", sentence) for field, sentence in error.found]
    return respond(Problem(422, gettext("有些資料需要修改。"), errors=found))


def _csrf(error: CSRFError) -> Response:
    detail = gettext("csrf_token：表單的安全碼不見了或已經失效，請重新整理這一頁再送出。")
    return respond(Problem(400, detail, errors=[FieldProblem("#/csrf_token", detail)]))


def _http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]  # redirects
    headers = {name: value for name, value in error.get_headers() if name.lower() in ("allow", "retry-after")}
    links = _ways_on() if error.code == 404 else ()
    return respond(Problem(error.code, _detail_of(error.code), headers=headers, links=links))


def _ways_on() -> list[tuple[str, str]]:
    """Where somebody may go who came to a page that is not there; without an office, to any office."""
    if tenant := g.get("tenant"):
        return [(gettext("回到首頁"), f"/{tenant}/"), (gettext("搜尋"), f"/{tenant}/search")]
    tenants = current_app.extensions["lamppost"].tenants.values()
    return [(office.name(language.current()), f"/{office.code}/") for office in tenants]


def _detail_of(status: int) -> str:
    if status == 404 and (code := _unknown_office()):
        return str(gettext("沒有代碼是「%(code)s」的機關。", code=code))
    if status == 413:
        largest = request.max_content_length or 0
        return str(gettext("送來的內容超過 %(limit)s 位元組。", limit=f"{largest:,}"))
    return ""


def _unknown_office() -> str | None:
    first = request.path.split("/")[1][:31]
    known = current_app.extensions["lamppost"].tenants
    looks_like_one = first.isascii() and first.isalnum() and request.path.count("/") > 1
    return first if looks_like_one and first not in known and first != current_app.name else None


def _unavailable(error: Exception) -> Response:
    log.warning("store unavailable", error=type(error).__name__)
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return respond(Problem(503, gettext("資料暫時存不進去，什麼都沒有改變，請稍後再試。"), headers=headers))


def _unstorable(error: Exception) -> Response:
    log.warning("value out of range", error=type(error).__name__, at=_frames(error)[-3:])
    return respond(Problem(422, gettext("有一個值超出可以儲存的範圍。")))


def _unexpected(error: Exception) -> Response:
    incident = secrets.token_hex(4).upper()
    # No message and no values: they may hold what a resident wrote.
    log.error("unexpected error", incident=incident, error=type(error).__name__, at=_frames(error), route=_route())
    g.incident = incident
    return respond(Problem(500, gettext("我們已經記下來了，請稍後再試。"), incident=incident))


def _frames(error: BaseException) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "unmatched"


def _escaped(part: int | str) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
