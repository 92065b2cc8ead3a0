"""What was changed in a query so that it could be read, as it is told to the person who typed it."""

from dataclasses import dataclass

CORRECTIONS = {
    "too_long": {"zh": "只查前 200 個字", "en": "Only the first 200 characters are searched"},
    "too_many_words": {"zh": "只查前 32 個詞", "en": "Only the first 32 words are searched"},
    "too_deep": {"zh": "括號最多五層，再多的不計", "en": "Parentheses beyond five levels are ignored"},
    "open_quote": {"zh": "引號沒有成對，已補上", "en": "A missing quotation mark has been added"},
    "open_group": {"zh": "少了右括號，已補上", "en": "A missing closing parenthesis has been added"},
    "stray_group": {"zh": "多了右括號，不計", "en": "A closing parenthesis too many is ignored"},
    "empty_group": {"zh": "括號內沒有字，不計", "en": "Empty parentheses are ignored"},
    "stray_operator": {"zh": "前後少了字，不計", "en": "An operator with nothing to join is ignored"},
    "no_letters": {
        "zh": "沒有可以查的字，不計",
        "en": "Without letters or digits there is nothing to look for",
    },
}
"""Sentences by code; every code a `Correction` can carry is here."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One change: a code of `CORRECTIONS`, and the part of the query it is about, if one can be shown."""

    code: str
    part: str = ""

    def sentence(self, language: str) -> str:
        """What happened, in `zh` or `en`."""
        said = CORRECTIONS[self.code][language]
        return f"{self.part}: {said}" if self.part else said
