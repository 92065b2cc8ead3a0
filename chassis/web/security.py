"""What guards every answer and every request: headers, cookies, CSRF tokens, limits."""

from datetime import timedelta

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFProtect

from chassis.runtime import Runtime
from chassis.web.blueprints import Api, largest_body
from chassis.web.characters import check_request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
HSTS = "max-age=31536000"
FORM_PARTS = 1000


def configure(app: Flask, runtime: Runtime) -> None:
    """Cookies and CSRF tokens. The form cookie is shared: a form of one service may be sent to another."""
    app.config.update(
        SECRET_KEY=runtime.keys.forms,
        SESSION_COOKIE_NAME="lamppost_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure(runtime),
        PERMANENT_SESSION_LIFETIME=timedelta(days=1),
        MAX_FORM_PARTS=FORM_PARTS,
        WTF_CSRF_TIME_LIMIT=None,  # a resident may take all day over a form (WCAG 2.1, 2.2.1)
        WTF_CSRF_SSL_STRICT=False,  # the token is bound to the cookie; browsers that hide the referrer may send forms
    )


def secure(runtime: Runtime) -> bool:
    """True where residents come by https."""
    return runtime.settings.public_url.startswith("https:")


def limit_and_check() -> None:
    """Limit the body, refuse characters that cannot be stored. Errors: `Problem` 400, `HTTPException` 413."""
    if request.endpoint is not None:
        request.max_content_length = request.max_form_memory_size = largest_body(current_app, request)
        check_request(request)


def protect_forms(app: Flask) -> CSRFProtect:
    """Ask for the CSRF token in every form post but those to APIs; call after the blueprints are registered."""
    csrf = CSRFProtect(app)
    for blueprint in app.blueprints.values():
        if isinstance(blueprint, Api):
            csrf.exempt(blueprint)
    return csrf


def register_headers(app: Flask, runtime: Runtime) -> None:
    """Security headers on every answer; no cache keeps a page about a person."""
    headers = HEADERS | ({"Strict-Transport-Security": HSTS} if secure(runtime) else {})

    @app.after_request
    def guard(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store" if g.get("private") or g.get("staff") else "no-cache"
        if response.mimetype == "text/html":
            response.vary.update(("Cookie", "Accept-Language"))
        return response
