"""Figures for machines of the office: `/{tenant}/api/survey/v1/results`."""

from datetime import datetime
from typing import Any

from flask import Response, g, jsonify
from flask_babel import gettext
from pydantic import BaseModel, ConfigDict, Field

from chassis.clock import now
from chassis.web import Api, current_runtime
from chassis.web.operations import operation
from chassis.web.staff import staff_required
from services.survey import results
from services.survey.periods import Name, period
from services.survey.results import Results, ServiceTally, Tally
from services.survey.statistics import Estimate
from services.survey.web.query import Which

api = Api("v1", __name__, url_prefix="/<office:tenant>/api/survey/v1")


class Interval(BaseModel):
    """A figure and its 95 % interval."""

    model_config = ConfigDict(extra="forbid")

    value: float
    low: float
    high: float


class Level(BaseModel):
    """How many chose a level: 1 very dissatisfied … 5 very satisfied."""

    model_config = ConfigDict(extra="forbid")

    level: int = Field(ge=1, le=5)
    count: int = Field(ge=0)


class Figures(BaseModel):
    """What the answers add up to. Null: nobody answered, or nobody was invited."""

    model_config = ConfigDict(extra="forbid")

    invited: int = Field(ge=0)
    answered: int = Field(ge=0)
    response_rate: float | None = Field(description="answered among invited, 0 to 1")
    levels: list[Level]
    mean: float | None = Field(description="1 to 5")
    score: Interval | None = Field(description="0, 25, 50, 75, 100 for the five levels, weighted (GOV.UK)")
    satisfied: Interval | None = Field(description="share of levels 4 and 5, 0 to 1, Wilson interval")


class ServiceFigures(Figures):
    """The figures of one service."""

    code: str
    name: dict[str, str] = Field(examples=[{"zh": "路燈報修", "en": "Streetlight repair"}])


class Report(Figures):
    """The figures of a period: of the cases closed from `start` up to, not including, `end`."""

    period: Name
    start: datetime
    end: datetime
    growth: float | None = Field(description="of the answers, % against the stretch before; null after none (YM8)")
    score_change: float | None = Field(description="points against the stretch before")
    services: list[ServiceFigures]
    notice: str


@api.get("/results")
@staff_required("chief", "head")
@operation("Satisfaction with handled cases", query=Which, answers={200: Report}, security=["staff"])
def report(query: Which) -> Response:
    """Who answers chose to: not a random sample. The intervals say nothing about those who stayed silent."""
    with current_runtime().store.session(g.tenant) as session:
        found = results.results(session, period(query.period, now()))
    return jsonify(_report(query.period, found).model_dump(mode="json"))


def _report(name: Name, found: Results) -> Report:
    return Report(
        period=name,
        start=found.period.start,
        end=found.period.end,
        growth=found.growth,
        score_change=found.score_change,
        services=[_service(one) for one in found.services],
        notice=gettext("這不是隨機抽樣：只有願意回答的申請人。"),
        **_figures(found.whole),
    )


def _service(one: ServiceTally) -> ServiceFigures:
    return ServiceFigures(code=one.code, name={"zh": one.zh, "en": one.en}, **_figures(one.tally))


def _figures(tally: Tally) -> dict[str, Any]:
    return {
        "invited": tally.invited,
        "answered": tally.answered,
        "response_rate": tally.response_rate,
        "levels": [{"level": level, "count": count} for level, count in sorted(tally.counts.items())],
        "mean": tally.mean,
        "score": _interval(tally.score),
        "satisfied": _interval(tally.satisfied),
    }


def _interval(estimate: Estimate | None) -> Interval | None:
    return Interval(**estimate._asdict()) if estimate else None
