"""Did you mean: words of titles and numbers that differ from what was typed in one place.

Two words are near when leaving out at most one character of each makes them equal (a letter wrong, missing,
too many, or two swapped). The indexes keep these shorter forms of every word; looking up those of the typed
word gives the candidates, counted over documents the asker may see.
"""

from collections.abc import Iterable, Iterator, Mapping

from services.search.analysis import Token, codes, words
from services.search.documents import Document
from services.search.folding import folded

MOST_SUGGESTIONS = 5
LONGEST_WORD = 24
LONGEST_HAN_WORD = 8
SHORTEST_WORD = 2


def shortened(word: str) -> frozenset[str]:
    """The folded word, and the same with any one character left out; empty when too short or too long."""
    key = folded(word).text.replace("-", "").replace(",", "").strip()
    if not SHORTEST_WORD <= len(key) <= LONGEST_WORD:
        return frozenset()
    return frozenset({key, *(key[:place] + key[place + 1 :] for place in range(len(key)))})


def vocabulary(document: Document) -> frozenset[str]:
    """The words of number and titles that may be suggested: numbers as written, other words folded."""
    texts = (document.number, *document.title.values())
    return frozenset(word for text in texts for word in _words(text) if shortened(word))


def ranked(term: str, uses: Mapping[str, int]) -> list[str]:
    """The words to offer: those of the same length first, then the most used; never the term itself."""
    typed = folded(term).text
    others = [word for word in uses if folded(word).text != typed]
    others.sort(key=lambda word: (abs(len(word) - len(term)), -uses[word], word))
    return others[:MOST_SUGGESTIONS]


def _words(text: str) -> Iterator[str]:
    yield from (text[code.start : code.end] for code in codes(text))
    for word in words(text):
        yield from _pieces(text[word.start : word.end]) if _is_han(word) else (word.term,)


def _pieces(run: str) -> Iterable[str]:
    """A short Han run, and its ends of two and four characters: titles begin and end with whole words."""
    whole = {run} if len(run) <= LONGEST_HAN_WORD else set()
    return {*whole, *(run[:width] for width in (2, 4)), *(run[-width:] for width in (2, 4))}


def _is_han(word: Token) -> bool:
    return word.term[0] >= "\u2e80"
