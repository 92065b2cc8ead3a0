"""`Words(zh, en)` stands for a text that exists in both languages; `in_language` turns it into plain text."""

from typing import Any, NamedTuple


class Words(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


def in_language(value: Any, lang: str) -> Any:
    """The same structure with every `Words` replaced by its text in `lang`."""
    if isinstance(value, Words):
        return value.en if lang == "en" else value.zh
    if isinstance(value, dict):
        return {key: in_language(one, lang) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [in_language(one, lang) for one in value]
    return value
