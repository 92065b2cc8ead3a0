"""What can be found: documents of offices, and hits with what was found in them marked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from markupsafe import Markup

KINDS = frozenset({"service", "case", "park", "facility", "notice"})
VISIBILITIES = frozenset({"public", "staff"})
LANGUAGES = ("zh", "en")
LONGEST_ID = 400
"""Bytes of UTF-8; Elasticsearch takes 512 with the office in front."""
LARGEST_VERSION = 2**63 - 1

_SURROGATE = re.compile("[\ud800-\udfff]")
_TENANT = re.compile(r"[a-z][a-z0-9]{1,30}")


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found, at one version.

    `version` counts the changes at its writer: a higher one replaces a lower one, in whatever order they
    come. `deleted` makes it a tombstone: found no more, and no late change brings it back.
    `updated_at` carries a time zone. `title` and `body` are plain text by language (`zh`, `en`), either may
    be missing. Raises ValueError with the field's name.
    """

    tenant: str
    id: str
    kind: str
    visibility: str
    version: int
    updated_at: datetime
    number: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    section: str = ""
    deleted: bool = False

    def __post_init__(self) -> None:
        _require("tenant", bool(_TENANT.fullmatch(self.tenant)), "is not the code of an office")
        _require("id", self.id.isprintable(), "holds control characters")
        _require("id", 0 < len(self.id.encode()) <= LONGEST_ID, f"has to be 1 to {LONGEST_ID} bytes long")
        _require("kind", self.kind in KINDS, f"is none of {', '.join(sorted(KINDS))}")
        _require("visibility", self.visibility in VISIBILITIES, "is neither public nor staff")
        _require("version", 0 <= self.version <= LARGEST_VERSION, "is not a count")
        _require("updated_at", self.updated_at.tzinfo is not None, "has no time zone")
        for name in ("number", "url", "section"):
            _require(name, _is_text(getattr(self, name)), "holds half a character (a lone surrogate)")
        for name in ("title", "body"):
            _require_texts(name, getattr(self, name))

    def remains(self) -> Self:
        """What is kept of a deleted document: that it is gone, and nothing it said."""
        return replace(self, number="", title={}, body={}, url="", section="")

    def record(self) -> dict[str, Any]:
        """The document as JSON-ready data; `restored` reads it back."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        texts = {"title": dict(self.title), "body": dict(self.body)}
        return fields | texts | {"updated_at": self.updated_at.isoformat()}


def restored(record: Mapping[str, Any]) -> Document:
    """The document of a `record`."""
    return Document(**{**record, "updated_at": datetime.fromisoformat(record["updated_at"])})


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found; `title` and `snippet` by language, safe HTML, matches in `<mark>`."""

    document: Document
    title: Mapping[str, Markup]
    snippet: Mapping[str, Markup]
    score: float


def _require(name: str, holds: bool, fault: str) -> None:
    if not holds:
        raise ValueError(f"{name} {fault}")


def _require_texts(name: str, texts: Mapping[str, str]) -> None:
    _require(name, set(texts) <= set(LANGUAGES), "has languages besides zh and en")
    _require(name, all(map(_is_text, texts.values())), "holds half a character (a lone surrogate)")


def _is_text(text: str) -> bool:
    return not _SURROGATE.search(text)
