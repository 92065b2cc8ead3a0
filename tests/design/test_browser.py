"""The sample pages in a browser: accessible, nothing cut off, large targets, a quiet console, whole without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import DESKTOP, PHONE, axe
from tests.design.context import PAGES

# Standing alone, not inside a sentence, and seen.
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea')]
  .filter((e) => !e.closest('.tile, .table--cases, .scale, .found__notice, .phone, .person'))
  .filter((e) => !e.closest('.govuk-skip-link, .leaflet-control-scale'))
  .filter((e) => !(e.closest('p, td, dd') && getComputedStyle(e).display === 'inline'))
  .filter((e) => !e.closest('.govuk-radios__item, .govuk-checkboxes__item'))
  .filter((e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true}))
  .filter((e) => { const r = e.getBoundingClientRect(); return r.width > 0 && r.height > 1 && r.height < 43.5; })
  .map((e) => `${e.outerHTML.slice(0, 120)} ${e.getBoundingClientRect().height}`)"""


@pytest.fixture(scope="module", params=[PHONE, DESKTOP])
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of each width; axe is let past the content security policy, the page's own code is not."""
    context = browser.new_context(viewport={"width": request.param, "height": 900}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("lang", ["zh-Hant", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_fits_and_is_quiet(screen: Page, pages: str, name: str, lang: str) -> None:
    said: list[str] = []
    screen.on("console", lambda message: said.append(message.text))
    screen.on("pageerror", lambda error: said.append(str(error)))
    screen.goto(f"{pages}/{name}.{lang}.html")
    assert said == []
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
    assert axe(screen) == []


@pytest.mark.parametrize("name", PAGES)
def test_targets_on_a_phone_are_at_least_44_pixels_high(browser: Browser, pages: str, name: str) -> None:
    context = browser.new_context(viewport={"width": PHONE, "height": 900}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{pages}/{name}.en.html")
    assert page.evaluate(SMALL_TARGETS) == []
    context.close()


@pytest.mark.parametrize("name", ["home", "report_pole", "case", "desk", "survey", "map"])
def test_page_with_text_twice_as_large_still_fits_a_phone(browser: Browser, pages: str, name: str) -> None:
    context = browser.new_context(viewport={"width": 640, "height": 900}, device_scale_factor=1)
    page = context.new_page()
    page.goto(f"{pages}/{name}.zh-Hant.html")
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_report_is_whole_without_scripts(browser: Browser, pages: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{pages}/report_pole.zh-Hant.html")
    assert page.get_by_text("虎溪里 慶生路 128 號前").is_visible()
    assert page.get_by_role("button", name="不是同一件事，繼續報修").is_visible()
    assert not page.locator("[data-map]").first.is_visible()
    context.close()
