"""Open311 GeoReport v2, the machine's way to report and to follow: `/{tenant}/open311/v2/…` in JSON and XML.

Reading needs no key for reports of things in public space; posting, and reading anything else, needs the office's key.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, g
from pydantic import BaseModel

from chassis import clock
from chassis.runtime import Runtime
from chassis.web import Api
from chassis.web.language import current
from chassis.web.operations import Answer, operation
from services.intake.apikeys import Doorkeeper
from services.intake.catalogue import online
from services.intake.model import Case
from services.intake.web.open311 import answers, listing
from services.intake.web.open311.errors import NO_REQUEST, NO_SERVICE, render, wrong
from services.intake.web.open311.forms import Keyed, RequestFilter, RequestForm
from services.intake.web.open311.keys import must_be_here, must_have_key, trusted
from services.intake.web.open311.media import MEDIA, answer
from services.intake.web.open311.posting import post

KIND = "<any(json, xml):kind>"
WORD = "^[A-Za-z0-9_-]+$"
PATH: Mapping[str, Mapping[str, Any]] = {
    "kind": {"type": "string", "enum": ["json", "xml"]},
    "number": {"type": "string", "maxLength": 40, "pattern": WORD, "example": "DL-115-004217-8"},
    "code": {"type": "string", "maxLength": 41, "pattern": WORD, "example": "streetlight"},
}
FAILURES = {
    400: "Something is missing or wrong; each entry names its field",
    403: "No API key of this office",
    409: "The first request with this Idempotency-Key is still under way",
    413: "Too large",
    415: "Not a form",
    503: "Try again later; nothing was changed",
}


def doors(runtime: Runtime) -> Api:
    """The blueprint."""
    api = Api("open311", __name__, url_prefix="/<office:tenant>/open311/v2", render=render)
    keeper = Doorkeeper(runtime)
    _about_the_office(api, runtime)
    _about_requests(api, runtime, keeper)

    @api.post(f"/requests.{KIND}")
    @operation(
        "Report something",
        form=RequestForm,
        answers=_answers(201, list[answers.ReceiptOut]),
        path=PATH,
        security=["api_key"],
        idempotent=True,
    )
    def create(kind: str, form: RequestForm) -> Response:
        must_be_here(form)
        return post(runtime, kind, form, must_have_key(keeper, form))

    return api


def _about_the_office(api: Api, runtime: Runtime) -> None:
    @api.get(f"/discovery.{KIND}")
    @operation("Where the standard is spoken", query=Keyed, answers=_answers(200, answers.DiscoveryOut), path=PATH)
    def discovery(kind: str, query: Keyed) -> Response:
        must_be_here(query)
        url = runtime.link(f"/{g.tenant}/open311/v2")
        return answer(kind, "discovery", answers.discovery_out(g.office, url, current()))

    @api.get(f"/services.{KIND}")
    @operation(
        "Services that can be asked for",
        query=Keyed,
        answers=_answers(200, list[answers.ServiceOut]),
        path=PATH,
    )
    def services(kind: str, query: Keyed) -> Response:
        must_be_here(query)
        found = [answers.service_out(g.office, service, current()) for service in online(g.office)]
        return answer(kind, "services", found)

    @api.get(f"/services/<code>.{KIND}")
    @operation("What a service asks for", query=Keyed, answers=_answers(200, answers.DefinitionOut), path=PATH)
    def definition(code: str, kind: str, query: Keyed) -> Response:
        must_be_here(query)
        service = next((service for service in online(g.office) if service.code == code), None)
        if service is None:
            raise wrong("service_code", NO_SERVICE, 404)
        return answer(kind, "service_definition", answers.definition_out(service, current()))


def _about_requests(api: Api, runtime: Runtime, keeper: Doorkeeper) -> None:
    @api.get(f"/requests.{KIND}")
    @operation(
        "Requests, the newest first",
        query=RequestFilter,
        answers=_answers(200, list[answers.RequestOut]),
        path=PATH,
    )
    def listed(kind: str, query: RequestFilter) -> Response:
        must_be_here(query)
        by_key = trusted(keeper, query)
        with runtime.store.session(g.tenant) as session:
            found = session.scalars(listing.chosen(g.office, query, by_key, clock.now())).all()
        return _requests(kind, found, by_key)

    @api.get(f"/requests/<number>.{KIND}")
    @operation("One request", query=Keyed, answers=_answers(200, list[answers.RequestOut]), path=PATH)
    def one(number: str, kind: str, query: Keyed) -> Response:
        must_be_here(query)
        by_key = trusted(keeper, query)
        with runtime.store.session(g.tenant) as session:
            found = session.scalars(listing.numbered(g.office, [number], by_key)).all()
        if not found:
            raise wrong("service_request_id", NO_REQUEST, 404)
        return _requests(kind, found, by_key)


def _requests(kind: str, cases: Sequence[Case], by_key: bool) -> Response:
    language = current()
    found: list[BaseModel] = [answers.request_out(g.office, case, language, trusted=by_key) for case in cases]
    return answer(kind, "service_requests", found)


def _answers(status: int, model: Any) -> dict[int, Answer]:
    errors = {code: Answer(list[answers.ErrorOut], MEDIA, meaning) for code, meaning in FAILURES.items()}
    # An office that is not there is a problem+json of the chassis; its own 404 is the standard's.
    errors[404] = Answer(None, description="There is no such thing here")
    return {status: Answer(model, MEDIA), **errors}
