"""Walking through pages as a browser would: forms are read from the page, filled in, and sent where they point."""

import io
import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse


class Forms(HTMLParser):
    """The forms of a page: action, and the fields that would be sent as they stand."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        name = found.get("name") or ""
        if tag == "form":
            self.forms.append({"action": found.get("action") or "", "method": found.get("method", "get"), "fields": {}})
        elif tag == "input" and self._counts(found):
            self._put(name, found.get("value") or "")
        elif tag in ("textarea", "select"):
            self._open = name
            self._put(name, "")
        elif tag == "option" and "selected" in found:
            self._put(self._open, found.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self._open and self.get_starttag_text().startswith("<textarea"):  # type: ignore[union-attr]
            self._put(self._open, data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "select"):
            self._open = ""

    def _put(self, name: str, value: str) -> None:
        if name and self.forms:
            self.forms[-1]["fields"][name] = value

    def _counts(self, found: dict[str, str | None]) -> bool:
        kind = found.get("type")
        return kind != "file" and (kind not in ("radio", "checkbox") or "checked" in found)


def form(html: str, action: str = "") -> dict[str, Any]:
    """The form whose action ends so (without: the last one)."""
    return next(one for one in reversed(Forms(html).forms) if one["action"].partition("?")[0].endswith(action))


def send(client: FlaskClient, page: TestResponse, action: str = "", **answers: Any) -> TestResponse:
    """Fill in a form of this page and send it; follows no redirect."""
    found = form(page.text, action)
    known = found["fields"]
    answers = {**known, **answers}
    return client.post(found["action"] or page.request.path, data=answers)


def walk(client: FlaskClient, page: TestResponse, action: str = "", **answers: Any) -> TestResponse:
    """Send a form and go where it leads."""
    answer = send(client, page, action, **answers)
    assert answer.status_code in (302, 303), text(answer.text)
    return client.get(answer.headers["Location"])


def text(html: str) -> str:
    """The words of a page."""
    bare = re.sub(r"<(script|style|template).*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())


def code_of(html: str) -> str:
    """The query code on the confirmation page."""
    found = re.search(r"查詢碼</dt><dd>(\w{6})</dd>", html)
    assert found, text(html)
    return found.group(1)


def report(client: FlaskClient, pole: str = "01234", **contact: str) -> Any:
    """All steps; returns the confirmation page."""
    start = client.get("/douliu/services/streetlight/apply")
    page = walk(client, start, "/apply", pole=pole)
    answers = {"description": "入夜後完全不亮", "name": "王小明", "phone": "0912-000-345", **contact}
    page = walk(client, page, "/contact", **answers)
    assert "送出前請再看一次" in page.text
    return walk(client, page, "/check")


def number_of(page: Any) -> str:
    """The case number on a page."""
    found = re.search(r"DL-\d{3}-\d{6}-\d", page.text)
    assert found
    return found.group()


def photo() -> io.BytesIO:
    """A small photo, to be sent."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(content, "JPEG")
    content.seek(0)
    return content
