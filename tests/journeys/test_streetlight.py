"""The journey the platform is for, in a browser: report, SMS, returned, supplemented, closed, judged, found again."""

import re
import tomllib
from typing import Any

import requests
from playwright.sync_api import Browser, Page, expect

from tests.intake.web.pages import form
from tests.platform import Platform, until
from tests.servers import ROOT

PHONE = "0912000345"


class Walk:
    """One person's browser, and what they carry from step to step."""

    def __init__(self, page: Page, platform: Platform) -> None:
        self.page, self.platform = page, platform

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.platform.url + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=False).first.fill(text)


def texts(platform: Platform, number: str) -> list[str]:
    """The SMS about a case, oldest first: from the fake provider, or from the laptop's outbox page."""
    if platform.provider is None:
        return outbox(platform, number)
    return [one["body"] for one in platform.provider.accepted() if number in one["body"]]


def outbox(platform: Platform, number: str) -> list[str]:
    page = requests.get(f"{platform.url}/douliu/messages/", params={"case": number}, timeout=10).text
    found = re.findall(r'<p class="phone">(.*?)</p>', page, flags=re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one) for one in reversed(found)]


def link_in(text: str) -> str:
    found = re.search(r"https?://\S+", text)
    assert found, text
    return found.group().rstrip("。")


def test_a_streetlight_from_report_to_judgement(platform: Platform, browser: Browser) -> None:
    resident, clerk, head = (Walk(browser.new_context(locale="zh-TW").new_page(), platform) for _ in range(3))

    resident.go("/douliu/")
    resident.page.locator(".tile a", has_text="路燈報修").click()
    resident.page.get_by_role("link", name="開始報修").click()
    resident.fill("燈桿號碼", "01234")
    expect(resident.page.get_by_text("找到了：01234 號路燈")).to_be_visible()
    expect(resident.page.get_by_text("慶生路 128 號前")).to_be_visible()
    resident.page.locator("form button[type=submit]").last.click()
    resident.fill("怎麼了？", "入夜後完全不亮，路口很暗。")
    resident.fill("姓名", "王小明")
    resident.fill("手機號碼", PHONE)
    resident.press("繼續")
    resident.press("送出報修")
    shown = resident.page.locator("main").inner_text()
    number = re.search(r"DL-\d{3}-\d{6}-\d", shown)
    assert number
    case = number.group()

    until(lambda: len(texts(platform, case)) == 1, what="the receipt")
    assert "01234" in texts(platform, case)[0] or "路燈" in texts(platform, case)[0]
    resident.go(link_in(texts(platform, case)[0]))
    expect(resident.page.get_by_text("已收件").first).to_be_visible()

    sign_in(clerk, "works")
    clerk.go(f"/douliu/desk/cases/{case}")
    clerk.press("由我承辦")
    clerk.page.locator("input[name=missing]").first.check()
    clerk.press("退回補件，時限暫停")
    until(lambda: len(texts(platform, case)) == 2, what="the SMS about what is missing")

    resident.go(link_in(texts(platform, case)[1]))
    expect(resident.page.get_by_text("請您補件，時限已暫停")).to_be_visible()
    resident.page.get_by_role("link", name="現在補件").click()
    resident.fill("說明", "照片補上了，在路口往南第二盞。")
    resident.press("送出")
    expect(resident.page.get_by_text("您補件了")).to_be_visible()

    clerk.go(f"/douliu/desk/cases/{case}")
    clerk.page.locator("textarea[name=reply]").fill("已更換燈具，恢復照明。")
    clerk.press("結案並通知民眾")
    until(lambda: len(texts(platform, case)) == 3, what="the SMS with the reply")

    judge(resident, texts(platform, case)[2])
    until(lambda: "不滿意的原因" in staff_page(clerk, f"/douliu/desk/cases/{case}"), what="the judgement on the case")
    sign_in(head, "head")
    assert case in staff_page(head, "/douliu/desk/head")

    search_finds(platform, clerk, case)


def sign_in(walk: Walk, kind: str) -> None:
    walk.go("/douliu/desk/sign-in")
    walk.page.locator("input[name=username]").fill(account(kind))
    walk.page.locator("input[name=password]").fill("lamppost-demo")
    walk.press("登入")


def account(kind: str) -> str:
    rows = tomllib.loads((ROOT / "services/intake/demo_staff.toml").read_text(encoding="utf-8"))["staff"]
    office = [row for row in rows if row["tenant"] == "douliu"]
    wanted = "head" if kind == "head" else "clerk"
    return str(
        next(row for row in office if wanted in row["roles"] and (kind == "head" or row["section"] == kind))["username"]
    )


def judge(resident: Walk, text: str) -> None:
    survey = next(link for link in re.findall(r"https?://\S+", text) if "/s/" in link)
    until(lambda: requests.get(survey, timeout=5).status_code == 200, what="the survey")
    resident.go(survey)
    resident.page.locator("input[name=satisfaction][value='1']").check(force=True)
    resident.page.locator("main form button").last.click()
    resident.page.locator("input[type=radio]").first.check(force=True)
    resident.page.locator("main form button").last.click()
    resident.page.locator("main form button").last.click()
    expect(resident.page.get_by_text("謝謝").first).to_be_visible()


def staff_page(walk: Walk, path: str) -> str:
    walk.go(path)
    return str(walk.page.locator("main").inner_text())


def search_finds(platform: Platform, clerk: Walk, case: str) -> None:
    link = f"/douliu/desk/cases/{case}"
    until(lambda: "/douliu/services/streetlight" in public(platform, "/douliu/search?q=路燈"), what="the service page")
    assert link not in public(platform, f"/douliu/search?q={case}")
    until(lambda: link in staff_html(clerk, f"/douliu/search?q={case}"), what="the case for staff")
    for words in ("路燈", case):
        assert link not in staff_html(clerk, f"/anping/search?q={words}")
        assert "/douliu/services" not in public(platform, f"/anping/search?q={words}")


def public(platform: Platform, path: str) -> str:
    return requests.get(platform.url + path, timeout=10).text


def staff_html(walk: Walk, path: str) -> str:
    walk.go(path)
    return walk.page.content()


def test_the_same_report_by_machine(platform: Platform) -> None:
    made = platform.command("key", "create", "douliu", "journey").stdout
    key = max(re.findall(r"\S+", made), key=len)
    sent: dict[str, Any] = {
        "api_key": key,
        "service_code": "streetlight",
        "attribute[pole]": "01234",
        "description": "不亮",
        "phone": PHONE,
    }
    base = f"{platform.url}/douliu/open311/v2"
    made_case = requests.post(f"{base}/requests.json", data=sent, timeout=10)
    assert made_case.status_code == 201, made_case.text
    number = made_case.json()[0]["service_request_id"]
    assert requests.get(f"{base}/requests/{number}.json", timeout=10).json()[0]["status"] == "open"
    close_by_hand(platform, number)
    until(lambda: requests.get(f"{base}/requests/{number}.json", timeout=10).json()[0]["status"] == "closed")


def close_by_hand(platform: Platform, number: str) -> None:
    session = requests.Session()
    post(session, platform, "/douliu/desk/sign-in", username=account("works"), password="lamppost-demo")
    post(session, platform, f"/douliu/desk/cases/{number}", "/take")
    post(session, platform, f"/douliu/desk/cases/{number}", "/close", reply="已修復")


def post(session: requests.Session, platform: Platform, path: str, action: str = "", **answers: str) -> None:
    page = session.get(platform.url + path, timeout=10)
    found = form(page.text, action or path)
    url = platform.url + (found["action"] or path)
    answer = session.post(url, data={**found["fields"], **answers}, timeout=10, headers={"Referer": url})
    assert answer.status_code == 200, answer.text
