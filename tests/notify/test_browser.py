"""The outbox in a real browser: accessible, nothing cut off, a quiet console, on a phone and on a desk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from chassis.clock import now
from chassis.runtime import Runtime
from chassis.web.staff import COOKIE, StaffIdentity, issue
from services.notify import manifest
from services.notify.outcome import Accepted, Rejected
from tests.browser import DESKTOP, PHONE, axe, fits
from tests.notify.conftest import Make
from tests.notify.test_outbox import TWILIO
from tests.notify.world import EMAIL, SURVEY, every, record, sender, tell

pytestmark = pytest.mark.browser


class Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def office(make: Make, sqlite_url: str) -> Runtime:
    """An office with a message of every kind."""
    runtime = make(sqlite_url, LAMPPOST_SMS=TWILIO)
    answers = [Accepted("a1", 2), Rejected("21614", "…", "permanent"), Rejected("20003", "…", "configuration")]
    record(runtime, sms=answers)
    tell(runtime, email=EMAIL)
    sender(runtime).send()
    sender(runtime, "email").send()
    tell(runtime, "case_closed", sequence=3, survey=SURVEY, number="DL-115-004218-4")
    sender(runtime).send()
    tell(runtime, "case_returned", sequence=2, number="DL-115-004219-2", language="en")
    sender(runtime).send()
    tell(runtime, number="DL-115-004221-8", phone="05-532-2000")
    tell(runtime, number="DL-115-004222-6")
    return runtime


@pytest.fixture
def address(office: Runtime) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, manifest.web(office), threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_outbox_is_accessible_fits_and_is_quiet(
    browser: Browser, office: Runtime, address: str, width: int
) -> None:
    parked = next(message.id for message in every(office) if message.state == "parked")
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    chief = StaffIdentity("chen", "douliu", "陳課長", "works", "312", frozenset({"chief"}), now())
    context.add_cookies([{"name": COOKIE, "value": issue(office, chief), "url": address}])
    page = context.new_page()
    for path in ("?lang=zh-Hant", "?lang=en", f"{parked}?lang=zh-Hant", "?state=expired&lang=zh-Hant"):
        look(page, f"{address}/douliu/messages/{path}")
    page.goto(f"{address}/douliu/messages/{parked}?lang=zh-Hant")
    page.get_by_role("button", name="再送一次").click()
    assert page.get_by_text("這則訊息會再送一次。").is_visible()
    context.close()


def look(page: Page, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    assert said == []
    assert fits(page), "it scrolls sideways"
    assert axe(page) == []
