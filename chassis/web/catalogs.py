"""Translations, read from the `messages.po` files themselves: no compiled file that could be older than its source.

Each web package has `translations/en/LC_MESSAGES/messages.po`; a service's words come before the shared ones.
"""

import io
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask_babel import Domain, get_locale

SHARED = "chassis.web"
METHODS = [("**/templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "N_": None,
}


class Catalogs(Domain):  # type: ignore[misc]  # flask_babel has no types
    """The translations of one app: English, or the source texts themselves."""

    def __init__(self, english: NullTranslations) -> None:
        super().__init__()
        self._english = english
        self._source = NullTranslations()

    def get_translations(self) -> NullTranslations:
        """The catalogue of the page's language."""
        locale = get_locale()
        return self._english if locale is not None and locale.language == "en" else self._source


@lru_cache
def load(package: str) -> NullTranslations:
    """The English of a web package upon the shared one."""
    english = _compiled(folder(SHARED))
    return english if package == SHARED else english.merge(_compiled(folder(package)))


def folder(package: str) -> Path:
    """Where a package's files are."""
    return Path(str(files(package)))


def untranslated(package: str) -> list[str]:
    """Every text in a web package's code and templates that has no English (for tests)."""
    shared = _read(folder(SHARED))
    own = _read(folder(package))
    return sorted(text for text in texts(package) if not (_has(own, text) or _has(shared, text)))


def texts(package: str) -> set[str]:
    """Every text in a web package's code and templates."""
    found = extract_from_dir(folder(package), METHODS, keywords=KEYWORDS, directory_filter=_own_folder)
    return set(_singular(message for _, _, message, _, _ in found))


def _own_folder(path: str) -> bool:
    return Path(path).name not in ("node_modules", "static", "assets", "__pycache__")


def _singular(messages: Iterable[str | tuple[str, ...]]) -> Iterator[str]:
    for message in messages:
        yield message if isinstance(message, str) else message[0]


def _has(catalog: Catalog, text: str) -> bool:
    message = catalog.get(text)
    return message is not None and bool(message.string) and not message.fuzzy


def _compiled(root: Path) -> Translations:
    compiled = io.BytesIO()
    write_mo(compiled, _read(root))
    compiled.seek(0)
    return Translations(compiled)


def _read(root: Path) -> Catalog:
    source = root / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    if not source.is_file():
        return Catalog(locale="en")
    with source.open("rb") as file:
        return read_po(file, locale="en")
