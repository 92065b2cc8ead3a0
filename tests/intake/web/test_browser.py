"""Intake's pages in Chromium: axe finds nothing at 320 and 1,280 px in either language, and nothing is cut off."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from chassis import clock
from chassis.runtime import Runtime
from chassis.web.staff import COOKIE, StaffIdentity, issue
from services.intake import cases, feedback, manifest
from services.intake.act import APPLICANT, SYSTEM, Act, Actor
from services.intake.demo import demo
from services.intake.opening import Opened, accept
from tests.browser import DESKTOP, PHONE, axe, fits
from tests.intake.conftest import build, wanted
from tests.intake.web.conftest import CLERK, gis

APPLY = "/douliu/services/streetlight/apply"
RESIDENT = [
    "/",
    "/douliu/",
    "/douliu/services",
    "/douliu/services/streetlight",
    "/douliu/services/find_facility",
    "/douliu/notices/0",
    "/douliu/services/nothing",
    APPLY,
    f"{APPLY}?pole=01234",
    f"{APPLY}?pole=99999",
    f"{APPLY}?by=place",
    "/douliu/services/mayor_mailbox/apply",
    "/douliu/cases",
    "/douliu/desk/sign-in",
]
DESK = [
    "/douliu/desk/",
    "/douliu/desk/?queue=open",
    "/douliu/desk/?queue=undelivered",
    "/douliu/desk/cases/new",
    "/douliu/desk/cases/DL-115-999999-9",
    "/douliu/desk/head",
]


@dataclass(frozen=True)
class Site:
    """Intake alone on a port of this machine, with demonstration data and a case in every state."""

    url: str
    runtime: Runtime
    cases: dict[str, Opened]

    def act(self, number: str, step: object, actor: Actor = CLERK, **more: object) -> None:
        with self.runtime.store.session("douliu") as session:
            step(Act(self.runtime, session, actor, clock.now()), number, **more)  # type: ignore[operator]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, keys_file: Path) -> Iterator[Site]:
    runtime = build(tmp_path_factory.mktemp("site"), keys_file)
    runtime.ask = gis  # type: ignore[assignment]
    list(demo(runtime, "douliu"))
    opened = {
        name: accept(runtime, "douliu", wanted(), APPLICANT, clock.now())
        for name in ("new", "taken", "returned", "closed", "withdrawn")
    }
    server = make_server("127.0.0.1", 0, manifest.web(runtime))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = Site(f"http://127.0.0.1:{server.server_port}", runtime, opened)
    _played(found)
    yield found
    server.shutdown()
    runtime.store.close()


def _played(site: Site) -> None:
    numbers = {name: opened.case.number for name, opened in site.cases.items()}
    for name in ("taken", "returned", "closed"):
        site.act(numbers[name], cases.take)
    site.act(numbers["returned"], cases.return_case, missing=["請補一張現場照片", "請說明哪一側"], note="辛苦了")
    site.act(numbers["closed"], cases.close, reply="已更換燈具。\n請夜間再確認。")
    site.act(numbers["withdrawn"], cases.withdraw, APPLICANT, reason="自己好了")
    told = {"satisfaction": 1, "dissatisfied": True, "reason": "拖太久", "answered_at": clock.now()}
    site.act(numbers["closed"], feedback.record_answer, SYSTEM, **told)


@pytest.fixture(params=[PHONE, DESKTOP])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    size = {"width": request.param, "height": 900}
    context = browser.new_context(viewport=size, reduced_motion="reduce", locale="zh-TW")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def look(page: Page, url: str) -> None:
    """Go there in both languages; nothing may be wrong with the page."""
    for lang in ("zh-Hant", "en"):
        page.goto(f"{url}{'&' if '?' in url else '?'}lang={lang}")
        check(page)


def check(page: Page) -> None:
    assert axe(page) == [], page.url
    assert fits(page), f"{page.url} scrolls sideways"
    assert page.locator("h1").count() == 1


def sign_in(page: Page, site: Site, *roles: str) -> None:
    identity = StaffIdentity("lin.works", "douliu", "林志明", "works", "312", frozenset(roles), clock.now())
    page.context.add_cookies([{"name": COOKIE, "value": issue(site.runtime, identity), "url": site.url}])


@pytest.mark.parametrize("path", RESIDENT)
def test_a_residents_page_is_accessible_and_fits(page: Page, site: Site, path: str) -> None:
    look(page, site.url + path)


@pytest.mark.parametrize("path", DESK)
def test_a_page_of_the_desk_is_accessible_and_fits(page: Page, site: Site, path: str) -> None:
    sign_in(page, site, "clerk", "head")
    look(page, site.url + path)


@pytest.mark.parametrize("state", ["new", "taken", "returned", "closed", "withdrawn"])
def test_a_case_is_accessible_and_fits_in_every_state(page: Page, site: Site, state: str) -> None:
    opened = site.cases[state]
    page.goto(f"{site.url}/douliu/cases/{opened.case.number}?code={opened.code}")
    look(page, f"{site.url}/douliu/cases/{opened.case.number}")
    sign_in(page, site, "clerk")
    look(page, f"{site.url}/douliu/desk/cases/{opened.case.number}")


def test_the_forms_of_a_case_are_accessible_with_their_errors(page: Page, site: Site) -> None:
    opened = site.cases["returned"]
    page.goto(f"{site.url}/douliu/cases/{opened.case.number}?code={opened.code}")
    page.goto(f"{site.url}/douliu/cases/{opened.case.number}/supplement")
    page.locator("main form > button").click()
    expect(page.get_by_role("alert")).to_contain_text("請寫幾句話")
    check(page)
    page.goto(f"{site.url}/douliu/cases/{opened.case.number}/withdraw")
    check(page)


def test_a_report_from_the_number_to_the_confirmation(page: Page, site: Site) -> None:
    noise: list[str] = []
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.goto(f"{site.url}{APPLY}")
    page.get_by_label("燈桿號碼").press_sequentially("01234")
    expect(page.get_by_role("heading", name="找到了：01234 號路燈")).to_be_visible()
    expect(page.locator("[data-lookup-result] canvas").first).to_be_visible()
    check(page)
    page.get_by_role("button", name="繼續").click()
    page.get_by_role("button", name="繼續").click()
    expect(page.get_by_role("alert")).to_contain_text("請填姓名")
    check(page)
    page.get_by_label("燈怎麼了？").fill("入夜後完全不亮")
    page.get_by_label("姓名").fill("王小明")
    page.get_by_label("手機號碼").fill("0912-000-345")
    page.get_by_role("button", name="繼續").click()
    check(page)
    page.get_by_role("button", name="送出報修").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("收到了，謝謝您")
    check(page)
    assert noise == []


def test_a_call_is_registered_by_keyboard(page: Page, site: Site) -> None:
    sign_in(page, site, "clerk")
    page.goto(f"{site.url}/douliu/desk/")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("登記案件")
    page.get_by_role("button", name="登記", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("請選服務項目")
    check(page)
    page.get_by_label("服務項目").select_option("streetlight")
    page.get_by_label("燈桿號碼").press_sequentially("01234")
    expect(page.get_by_role("heading", name="找到了：01234 號路燈")).to_be_visible()
    page.get_by_label("說明").fill("來電：一閃一閃")
    page.get_by_role("button", name="登記", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("查詢碼")
    check(page)


def test_a_report_is_whole_without_scripts(site: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-TW")
    page = context.new_page()
    page.goto(f"{site.url}{APPLY}")
    page.get_by_label("燈桿號碼").fill("01234")
    page.get_by_role("button", name="繼續").click()
    page.get_by_label("燈怎麼了？").fill("入夜後完全不亮")
    page.get_by_label("姓名").fill("王小明")
    page.get_by_label("手機號碼").fill("0912-000-345")
    page.get_by_role("button", name="繼續").click()
    expect(page.get_by_text("虎溪里 慶生路 128 號前")).to_be_visible()
    page.get_by_role("button", name="送出報修").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("收到了，謝謝您")
    context.close()
