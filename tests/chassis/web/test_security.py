import io

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.web.blueprints import MEGABYTE
from tests.chassis.web.conftest import Made, csrf_token
from tests.chassis.web.tiny import doors

API = "/douliu/api/tiny/v1/notes"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"


def multipart(name: str, content: bytes, more: str = "") -> bytes:
    """One part. (Werkzeug's own test client leaves a temporary file open for large ones.)"""
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n--x--\r\n"


@pytest.mark.parametrize("path", ["/douliu/notes/", "/douliu/notes/none", API, "/tiny/health/live", "/none"])
def test_every_answer_carries_the_headers(browser: FlaskClient, path: str) -> None:
    headers = browser.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=(self)" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_behind_https_cookies_are_secure_and_https_is_insisted_on(make_tiny: Made) -> None:
    client = doors.app(make_tiny(LAMPPOST_PUBLIC_URL="https://lamppost.example.tw")).test_client()
    response = client.get("/douliu/notes/?lang=en")
    assert "max-age" in response.headers["Strict-Transport-Security"]
    cookies = response.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_a_form_without_its_token_is_refused_by_name(browser: FlaskClient) -> None:
    response = browser.post("/douliu/notes/new", data={"words": "lamp"}, headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert response.get_json()["errors"][0]["pointer"] == "#/csrf_token"
    page = browser.post("/douliu/notes/new", data={"words": "lamp"}, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert "csrf_token" in page.get_data(as_text=True)


def test_a_token_of_another_browser_is_refused(browser: FlaskClient) -> None:
    other = doors.app(browser.application.extensions["lamppost"]).test_client()
    data = {"words": "lamp", "csrf_token": csrf_token(other)}
    browser.get("/douliu/notes/")
    assert browser.post("/douliu/notes/new", data=data).status_code == 400


def test_a_form_with_its_token_is_taken(browser: FlaskClient) -> None:
    token = csrf_token(browser)
    assert browser.post("/douliu/notes/new", data={"words": "lamp", "csrf_token": token}).status_code == 302
    assert browser.post("/douliu/notes/new", data={"words": "lamp"}, headers={"X-CSRFToken": token}).status_code == 302


def test_apis_ask_for_no_token(browser: FlaskClient) -> None:
    assert browser.post(API, json={"words": "lamp"}).status_code == 201


def test_a_megabyte_is_too_large(browser: FlaskClient) -> None:
    text = "燈" * MEGABYTE
    for response in (
        browser.post(API, json={"words": text}),
        browser.post("/douliu/api/tiny/v1/forms", data={"words": text}),
        browser.post("/douliu/api/tiny/v1/forms", data=multipart("words", text.encode()), content_type=MULTIPART),
        browser.post("/douliu/notes/new", data={"words": text}, headers={"Accept": "application/json"}),
    ):
        assert response.status_code == 413
        assert "1,048,576" in response.get_json()["detail"]


def test_a_body_of_unknown_length_is_measured_too(browser: FlaskClient) -> None:
    response = browser.post(
        API,
        input_stream=io.BytesIO(b'{"words": "' + b"x" * MEGABYTE + b'"}'),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert response.status_code == 413


def test_a_long_text_in_a_small_body_is_named(browser: FlaskClient) -> None:
    response = browser.post(API, json={"words": "x" * 900_000})
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["pointer"] == "#/words"


def test_one_view_may_take_more(browser: FlaskClient) -> None:
    photo = multipart("photo", b"x" * 2_000_000, '; filename="lamp.jpg"')
    body = multipart("words", b"lamp").removesuffix(b"--x--\r\n") + photo
    headers = {"X-CSRFToken": csrf_token(browser)}
    assert browser.post("/douliu/notes/photo", data=body, content_type=MULTIPART, headers=headers).status_code == 200
    assert browser.post("/douliu/notes/new", data=body, content_type=MULTIPART, headers=headers).status_code == 413


def test_pages_about_people_are_kept_by_no_cache(browser: FlaskClient) -> None:
    response = browser.get("/douliu/notes/desk")
    assert response.headers["Cache-Control"] == "no-store"
    assert browser.get("/douliu/notes/").headers["Cache-Control"] == "no-cache"


PARTS = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [b"&", b"=", b"%", b"%00", b"%ff", b"words", b"csrf_token", b"+", b";", b"--x\r\n", b"\x00", b'{"', b"[" * 50]
    ),
)
BYTES = st.lists(PARTS, max_size=12).map(b"".join)
KINDS = st.sampled_from(
    [
        FORM,
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/json",
        "text/plain",
        "",
        "application/json; charset=x",
    ]
)
PATHS = st.sampled_from(
    ["/douliu/notes/new", "/douliu/notes/photo", API, "/douliu/api/tiny/v1/forms", "/douliu/api/tiny/v1/empty"]
)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BYTES, kind=KINDS, path=PATHS, query=BYTES, with_token=st.booleans())
def test_no_bytes_break_anything(
    browser: FlaskClient, body: bytes, kind: str, path: str, query: bytes, with_token: bool
) -> None:
    headers = {"X-CSRFToken": csrf_token(browser)} if with_token else {}
    response = browser.open(
        path,
        method="POST",
        data=body,
        content_type=kind,
        headers=headers,
        environ_overrides={"QUERY_STRING": query.decode("latin-1")},
    )
    assert response.status_code < 500


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.binary(max_size=40),
    header=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40),
)
def test_no_address_or_header_breaks_anything(browser: FlaskClient, path: bytes, header: str) -> None:
    for prefix in ("/", "/douliu/notes/", "/douliu/api/tiny/v1/notes/"):
        environ = {"PATH_INFO": prefix + path.decode("latin-1")}
        for name in ("HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE", "HTTP_TRACEPARENT", "HTTP_IDEMPOTENCY_KEY"):
            environ[name] = header
        assert browser.get("/", environ_overrides=environ).status_code < 500
        assert browser.post("/", environ_overrides=environ, json={}).status_code < 500


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.one_of(st.text(max_size=80), st.from_regex(r"[\w-]{2,20}\.[\w-]{2,20}\.[\w-]{2,20}", fullmatch=True)))
def test_no_session_cookie_breaks_anything(browser: FlaskClient, token: str) -> None:
    for name in ("lamppost_staff", "lamppost_form", "lamppost_language"):
        cookie = f"{name}={token}".encode("utf-8", "replace").decode("latin-1")
        assert browser.get("/douliu/notes/desk", environ_overrides={"HTTP_COOKIE": cookie}).status_code in (302, 400)
