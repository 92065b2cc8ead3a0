"""The body of one search in Elasticsearch: who asks, what is looked for, in which order."""

import re
from collections.abc import Collection
from typing import Any

from services.search.matching_elastic import Clause, matching, ranking
from services.search.paging import Place
from services.search.passages import MARK
from services.search.tree import Tree

_MOST_CANDIDATES = 100


def visible(tenant: str, audience: Collection[str]) -> list[Clause]:
    """The filters no search goes without."""
    return [
        {"term": {"tenant": tenant}},
        {"terms": {"visibility": sorted(audience)}},
        {"term": {"deleted": False}},
    ]


def page(
    tree: Tree, tenant: str, audience: Collection[str], kinds: Collection[str], start: Place | None, size: int
) -> dict[str, Any]:
    """The best rows after a place, and how many there are in all."""
    filters = [*visible(tenant, audience), {"terms": {"kind": sorted(kinds)}}, matching(tree)]
    body: dict[str, Any] = {
        "query": {"bool": {"filter": filters, "should": ranking(tree)}},
        "sort": [{"_score": "desc"}, {"updated": "desc"}, {"id": "asc"}],
        "track_scores": True,
        "track_total_hits": True,
        "size": size,
        "source_includes": ["document"],
    }
    return body | ({"search_after": [start.score, start.updated, start.id]} if start else {})


def words_near(forms: Collection[str], tenant: str, audience: Collection[str]) -> dict[str, Any]:
    """The words that share a shorter form, each counted over visible documents."""
    pattern = "|".join(re.sub(r"(\W)", r"\\\1", form) for form in sorted(forms))
    words = {"field": "nearby", "include": f"({pattern}){MARK}.*", "size": _MOST_CANDIDATES}
    return {
        "query": {"bool": {"filter": visible(tenant, audience)}},
        "aggs": {"words": {"terms": words}},
        "size": 0,
    }
