"""The sample pages as text: no inline code, complete in English, every sample has its context."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

from tests.design import gallery
from tests.design.context import PAGES

LANGUAGES = ["zh-Hant", "en"]
KEYWORDS = ["_", "gettext", "ngettext"]


class InlineCode(HTMLParser):
    """Collects what a strict content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_code = tag == "script" and "src" not in given and given.get("type") != "application/json"
        if is_code or tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.found.append(self.get_starttag_text() or tag)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_inline_script_and_no_inline_style(name: str, lang: str) -> None:
    parser = InlineCode()
    parser.feed(gallery.render(name, lang))
    assert parser.found == []


@pytest.mark.parametrize("name", PAGES)
def test_page_names_its_language_and_has_one_heading(name: str) -> None:
    page = gallery.render(name, "en")
    assert '<html class="govuk-template" lang="en">' in page
    assert page.count("<h1") == 1


def test_every_form_that_posts_carries_the_csrf_token() -> None:
    for name in PAGES:
        page = gallery.render(name)
        assert page.count('method="post"') == page.count('name="csrf_token"'), name


def test_every_sample_is_shown_in_the_gallery() -> None:
    samples = {path.stem for path in (gallery.HERE / "samples").glob("*.html")}
    assert samples <= {page.get("template", name) for name, page in PAGES.items()}


def test_every_phrase_of_layouts_and_samples_has_its_english() -> None:
    folders = [gallery.HERE / "samples", gallery.WEB / "templates" / "lamppost"]
    phrases = {phrase for folder in folders for path in folder.glob("*.html") for phrase in phrases_of(path)}
    assert phrases - set(gallery.ENGLISH) == set()


def phrases_of(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for _, _, message, _ in babel_extract(file, KEYWORDS, (), {"trimmed": "false"}):
            first = message if isinstance(message, str) else (message or ("",))[0]
            yield first or ""
