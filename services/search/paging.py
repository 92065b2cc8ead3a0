"""A page of hits, and the cursor that leads to the next one."""

import base64
import binascii
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.search.documents import Hit

LARGEST_PAGE = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST_SCORE = 1e30
_LARGEST_TIME = 2**62
_LONGEST_CURSOR = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """Hits, best first (then newest, then by id), how many in all, and the cursor of the next page."""

    hits: tuple[Hit, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: score, last change in microseconds since 1970, id."""

    score: float
    updated: int
    id: str

    def cursor(self) -> str:
        """The place as text for a link."""
        data = json.dumps([self.score, self.updated, self.id], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


NO_HITS = Page((), 0, None)


def place(cursor: str | None) -> Place | None:
    """Read a cursor; ValueError naming `after` when it is none of ours."""
    if cursor is None:
        return None
    try:
        score, updated, key = json.loads(base64.urlsafe_b64decode(_padded(cursor)))
        found = Place(float(score), int(updated), str(key))
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as error:
        raise ValueError("after is not a cursor of this search") from error
    return _checked(found)


def page_size(limit: int) -> int:
    """The limit; ValueError naming `limit` when it is not 1 to 100."""
    if not 1 <= limit <= LARGEST_PAGE:
        raise ValueError(f"limit has to be 1 to {LARGEST_PAGE}")
    return limit


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 (UTC)."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _padded(cursor: str) -> bytes:
    if len(cursor) > _LONGEST_CURSOR:
        raise ValueError("too long")
    return cursor.encode("ascii") + b"=" * (-len(cursor) % 4)


def _checked(found: Place) -> Place:
    fits = math.isfinite(found.score) and abs(found.score) < _LARGEST_SCORE and abs(found.updated) < _LARGEST_TIME
    if not fits or "\x00" in found.id or not found.id.isprintable():
        raise ValueError("after is not a cursor of this search")
    return found
