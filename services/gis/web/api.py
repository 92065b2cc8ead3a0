"""The JSON API of gis, version 1: an asset by its number, the nearest ones to a point."""

from datetime import datetime
from typing import Any

from flask import Response, g, json, jsonify
from flask_babel import gettext
from pydantic import BaseModel, Field

from chassis import clock
from chassis.store.tenancy import ScopedSession
from chassis.web import Api, Problem, current_runtime
from chassis.web.operations import Answer, operation
from chassis.web.problems import MEDIA_TYPE, FieldProblem
from services.gis import answers, assets, links, reports
from services.gis.model import KINDS, Asset
from services.gis.nearest import nearest
from services.gis.web.features import KIND
from services.gis.web.queries import NearQuery

KIND_PATH = {"kind": {"type": "string", "enum": list(KINDS)}}

api = Api("v1", __name__, url_prefix="/<office:tenant>/api/gis/v1")


class BothLanguages(BaseModel):
    """A text in zh-Hant and English."""

    zh: str
    en: str


class PlaceOut(BaseModel):
    """Where an asset stands (WGS84). `number` is text; its leading zeros are part of it."""

    number: str = Field(examples=["01234"])
    name: BothLanguages | None
    lon: float
    lat: float
    address: str | None
    village: str | None


class AssetOut(PlaceOut):
    """An asset, and how often it was reported."""

    kind: str
    attributes: dict[str, Any]
    open_reports: int
    reports_this_year: int = Field(description="opened within 365 days")
    version: int
    updated_at: datetime
    url: str = Field(description="its page")


class NearOut(PlaceOut):
    """An asset and how far it is, in metres on the sphere."""

    metres: float


class UnknownAsset(BaseModel):
    """Problem details (RFC 9457); for an unknown number with what may have been meant."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[dict[str, str]] = []
    suggestions: list[PlaceOut] = []


@api.get(f"/assets/{KIND}/<number>")
@operation(
    "An asset by its number",
    answers={200: AssetOut, 404: Answer(UnknownAsset, media=(MEDIA_TYPE,), description="No such number")},
    path={**KIND_PATH, "number": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[0-9A-Za-z-]+$"}},
)
def asset(kind: str, number: str) -> Response:
    """The number may be written in any way people write it; `1234` is not `01234`, but is answered with it."""
    with current_runtime().store.session(g.tenant) as session:
        found = assets.find(session, kind, number)
        if found is None:
            return _unknown(session, kind, number)
        return jsonify(_asset(session, found).model_dump(mode="json"))


@api.get(f"/assets/{KIND}")
@operation("The nearest assets", query=NearQuery, answers={200: list[NearOut]}, path=KIND_PATH)
def near(kind: str, query: NearQuery) -> Response:
    """Nearest first, with the distance in metres."""
    lon, lat = query.point
    with current_runtime().store.session(g.tenant) as session:
        found = nearest(session, kind, lon, lat, query.limit)
    return jsonify([{**answers.place(one.asset), "metres": round(one.metres, 1)} for one in found])


def _asset(session: ScopedSession, found: Asset) -> AssetOut:
    known = reports.history(session, found.kind, found.number, clock.now())
    return AssetOut(
        **answers.place(found),
        kind=found.kind,
        attributes=found.attributes,
        open_reports=len(known.open),
        reports_this_year=len(known.within_a_year),
        version=found.version,
        updated_at=found.updated_at,
        url=current_runtime().link(links.asset(found.tenant, found.kind, found.number)),
    )


def _unknown(session: ScopedSession, kind: str, number: str) -> Response:
    sentence = gettext("沒有這個號碼：%(number)s。", number=number[:100])
    problem = Problem(404, sentence, errors=[FieldProblem("#/number", sentence)])
    suggestions = [answers.place(one) for one in assets.suggestions(session, kind, number)]
    return Response(json.dumps(problem.document() | {"suggestions": suggestions}), 404, mimetype=MEDIA_TYPE)
