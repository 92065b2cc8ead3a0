"""The HTTP face of the stand-in Twilio: one connection's requests, from authentication to the broken answer."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import re
import socket
import struct
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.twilio_admin import administer
from tests.fakes.twilio_faults import Break, after, before
from tests.fakes.twilio_form import Form, one, read_order
from tests.fakes.twilio_listing import page
from tests.fakes.twilio_message import Message
from tests.fakes.twilio_refusal import Refusal
from tests.fakes.twilio_script import AFTER, Rule

if TYPE_CHECKING:
    from tests.fakes.twilio import Server

PATH = re.compile(r"/2010-04-01/Accounts/(AC[0-9a-f]{32})(?:(\.json)|/Messages(?:/(\w+))?\.json)")
LARGEST = 1 << 20
GARBAGE = b"<html><body>Gateway page</body></html>"
NOTHING: Mapping[str, str] = {}


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 75

    def do_GET(self) -> None:
        """Answer any method; the routes tell them apart."""
        self.seen: dict[str, Any] = {}
        self.body = self._read()
        url = urlsplit(self.path)
        try:
            if url.path.startswith("/_admin/"):
                self._answer(*administer(self.server, self.command, url.path, self.body))
            else:
                self._api(url.path, url.query)
        except Refusal as refusal:
            self._answer(refusal.status, refusal.content(), refusal.headers)
        except Break:
            self._break()

    do_POST = do_DELETE = do_GET  # noqa: N815 the names are http.server's

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name is http.server's
        """Say nothing."""

    def _read(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        self.close_connection = self.close_connection or length > LARGEST
        return self.rfile.read(min(length, LARGEST))

    def _api(self, path: str, query: str) -> None:
        place = PATH.fullmatch(path)
        if not place:
            raise Refusal(20404, path, 404)
        account, itself, sid = place.groups()
        self._authenticate(account)
        if itself:
            self._answer(200, {"sid": account, "friendly_name": "stand-in", "status": "active", "type": "Full"})
        elif sid:
            self._one(sid)
        elif self.command == "POST":
            self._create(account)
        else:
            self._answer(200, page(self.server.ledger, account, fields(query)))

    def _authenticate(self, account: str) -> None:
        given = basic(self.headers.get("Authorization", ""))
        known = self.server.accounts.get(account, "")
        if not known or not hmac.compare_digest(given.encode(), f"{account}:{known}".encode()):
            raise Refusal(20003, status=401)

    def _one(self, sid: str) -> None:
        message = self.server.ledger.get(sid)
        if message is None:
            raise Refusal(20404, self.path, 404)
        if self.command == "DELETE":
            self.server.ledger.delete(message)
            self._answer(204, b"")
            return
        if self.command == "POST":
            self._change(message, fields(self.body))
        self._answer(200, message.resource())

    def _change(self, message: Message, form: Form) -> None:
        if one(form, "Status") == "canceled" and message.status == "scheduled":
            self.server.ledger.move(message, "canceled")
        elif form.get("Body") == [""]:
            self.server.ledger.redact(message)
        else:
            raise Refusal(20001, ", ".join(form))

    def _create(self, account: str) -> None:
        form = fields(self.body)
        rule = self.server.script.pick(one(form, "To"))
        self.seen = {"time": time.time(), "to": one(form, "To"), "status": 0}
        self.server.requests.append(self.seen)
        before(rule, one(form, "To"), self.server.stopping)
        self._accept(self.server.ledger.accept(account, read_order(form)), rule)

    def _accept(self, message: Message, rule: Rule) -> None:
        resource = message.resource()
        begin = self._callbacks(message, rule)
        if rule.answer in AFTER:
            begin()
            after(rule, self.server.stopping)
            self._answer(201, GARBAGE if rule.answer == "garbage-after" else resource)
            return
        try:
            self._answer(201, resource)
        finally:  # whether or not the client is still there to hear it
            begin()

    def _callbacks(self, message: Message, rule: Rule) -> Callable[[], None]:
        if message.status == "scheduled":
            return lambda: None
        if rule.callbacks.before_response:
            self.server.callbacks.run(message, rule.callbacks)
            return lambda: None
        return self.server.callbacks.prepare(message, rule.callbacks)

    def _answer(self, status: int, content: Any, headers: Mapping[str, str] = NOTHING) -> None:
        """Write status line, headers and body at once: two writes would wait for each other's acknowledgement."""
        body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
        lines = {"Content-Type": "application/json;charset=utf-8", "Content-Length": str(len(body)), **headers}
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
        self.seen["status"] = status
        self.wfile.write(head.encode() + b"\r\n" + body)

    def _break(self) -> None:
        """Close so that the client sees a reset, not an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())
        self.close_connection = True


def fields(coded: bytes | str) -> Form:
    """A query or form; a parameter without a value is there and empty."""
    try:
        text = coded if isinstance(coded, str) else coded.decode()
        return parse_qs(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise Refusal(20001, "not UTF-8") from None


def basic(header: str) -> str:
    """`user:password` of an Authorization header, empty when it holds none."""
    kind, _, code = header.partition(" ")
    try:
        return base64.b64decode(code, validate=True).decode() if kind.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""
