"""What the pages' own modules add: the lamp while typing, keys of the desk, the map, the copy button."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.design.context.facts import FOUND, LAMPS

FOUND_ANSWER = {
    "title": "01234 號路燈", "place": "慶生路 128 號前", "detail": "LED 60 W", "point": FOUND, "nearby": LAMPS[:20],
    "notice": {"tag": "已有 1 人報修", "text": "三天前", "action": {"text": "加入這一件", "href": "/join"}},
}  # fmt: skip
UNKNOWN_ANSWER = {"message": "沒有 99999 號路燈", "suggestions": [{"number": "01234", "place": "慶生路"}]}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def answer_lookups(page: Page, asked: list[str]) -> None:
    def answer(route: Route) -> None:
        number = route.request.url.rpartition("number=")[2].partition("#")[0]
        asked.append(number)
        if number == "50000":
            route.abort()
            return
        found = number == "01234"
        route.fulfill(status=200 if found else 404, content_type="application/json",
                      body=json.dumps(FOUND_ANSWER if found else UNKNOWN_ANSWER))  # fmt: skip

    page.route("**/*number=*", answer)


def test_lamp_appears_while_the_number_is_typed(page: Page, pages: str) -> None:
    asked: list[str] = []
    answer_lookups(page, asked)
    page.goto(f"{pages}/report_pole_unknown.zh-Hant.html")
    page.get_by_label("燈桿號碼").fill("")
    page.get_by_label("燈桿號碼").press_sequentially("01234")
    result = page.locator("[data-lookup-result]")
    expect(result.get_by_role("heading")).to_have_text("01234 號路燈")
    expect(result.get_by_role("link", name="加入這一件")).to_have_attribute("href", "/join")
    expect(result.locator("[data-map] canvas").first).to_be_visible()
    assert asked == ["01234"]


def test_a_number_typed_before_the_script_came_is_looked_up(page: Page, pages: str) -> None:
    asked: list[str] = []
    held: list[Route] = []
    answer_lookups(page, asked)
    page.route("**/*.js", lambda route: held.append(route))
    page.goto(f"{pages}/report_pole_empty.zh-Hant.html", wait_until="commit")
    page.get_by_label("燈桿號碼").fill("01234")
    page.unroute("**/*.js")
    for script in held:
        script.continue_()
    expect(page.locator("[data-lookup-result]").get_by_role("heading")).to_have_text("01234 號路燈")
    assert asked == ["01234"]


def test_full_width_digits_are_understood(page: Page, pages: str) -> None:
    asked: list[str] = []
    answer_lookups(page, asked)
    page.goto(f"{pages}/report_pole_unknown.zh-Hant.html")
    page.get_by_label("燈桿號碼").fill("０１２３４")
    expect(page.locator("[data-lookup-result]").get_by_role("heading")).to_have_text("01234 號路燈")
    assert asked == ["01234"]


def test_unknown_number_offers_suggestions_that_can_be_taken(page: Page, pages: str) -> None:
    answer_lookups(page, [])
    page.goto(f"{pages}/report_pole.zh-Hant.html")
    page.get_by_label("燈桿號碼").fill("99999")
    expect(page.get_by_text("沒有 99999 號路燈")).to_be_visible()
    page.get_by_role("button", name="01234 慶生路").click()
    expect(page.get_by_label("燈桿號碼")).to_have_value("01234")
    expect(page.locator("[data-lookup-result]").get_by_role("heading")).to_have_text("01234 號路燈")


def test_lookup_that_fails_says_that_the_report_can_go_on(page: Page, pages: str) -> None:
    answer_lookups(page, [])
    page.goto(f"{pages}/report_pole.zh-Hant.html")
    page.get_by_label("燈桿號碼").fill("50000")
    expect(page.get_by_text("現在查不到位置，不影響報修，請繼續。")).to_be_visible()


def focused(page: Page) -> str:
    text: str = page.evaluate("document.activeElement.textContent")
    return text


def test_keys_go_down_and_up_the_queue_from_the_selected_case(page: Page, pages: str) -> None:
    page.goto(f"{pages}/desk.zh-Hant.html")
    page.keyboard.press("j")
    assert focused(page) == "路面坑洞"
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert focused(page) == "路燈不亮 05521"
    page.keyboard.press("k")
    assert focused(page) == "路燈不亮 05521"
    page.keyboard.press("Enter")
    page.wait_for_url("**/*case=DL-115-004180-3*")


def test_keys_reach_the_new_case_and_the_search(page: Page, pages: str) -> None:
    page.goto(f"{pages}/desk.zh-Hant.html")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("jkn")
    expect(page.get_by_role("searchbox")).to_have_value("jkn")
    page.get_by_role("searchbox").blur()
    page.keyboard.press("Control+j")
    page.keyboard.press("n")
    assert page.url.endswith("#new")


def test_map_draws_the_lamps_and_can_be_moved_by_keyboard(page: Page, pages: str) -> None:
    page.goto(f"{pages}/map.zh-Hant.html")
    map_ = page.locator("#map")
    expect(map_.locator("canvas.leaflet-zoom-animated").first).to_be_visible()
    zoom_in = map_.get_by_role("button", name="放大")
    zoom_in.focus()
    before = map_.locator(".leaflet-control-scale-line").text_content()
    page.keyboard.press("Enter")
    expect(map_.locator(".leaflet-control-scale-line")).not_to_have_text(before or "")


def test_case_number_can_be_copied(page: Page, pages: str) -> None:
    page.goto(f"{pages}/case.zh-Hant.html")
    page.get_by_role("button", name="複製 DL-115-004217-6").click()
    expect(page.get_by_text("已複製").first).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "DL-115-004217-6"
