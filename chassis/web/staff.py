"""Who is signed in: a short-lived token, signed Ed25519 (JWT `EdDSA`, RFC 8037), that every service verifies by itself.

The cookie holds no secret a service would need a store for: whoever has the public key can verify, only the holder of
the private key can issue and renew. A token lives 30 minutes and is renewed while its owner works, for 9 hours at most.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from flask import Flask, Response, current_app, g, redirect, request
from flask_babel import gettext
from jwt import InvalidTokenError
from werkzeug.wrappers import Response as AnyResponse

from chassis.clock import now
from chassis.runtime import Runtime
from chassis.store import EVERYWHERE
from chassis.web.blueprints import Api, blueprint_of
from chassis.web.problems import Problem, asked_by_machine

COOKIE = "lamppost_staff"
ISSUER = "lamppost"
ALGORITHM = "EdDSA"
LIFETIME = timedelta(minutes=30)
RENEW_AFTER = timedelta(minutes=5)
LONGEST = timedelta(hours=9)
CITY_IT = "city_it"
CLAIMS = ["sub", "tenant", "name", "section", "extension", "roles", "iat", "exp", "auth_time", "iss"]
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class StaffIdentity:
    """One signed-in person. `tenant` is the office's code, or `*` for city IT; roles: clerk, chief, head, city_it."""

    username: str
    tenant: str
    name: str
    section: str
    extension: str
    roles: frozenset[str]
    auth_time: datetime
    issued_at: datetime | None = None

    def may(self, *roles: str) -> bool:
        """True when the person has any of these roles (any role at all, when none is named)."""
        return not roles or not self.roles.isdisjoint(roles)

    @property
    def city_it(self) -> bool:
        """True for city IT, who serve all offices and see only the operations pages."""
        return self.tenant == EVERYWHERE and CITY_IT in self.roles


def issue(runtime: Runtime, identity: StaffIdentity, at: datetime | None = None) -> str:
    """Sign a token. Errors: `ValueError` when this service's keys cannot sign (`session.private`)."""
    if runtime.keys.session_private is None:
        raise ValueError("LAMPPOST_KEYS: session.private is missing, this service cannot sign staff sessions")
    at = at or now()
    claims = {
        "iss": ISSUER,
        "sub": identity.username,
        "tenant": identity.tenant,
        "name": identity.name,
        "section": identity.section,
        "extension": identity.extension,
        "roles": sorted(identity.roles),
        "iat": int(at.timestamp()),
        "exp": int(min(at + LIFETIME, identity.auth_time + LONGEST).timestamp()),
        "auth_time": int(identity.auth_time.timestamp()),
    }
    return jwt.encode(claims, _private(runtime.keys.session_private), ALGORITHM)


def verify(runtime: Runtime, token: str) -> StaffIdentity | None:
    """Who this token speaks for; None when it is forged, expired, or older than a working day allows."""
    try:
        claims = jwt.decode(
            token,
            _public(runtime.keys.session_public),
            [ALGORITHM],
            issuer=ISSUER,
            options={"require": CLAIMS},
        )
        return _identity(claims)
    except (InvalidTokenError, ValueError, TypeError, KeyError, OverflowError):
        return None


def sign_in(response: AnyResponse, runtime: Runtime, identity: StaffIdentity) -> None:
    """Put a fresh session into the response's cookie."""
    response.set_cookie(
        COOKIE,
        issue(runtime, identity),
        secure=runtime.settings.public_url.startswith("https:"),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def sign_out(response: AnyResponse) -> None:
    """Take the session cookie away."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Lax")


def staff_required(*roles: str) -> Callable[[Callable[P, R]], Callable[P, R | AnyResponse]]:
    """Let only signed-in staff of the path's office with any of these roles use a view.

    Pages: no session leads to the sign-in page, another office's session is 403. APIs: 401 and 403 problems.
    """

    def guard(view: Callable[P, R]) -> Callable[P, R | AnyResponse]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | AnyResponse:
            refused = require_staff(*roles)
            return view(*args, **kwargs) if refused is None else refused

        return guarded

    return guard


def require_staff(*roles: str) -> AnyResponse | None:
    """The same for a whole blueprint: `before_request(lambda: require_staff("clerk"))`. Errors: `Problem` 401, 403."""
    g.private = True
    identity: StaffIdentity | None = g.get("session_of")
    if identity is None:
        return _to_sign_in()
    if identity.tenant != g.get("tenant", EVERYWHERE):
        raise Problem(403, gettext("您登入的是另一個機關。"))
    if not identity.may(*roles):
        raise Problem(403, gettext("您的職務不能使用這一頁。"))
    if isinstance(blueprint_of(current_app, request), Api) and request.method not in SAFE_METHODS:
        current_app.extensions["csrf"].protect()  # a cookie alone proves no intention
    return None


def local_path(candidate: str | None, otherwise: str) -> str:
    """`candidate` if it is a path on this host, else `otherwise`: for `next=` (no open redirect)."""
    if not candidate or not candidate.startswith("/") or candidate.startswith("//") or len(candidate) > 2000:
        return otherwise
    if "\\" in candidate or not candidate.isprintable():
        return otherwise
    parts = urlsplit(candidate)
    return otherwise if parts.scheme or parts.netloc else candidate


def sign_in_url(next_path: str) -> str:
    """The sign-in page of the path's office; without one (operations pages), of the first office."""
    office = g.get("tenant") or next(iter(current_app.extensions["lamppost"].tenants))
    return f"/{office}/desk/sign-in?next={quote(next_path, safe='/')}"


def register(app: Flask, runtime: Runtime) -> None:
    """Find out who is signed in before each view; renew the session of who is at work."""

    @app.before_request
    def recognise() -> None:
        token = request.cookies.get(COOKIE)
        g.session_of = verify(runtime, token) if token else None
        here = g.session_of is not None and g.session_of.tenant == g.get("tenant", EVERYWHERE)
        g.staff = g.session_of if here else None

    @app.after_request
    def renew(response: Response) -> Response:
        identity: StaffIdentity | None = g.get("staff")
        cookies = response.headers.getlist("Set-Cookie")
        if identity is not None and _due(runtime, identity) and not any(COOKIE in cookie for cookie in cookies):
            sign_in(response, runtime, identity)
        return response


def _due(runtime: Runtime, identity: StaffIdentity) -> bool:
    at, issued = now(), identity.issued_at
    renewable = runtime.keys.session_private is not None and at < identity.auth_time + LONGEST
    return renewable and issued is not None and at - issued > RENEW_AFTER


def _to_sign_in() -> AnyResponse:
    if request.method in ("GET", "HEAD") and not asked_by_machine():
        return redirect(sign_in_url(request.full_path.rstrip("?")))
    detail = gettext("您還沒有登入，或是登入已經逾時，請重新登入。")
    again = local_path(urlsplit(request.referrer or "").path, f"/{g.get('tenant', '')}")
    links = [(gettext("重新登入"), sign_in_url(again))]
    raise Problem(401, detail, headers={"WWW-Authenticate": 'Cookie realm="staff"'}, links=links)


def _identity(claims: dict[str, Any]) -> StaffIdentity | None:
    auth_time = datetime.fromtimestamp(claims["auth_time"], UTC)
    if now() >= auth_time + LONGEST:
        return None
    texts = {name: str(claims[name]) for name in ("tenant", "name", "section", "extension")}
    return StaffIdentity(
        username=str(claims["sub"]),
        roles=frozenset(map(str, claims["roles"])),
        auth_time=auth_time,
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
        **texts,
    )


@lru_cache(maxsize=8)
def _public(pem: str) -> Ed25519PublicKey:
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("LAMPPOST_KEYS: session.public is not an Ed25519 key")
    return key


@lru_cache(maxsize=8)
def _private(pem: str) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("LAMPPOST_KEYS: session.private is not an Ed25519 key")
    return key
