"""One search, whoever asks: this office's documents, and its cases only for its own staff."""

from dataclasses import dataclass

from flask import g
from flask_babel import gettext

from chassis.web import Problem, current_runtime
from services.search.documents import KINDS
from services.search.errors import IndexUnavailable
from services.search.index import Index
from services.search.paging import Page
from services.search.query import Reading, parse

PUBLIC = frozenset({"public"})
STAFF = frozenset({"public", "staff"})
PAGE = 20


@dataclass(frozen=True)
class Found:
    """What was understood, what was found, and words that may have been meant when nothing was."""

    reading: Reading
    page: Page
    suggestions: list[str]


def find(words: str, kind: str | None = None, after: str | None = None, limit: int = PAGE) -> Found:
    """Search. Errors: `Problem` 400 for a wrong cursor, 503 while the index is away."""
    index: Index = current_runtime().ports
    reading = parse(words)
    kinds = frozenset({kind}) if kind in KINDS else KINDS
    try:
        page = index.search(reading.tree, tenant=g.tenant, audience=audience(), kinds=kinds, limit=limit, after=after)
        meant = [] if page.hits else index.suggest(words.strip(), tenant=g.tenant, audience=audience())
    except ValueError as error:
        raise Problem(400, str(error)) from None
    except IndexUnavailable as error:
        raise Problem(
            503, gettext("現在不能搜尋，請稍後再試，或打電話給我們。"), headers={"Retry-After": "30"}
        ) from error
    return Found(reading, page, meant)


def audience() -> frozenset[str]:
    """Cases are for this office's staff only."""
    staff = g.get("staff")
    return STAFF if staff is not None and staff.tenant == g.tenant else PUBLIC
