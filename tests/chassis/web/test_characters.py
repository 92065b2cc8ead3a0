import json

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from chassis.web.characters import BAD, check_urlencoded
from chassis.web.problems import Problem
from tests.chassis.web.conftest import csrf_token

FORMS = "/douliu/api/tiny/v1/forms"
NOTES = "/douliu/api/tiny/v1/notes"
FORM = "application/x-www-form-urlencoded"
BROKEN = [b"%00", b"%ff", b"\xff", b"%E7%87", b"%1f", b"%7F", b"%C2%85", b"%ED%A0%80"]


@pytest.mark.parametrize("text", BROKEN)
def test_a_form_with_broken_text_names_the_field(browser: FlaskClient, text: bytes) -> None:
    response = browser.post(FORMS, data=b"kind=short&words=a" + text, content_type=FORM)
    assert response.status_code == 400
    assert response.get_json()["errors"][0]["pointer"] == "#/words"


@pytest.mark.parametrize("text", BROKEN)
def test_a_query_with_broken_text_names_the_parameter(browser: FlaskClient, text: bytes) -> None:
    query = (b"limit=3&kind=" + text).decode("latin-1")
    response = browser.get(NOTES, environ_overrides={"QUERY_STRING": query})
    assert response.status_code == 400
    assert response.get_json()["errors"][0]["pointer"] == "#/kind"


@pytest.mark.parametrize("text", [b"\x00", b"\xff\xfe", b"\x07", b"\xe7\x87"])
def test_a_multipart_form_with_broken_text_names_the_field(browser: FlaskClient, text: bytes) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="words"\r\n\r\n' + text + b"\r\n--x--\r\n"
    response = browser.post(FORMS, data=body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 400
    assert response.get_json()["errors"][0]["pointer"] == "#/words"


@pytest.mark.parametrize("text", ["\\u0000", "\\u0007", "\\ud800", "\\u0085", "\\uffff"])
def test_json_with_text_that_cannot_be_stored_names_the_field(browser: FlaskClient, text: str) -> None:
    body = f'{{"words": "lamp", "labels": ["a", "b{text}"]}}'
    response = browser.post(NOTES, data=body, content_type="application/json")
    assert response.status_code in (400, 422)
    if response.status_code == 422:
        assert response.get_json()["errors"][0]["pointer"] == "#/labels/1"


def test_a_name_that_cannot_be_stored_is_refused_too(browser: FlaskClient) -> None:
    body = json.dumps({"words": "lamp", "labels\x00": "b"})
    assert browser.post(NOTES, data=body, content_type="application/json").status_code == 422


@pytest.mark.parametrize("body", [b"\xff", b'{"words": "\xff"}', b"", b"{", b"nul", b'{"words": NaN}', b"[" * 100_000])
def test_what_is_not_json_is_said_so(browser: FlaskClient, body: bytes) -> None:
    assert browser.post(NOTES, data=body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("path", ["/douliu/notes/break/%00", "/douliu/notes/break/%ff", "/douliu/notes/break/%c2%9f"])
def test_an_address_with_broken_text_is_refused(browser: FlaskClient, path: str) -> None:
    assert browser.get(path).status_code == 400


def test_line_breaks_tabs_and_every_script_are_welcome(browser: FlaskClient) -> None:
    words = "路燈\r\n不亮\tLED 𠮷 👩🏽‍🔧 é"
    response = browser.post(FORMS, data={"words": words})
    assert response.get_json()["words"] == words
    assert browser.post(NOTES, json={"words": words}).get_json()["words"] == words


def test_nothing_is_written_of_a_refused_form(browser: FlaskClient) -> None:
    data = f"words=a%00&csrf_token={csrf_token(browser)}"
    assert browser.post("/douliu/notes/new", data=data, content_type=FORM).status_code == 400
    assert browser.get(NOTES).get_json() == []


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=20), max_size=4))
def test_only_bad_characters_are_refused(fields: dict[str, str]) -> None:
    from urllib.parse import urlencode

    bad = any(BAD.search(text) for pair in fields.items() for text in pair)
    raw = urlencode(fields, errors="surrogatepass").encode()
    try:
        check_urlencoded(raw)
    except (Problem, RuntimeError):  # without an app the problem has no words
        assert bad
    else:
        assert not bad
