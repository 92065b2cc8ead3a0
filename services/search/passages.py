"""A document as the engines keep it: token streams, ready for any index that splits at spaces."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.search.analysis import Zone, read
from services.search.documents import Document
from services.search.suggestions import vocabulary

MARK = "¶"
"""Stands before every text of a document, so that no phrase runs from one into the next. No term holds it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The streams of a document: terms with a space between; and the words it may suggest."""

    title: str
    body: str
    characters: str
    codes: str
    words: frozenset[str]


def passage(document: Document) -> Passage:
    """Read a document; number and titles weigh more than the rest, so they are apart."""
    titles = [document.number, *document.title.values()]
    bodies = [*document.body.values(), document.section]
    return Passage(
        title=_stream(titles, Zone.TOKENS),
        body=_stream(bodies, Zone.TOKENS),
        characters=_stream(titles + bodies, Zone.CHARACTERS),
        codes=_stream(titles + bodies, Zone.CODES),
        words=vocabulary(document),
    )


def _stream(texts: Iterable[str], zone: Zone) -> str:
    return " ".join(term for text in texts for term in (MARK, *(token.term for token in read(text, zone))))
