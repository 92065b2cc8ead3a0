"""Highlighting from token offsets: matches marked in the original text, everything else escaped."""

from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from services.search.analysis import Token, read
from services.search.documents import Document, Hit
from services.search.needles import Needle

SNIPPET_LENGTH = 160
LEAD = 30
"""Characters shown before the first match."""

Span = tuple[int, int]
"""Start and end in code points."""


def marked(text: str, looked_for: Iterable[Needle]) -> Markup:
    """The whole text as safe HTML, matches in `<mark>`."""
    return _html(text, spans(text, looked_for), 0, len(text))


def snippet(text: str, looked_for: Iterable[Needle]) -> Markup:
    """About 160 characters around the first match as safe HTML; … where text was left out."""
    found = spans(text, looked_for)
    start = _start(text, found)
    end = min(len(text), start + SNIPPET_LENGTH)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return escape(before) + _html(text, found, start, end) + escape(after)


def spans(text: str, looked_for: Iterable[Needle]) -> list[Span]:
    """Where the needles are, in code points; in order, touching and overlapping ones joined."""
    joined: list[Span] = []
    for start, end in sorted(_found(text, tuple(looked_for))):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _found(text: str, looked_for: tuple[Needle, ...]) -> Iterator[Span]:
    streams = {zone: read(text, zone) for zone in {needle.zone for needle in looked_for}}
    for needle in looked_for:
        yield from _occurrences(streams[needle.zone], needle.terms)


def _occurrences(stream: list[Token], terms: tuple[str, ...]) -> Iterator[Span]:
    written = tuple(token.term for token in stream)
    width = len(terms)
    for place in range(len(stream) - width + 1):
        if written[place] == terms[0] and written[place : place + width] == terms:
            yield stream[place].start, stream[place + width - 1].end


def _start(text: str, found: list[Span]) -> int:
    if len(text) <= SNIPPET_LENGTH or not found:
        return 0
    return max(0, min(found[0][0] - LEAD, len(text) - SNIPPET_LENGTH))


def _html(text: str, found: list[Span], start: int, end: int) -> Markup:
    html, place = Markup(), start
    for first, last in found:
        if first < end and last > start:
            first, last = max(first, start), min(last, end)
            html += escape(text[place:first]) + Markup("<mark>{}</mark>").format(text[first:last])
            place = last
    return html + escape(text[place:end])


def hit(document: Document, looked_for: Iterable[Needle], score: float) -> Hit:
    """A document as it is shown: its title and the part of its text that matched."""
    needles = tuple(looked_for)
    titles = {language: marked(text, needles) for language, text in document.title.items()}
    snippets = {language: snippet(text, needles) for language, text in document.body.items()}
    return Hit(document, titles, snippets, score)
