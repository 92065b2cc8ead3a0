from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from chassis import keys
from chassis.clock import now
from chassis.runtime import Runtime
from chassis.web import staff
from chassis.web.staff import COOKIE, StaffIdentity, issue, local_path, sign_in, sign_out, verify
from tests.chassis.web.conftest import Made, SignedIn, csrf_token, identity
from tests.chassis.web.tiny import doors

DESK = "/douliu/notes/desk"
COUNT = "/douliu/api/tiny/v1/count"
EMPTY = "/douliu/api/tiny/v1/empty"


def holding(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    return client


def test_a_token_speaks_for_whom_it_was_issued(runtime: Runtime) -> None:
    found = verify(runtime, issue(runtime, identity("douliu", "clerk", "chief")))
    assert found is not None
    assert (found.username, found.tenant, found.name) == ("lin", "douliu", "林怡君")
    assert (found.section, found.extension, found.roles) == ("works", "312", frozenset({"clerk", "chief"}))


def test_without_a_session_a_page_leads_to_the_sign_in(browser: FlaskClient) -> None:
    response = browser.get(f"{DESK}?queue=mine&page=2")
    assert response.status_code == 302
    assert response.headers["Location"] == "/douliu/desk/sign-in?next=/douliu/notes/desk%3Fqueue%3Dmine%26page%3D2"


def test_without_a_session_a_post_is_401_and_leads_back(browser: FlaskClient) -> None:
    headers = {"X-CSRFToken": csrf_token(browser), "Referer": "http://localhost/douliu/notes/desk?x=1"}
    response = browser.post(DESK, headers=headers)
    assert response.status_code == 401
    assert 'href="/douliu/desk/sign-in?next=/douliu/notes/desk"' in response.get_data(as_text=True)


def test_without_a_session_an_api_is_401(browser: FlaskClient) -> None:
    response = browser.get(COUNT)
    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"
    assert response.headers["WWW-Authenticate"]


def test_staff_of_the_office_come_in(signed_in: SignedIn) -> None:
    response = signed_in("douliu", "clerk").get(DESK)
    assert response.get_data(as_text=True) == "desk of 林怡君"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [DESK, COUNT])
def test_staff_of_the_neighbour_see_nothing(signed_in: SignedIn, path: str) -> None:
    response = signed_in("anping", "clerk", "chief", "head").get(path)
    assert response.status_code == 403
    assert "林怡君" not in response.get_data(as_text=True)


def test_the_neighbours_public_pages_do_not_know_me(signed_in: SignedIn) -> None:
    page = signed_in("anping", "clerk").get("/douliu/notes/").get_data(as_text=True)
    assert "林怡君" not in page
    assert "/douliu/desk/" not in page


def test_the_wrong_role_is_403(signed_in: SignedIn) -> None:
    client = signed_in("douliu", "head")
    assert client.get(DESK).status_code == 403
    clerk = signed_in("douliu", "clerk")
    assert clerk.post(DESK, headers={"X-CSRFToken": csrf_token(clerk)}).status_code == 403
    chief = signed_in("douliu", "chief")
    assert chief.post(DESK, headers={"X-CSRFToken": csrf_token(chief)}).status_code == 200


def test_city_it_has_no_office(signed_in: SignedIn) -> None:
    client = signed_in("*", "city_it")
    assert client.get(DESK).status_code == 403
    assert client.get("/tiny/dead-letters").status_code == 200


@pytest.mark.parametrize(("tenant", "role"), [("douliu", "city_it"), ("*", "clerk"), ("douliu", "head")])
def test_only_city_it_sees_the_operations_pages(signed_in: SignedIn, tenant: str, role: str) -> None:
    assert signed_in(tenant, role).get("/tiny/dead-letters").status_code == 403


def test_an_api_trusts_a_cookie_only_with_a_token(signed_in: SignedIn) -> None:
    client = signed_in("douliu", "clerk")
    assert client.get(COUNT).get_json() == {"notes": 0}
    refused = client.post(EMPTY)
    assert refused.status_code == 400
    assert refused.get_json()["errors"][0]["pointer"] == "#/csrf_token"
    assert client.post(EMPTY, headers={"X-CSRFToken": csrf_token(client)}).status_code == 204


def test_an_expired_session_is_no_session(app: Flask, runtime: Runtime) -> None:
    at = now() - timedelta(minutes=31)
    client = holding(app, issue(runtime, identity("douliu", "chief", auth_time=at), at=at))
    assert client.get(DESK).status_code == 302
    assert client.get(COUNT).status_code == 401
    assert client.post(DESK, headers={"X-CSRFToken": csrf_token(client)}).status_code == 401


def test_a_session_ends_nine_hours_after_the_sign_in(runtime: Runtime) -> None:
    morning = now() - timedelta(hours=8, minutes=50)
    token = issue(runtime, identity("douliu", auth_time=morning))
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["exp"] == int((morning + timedelta(hours=9)).timestamp())
    yesterday = identity("douliu", auth_time=now() - timedelta(hours=9, seconds=1))
    assert verify(runtime, issue(runtime, yesterday)) is None


def test_a_session_is_renewed_while_its_owner_works(app: Flask, runtime: Runtime) -> None:
    at = now() - timedelta(minutes=6)
    client = holding(app, issue(runtime, identity("douliu", "clerk", auth_time=at), at=at))
    client.get(DESK)
    renewed = client.get_cookie(COOKIE)
    assert renewed is not None
    claims = jwt.decode(renewed.value, options={"verify_signature": False})
    assert claims["iat"] > at.timestamp() + 300
    assert claims["auth_time"] == int(at.timestamp())


def test_a_fresh_session_is_left_alone(signed_in: SignedIn) -> None:
    assert not signed_in("douliu", "clerk").get(DESK).headers.getlist("Set-Cookie")


def test_a_service_that_only_verifies_renews_nothing(make_tiny: Made) -> None:
    runtime = make_tiny()
    at = now() - timedelta(minutes=6)
    token = issue(runtime, identity("douliu", "clerk", auth_time=at), at=at)
    runtime.keys = replace(runtime.keys, session_private=None)
    response = holding(doors.app(runtime), token).get(DESK)
    assert response.status_code == 200
    assert not response.headers.getlist("Set-Cookie")
    with pytest.raises(ValueError, match=r"session\.private"):
        issue(runtime, identity())


def test_signing_out_wins_over_renewal(app: Flask, runtime: Runtime) -> None:
    @app.get("/<office:tenant>/leave")
    def leave() -> Response:
        response = app.make_response("bye")
        sign_out(response)
        return response

    at = now() - timedelta(minutes=6)
    client = holding(app, issue(runtime, identity("douliu", auth_time=at), at=at))
    client.get("/douliu/leave")
    assert client.get_cookie(COOKIE) is None


def test_the_cookie_is_out_of_reach(app: Flask, runtime: Runtime) -> None:
    response = app.make_response("")
    sign_in(response, runtime, identity())
    cookie = response.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/"))


def test_a_token_signed_by_another_key_is_none(runtime: Runtime, tmp_path: Path) -> None:
    keys.make(tmp_path / "other.toml", [])
    other = replace(runtime, keys=keys.load(tmp_path / "other.toml"))
    assert verify(runtime, issue(other, identity())) is None


def test_a_changed_or_unsigned_token_is_none(runtime: Runtime) -> None:
    head, body, signature = issue(runtime, identity()).split(".")
    forged = jwt.encode({"sub": "lin", "tenant": "douliu"}, "x" * 32, "HS256")
    unsigned = jwt.encode({"sub": "lin", "tenant": "douliu"}, "", "none")
    by_public_key = jwt.encode({"sub": "lin"}, runtime.keys.session_public.replace("-", "x"), "HS256")
    for token in (f"{head}.{body}.{signature[::-1]}", f"{head}.{body}.", forged, unsigned, by_public_key, "", "x"):
        assert verify(runtime, token) is None


@pytest.mark.parametrize("claim", ["sub", "tenant", "roles", "exp", "auth_time", "iat", "iss"])
def test_a_token_without_a_claim_is_none(runtime: Runtime, claim: str) -> None:
    token = issue(runtime, identity())
    claims = jwt.decode(token, options={"verify_signature": False})
    del claims[claim]
    assert verify(runtime, jwt.encode(claims, runtime.keys.session_private or "", "EdDSA")) is None


LEAVING = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil",
    "javascript:alert(1)",
    "evil.example",
    "/a\nb",
    "/a\tb",
    "/\t/evil.example",
    "",
    None,
    "/" + "a" * 3000,
]


@pytest.mark.parametrize("candidate", LEAVING)
def test_next_never_leaves_this_host(candidate: str | None) -> None:
    assert local_path(candidate, "/desk") == "/desk"


@pytest.mark.parametrize(
    "candidate", ["/", "/douliu/desk/", "/douliu/desk/?case=DL-115-004217-6", "/a?next=https://x/"]
)
def test_next_leads_back(candidate: str) -> None:
    assert local_path(candidate, "/desk") == candidate


@given(st.text(alphabet="/\\:.@?#abh \t\n", max_size=12))
def test_a_local_path_is_never_read_as_another_host(candidate: str) -> None:
    found = local_path(candidate, "/desk")
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert "\\" not in found
    assert found.isprintable()


def test_roles_decide() -> None:
    clerk: StaffIdentity = identity("douliu", "clerk")
    assert clerk.may()
    assert clerk.may("chief", "clerk")
    assert not clerk.may("chief")
    assert not replace(clerk, roles=frozenset({"city_it"})).city_it
    assert timedelta(minutes=30) == staff.LIFETIME
