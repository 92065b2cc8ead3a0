"""The same search as JSON (SL10): public documents for everyone, cases with a staff session."""

from datetime import datetime

from flask import Response, jsonify
from pydantic import BaseModel, ConfigDict, Field

from chassis.web import Api
from chassis.web.operations import operation
from services.search.documents import Hit
from services.search.web import finding


class Query(BaseModel):
    """What is looked for. Grammar: words, "phrases", AND OR XOR NOT, parentheses (YM7)."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(min_length=1, max_length=200)
    kind: str | None = Field(default=None, pattern="^(service|case|park|facility|notice)$")
    limit: int = Field(default=20, ge=1, le=100)
    after: str | None = Field(default=None, max_length=400)


class Result(BaseModel):
    """One document that was found."""

    kind: str
    number: str
    title: dict[str, str]
    url: str
    updated_at: datetime


class Results(BaseModel):
    """A page of results; `next` continues it. `corrections` tell what of the query was read otherwise."""

    total: int
    results: list[Result]
    next: str | None
    corrections: list[str]
    suggestions: list[str]


def doors() -> Api:
    """The one door."""
    api = Api("search_api", __name__, url_prefix="/<office:tenant>/api/search/v1")
    api.add_url_rule("/results", "results", _results)
    return api


@operation("Search an office's documents", query=Query, answers={200: Results}, tags=["search"])
def _results(query: Query) -> Response:
    found = finding.find(query.q, query.kind, query.after, query.limit)
    answer = Results(
        total=found.page.total,
        results=[_result(hit) for hit in found.page.hits],
        next=found.page.next,
        corrections=[one.sentence("en") for one in found.reading.corrections],
        suggestions=found.suggestions,
    )
    return jsonify(answer.model_dump(mode="json"))


def _result(hit: Hit) -> Result:
    one = hit.document
    return Result(kind=one.kind, number=one.number, title=dict(one.title), url=one.url, updated_at=one.updated_at)
