"""GeoJSON for maps: the assets of a kind as points or clusters, and the background to draw them on."""

from typing import Any, Literal

from flask import Response, g, json, url_for
from pydantic import BaseModel

from chassis.store.tenancy import ScopedSession
from chassis.web import Api, current_runtime
from chassis.web.operations import Answer, operation
from services.gis import assets, background
from services.gis.assets import Selection
from services.gis.clusters import Cluster, clusters
from services.gis.model import KINDS
from services.gis.web import places, wording
from services.gis.web.queries import FeaturesQuery, box_of, box_text

MEDIA = "application/geo+json"
KIND = "<any({}):kind>".format(",".join(KINDS))
HOUR = 3600
MOST_CLUSTERS = 100  # more would cover each other
NOWHERE = Answer(None, description="No such office or kind; a page, or problem+json for who would rather have JSON")

api = Api("features", __name__, url_prefix="/<office:tenant>/assets")


class Feature(BaseModel):
    """A GeoJSON Feature (RFC 7946)."""

    type: Literal["Feature"]
    id: str | None = None
    geometry: dict[str, Any]
    properties: dict[str, Any]


class FeatureCollection(BaseModel):
    """A GeoJSON FeatureCollection (RFC 7946)."""

    type: Literal["FeatureCollection"]
    features: list[Feature]


@api.get(f"/{KIND}.geojson")
@operation(
    "Assets on the map",
    query=FeaturesQuery,
    answers={200: Answer(FeatureCollection, media=(MEDIA,)), 404: NOWHERE},
    path={"kind": {"type": "string", "enum": list(KINDS)}},
)
def features(kind: str, query: FeaturesQuery) -> Response:
    """Points while there are no more than `limit`; else clusters, whose `href` leads to the map of just that part."""
    chosen = Selection(kind, box_of(query.bbox), query.village)
    with current_runtime().store.session(g.tenant) as session:
        return _geojson(places.collection(_features(session, chosen, query)))


@api.get("/background.geojson")
@operation("Outline and roads", answers={200: Answer(FeatureCollection, media=(MEDIA,)), 404: NOWHERE})
def ground() -> Response:
    """What a map without tiles is drawn on; `layer` is `outline` or `road`."""
    response = _geojson(background.background(g.office))
    response.headers["Cache-Control"] = f"public, max-age={HOUR}"
    return response


def _features(session: ScopedSession, chosen: Selection, query: FeaturesQuery) -> list[dict[str, Any]]:
    # Nothing is gained by a single cluster that leads to itself.
    whole = bool(chosen.box and chosen.box.one_cell)
    if not whole and assets.count(session, chosen) > query.limit:
        return [_cluster(chosen, one) for one in clusters(session, chosen, min(query.limit, MOST_CLUSTERS))]
    return places.points(session, chosen.kind, assets.page(session, chosen, query.limit))


def _cluster(chosen: Selection, cluster: Cluster) -> dict[str, Any]:
    label = wording.counted(chosen.kind, cluster.size)
    href = url_for("map.show", kind=chosen.kind, village=chosen.village, bbox=box_text(cluster.box))
    properties = {"count": cluster.size, "label": label, "href": href}
    return places.feature(round(cluster.lon, 6), round(cluster.lat, 6), properties)


def _geojson(document: dict[str, Any]) -> Response:
    return Response(json.dumps(document), mimetype=MEDIA)
