"""Which journey a request belongs to: W3C Trace Context, kept for the logs and for the events the request says."""

import re
import secrets

import structlog
from flask import Flask, g, request

TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def register(app: Flask) -> None:
    """Bind `traceparent` and `tenant` before each request. A green thread is reused: what it had is cleared first."""

    @app.before_request
    def trace() -> None:
        structlog.contextvars.clear_contextvars()
        given = request.headers.get("traceparent", "")
        traceparent = given if TRACEPARENT.fullmatch(given) else fresh()
        structlog.contextvars.bind_contextvars(traceparent=traceparent, tenant=g.get("tenant", "-"))


def fresh() -> str:
    """A new trace."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
