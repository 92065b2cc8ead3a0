"""What a query looks for in the streams of a document."""

import re
from dataclasses import dataclass
from functools import lru_cache

from services.search.analysis import CJK, Zone, codes, read, tokens
from services.search.tree import NOTHING, Tree, changed, wanted

_ALONE = re.compile(CJK)


@dataclass(frozen=True, slots=True)
class Needle:
    """Terms that follow each other directly in one zone of one text."""

    zone: Zone
    terms: tuple[str, ...]


@lru_cache(maxsize=4_096)
def needles(text: str) -> tuple[Needle, ...]:
    """How to look for a word or phrase: any one of these is enough. Empty when there is nothing to find."""
    stream = tokens(text)
    if not stream:
        return ()
    alone = any(_ALONE.fullmatch(token.term) for token in stream)
    zone = Zone.CHARACTERS if alone else Zone.TOKENS
    written = Needle(zone, tuple(token.term for token in read(text, zone)))
    whole = [code for code in codes(text) if (code.start, code.end) == (stream[0].start, stream[-1].end)]
    return (written, *(Needle(Zone.CODES, (code.term,)) for code in whole))


def searchable(tree: Tree) -> Tree:
    """The tree with leaves that hold no letter or digit taken for nothing."""
    return changed(tree, lambda leaf: leaf if needles(leaf.text) else NOTHING)


def sought(tree: Tree) -> tuple[Needle, ...]:
    """All needles that a match may contain: to rank by, and to mark."""
    return tuple(dict.fromkeys(needle for leaf in wanted(tree) for needle in needles(leaf.text)))
