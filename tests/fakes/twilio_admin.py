"""The back door of the stand-in Twilio, for those who script it and count what it accepted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.fakes.twilio_script import rule_from

if TYPE_CHECKING:
    from tests.fakes.twilio import Server


def administer(server: Server, command: str, path: str, body: bytes) -> tuple[int, Any]:
    """HTTP status and JSON content of the answer."""
    name = path.removeprefix("/_admin/")
    if command == "POST" and name == "script":
        return _script(server, body)
    if command == "POST" and name == "reset":
        server.reset()
        return 200, {}
    views: dict[str, Callable[[], Any]] = {
        "accepted": server.ledger.accepted,
        "count": server.ledger.count,
        "requests": lambda: list(server.requests),
        "callbacks": lambda: list(server.callbacks.attempts),
        "pending": server.callbacks.pending,
    }
    return (200, views[name]()) if name in views else (404, {"views": sorted(views)})


def _script(server: Server, body: bytes) -> tuple[int, Any]:
    try:
        given = json.loads(body)
        rules = [rule_from(each) for each in (given if isinstance(given, list) else [given])]
    except (ValueError, TypeError, AttributeError) as wrong:
        return 400, {"error": str(wrong)}
    for rule in rules:
        server.script.add(rule)
    return 200, {"rules": len(rules)}
