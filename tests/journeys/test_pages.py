"""The pages beside intake's on the running platform: axe finds nothing, nothing is cut off, on phone and desk."""

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser import DESKTOP, PHONE, axe, fits
from tests.journeys.test_streetlight import Walk, account
from tests.platform import Platform

PUBLIC = (
    "/douliu/map",
    "/douliu/map?kind=park",
    "/douliu/assets/lamp/01234",
    "/douliu/assets/park/P001",
    "/douliu/assets/lamp/nowhere",
    "/douliu/search",
    "/douliu/search?q=路燈",
    "/douliu/search?q=沒有這種東西",
    "/douliu/surveys/results",
    "/s/0000000000000000000000",
)
STAFF = ("/douliu/messages/", "/douliu/messages/?state=parked", "/douliu/surveys/", "/douliu/search?q=路燈")


@pytest.mark.parametrize("lang", ["zh-Hant", "en"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_nothing_stands_in_anybodys_way(platform: Platform, browser: Browser, width: int, lang: str) -> None:
    with browser.new_context(viewport={"width": width, "height": 900}) as visitor:
        assert faults(visitor, platform, PUBLIC, lang) == {}
        enter(visitor, platform)
        assert faults(visitor, platform, STAFF, lang) == {}


def faults(context: BrowserContext, platform: Platform, paths: tuple[str, ...], lang: str) -> dict[str, list[str]]:
    page = context.new_page()
    found: dict[str, list[str]] = {}
    for path in paths:
        page.goto(f"{platform.url}{path}{'&' if '?' in path else '?'}lang={lang}")
        wrong = axe(page) + ([] if fits(page) else ["scrolls sideways"])
        if wrong:
            found[path] = wrong
    return found


def enter(context: BrowserContext, platform: Platform) -> None:
    walk = Walk(context.new_page(), platform)
    walk.go("/douliu/desk/sign-in?lang=zh-Hant")
    walk.page.locator("input[name=username]").fill(account("head"))
    walk.page.locator("input[name=password]").fill("lamppost-demo")
    walk.press("登入")
