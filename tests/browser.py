"""Pages in a real browser: one Chromium for everything a worker tests, and what axe says of a page."""

from collections.abc import Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import servers
from tests.servers import ROOT

AXE = ROOT / "chassis" / "web" / "static" / "built" / "test" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PHONE, DESKTOP = 320, 1280  # pixels
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without one the test is skipped with that reason (and fails where CI=true).

    The root conftest registers it once: Playwright runs one loop in a process, a second fixture would not start.
    """
    path = servers.required("CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


def axe(page: Page) -> list[str]:
    """What axe finds on the page, one line a rule. axe is let past the content security policy, the page is not."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setBypassCSP", {"enabled": True})
    session.send("Runtime.evaluate", {"expression": _source()})
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [f"{rule['id']}: {[node['html'] for node in rule['nodes']]}" for rule in found]


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")
