"""One knock per protocol: does the server really take connections, and which version is it?"""

from __future__ import annotations

import base64
import json
import re
import socket
import ssl
import struct
import urllib.request
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT = 2.0
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy knows nothing of our loopback


class NoAnswerError(Exception):
    """Nobody answers there, or not with this protocol, or not yet."""


def amqp(address: str) -> str:
    """Version of the AMQP 0-9-1 broker, from the Connection.Start frame it greets with."""
    greeting = exchange(address, 5672, b"AMQP\x00\x00\x09\x01", tls=address.startswith("amqps"))
    if not greeting.startswith(b"\x01"):
        raise NoAnswerError(f"{bare(address)} does not greet in AMQP")
    # A table field: name length, name, type 'S', 4 bytes of length, the text (AMQP 0-9-1 §4.2.5.5).
    found = re.search(rb"\x07versionS(.{4})", greeting, re.DOTALL)
    if found is None:
        return "unknown version"
    return greeting[found.end() : found.end() + struct.unpack(">I", found[1])[0]].decode()


def postgres(address: str) -> str:
    """Empty text when a PostgreSQL server takes connections (its version is told after the password only)."""
    user = unquote(urlsplit(address).username or "postgres").encode()
    body = struct.pack(">I", 196608) + b"user\x00" + user + b"\x00\x00"
    answer = exchange(address, 5432, struct.pack(">I", len(body) + 4) + body)
    # 57P03 is cannot_connect_now: the server starts up, shuts down or recovers.
    if answer[:1] not in (b"R", b"E") or b"C57P03\x00" in answer:
        raise NoAnswerError(f"{bare(address)} takes no PostgreSQL connections")
    return ""


def elasticsearch(address: str) -> str:
    """Version of the Elasticsearch node. `GET /` is no use: the bare server does not have it."""
    try:
        with DIRECT.open(question(urlsplit(address)), timeout=TIMEOUT) as answer:
            nodes = json.load(answer)["nodes"]
        return str(next(iter(nodes.values()))["version"])
    except (OSError, ValueError, KeyError, StopIteration, AttributeError) as error:
        raise NoAnswerError(f"{bare(address)}: {error}") from None


def question(parts: SplitResult) -> urllib.request.Request:
    """The request for the node's version, with the login of the URL if it has one; ValueError unless it is HTTP."""
    if parts.scheme not in ("http", "https"):
        raise ValueError("not an http address")
    path = "/_nodes/_local?filter_path=nodes.*.version"
    request = urllib.request.Request(f"{parts.scheme}://{host(parts)}{path}")  # noqa: S310 - the scheme is checked
    if parts.username:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        request.add_header("Authorization", "Basic " + base64.b64encode(login).decode())
    return request


def exchange(address: str, port: int, said: bytes, tls: bool = False) -> bytes:
    """Say something to the address of a URL and give the first answer."""
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or port), TIMEOUT) as line:
            return speak(encrypted(line, parts.hostname) if tls else line, said)
    except (OSError, ValueError) as error:
        raise NoAnswerError(f"{bare(address)}: {error}") from None


def encrypted(line: socket.socket, name: str | None) -> socket.socket:
    """The line under TLS, the server's certificate checked."""
    return ssl.create_default_context().wrap_socket(line, server_hostname=name)


def speak(line: socket.socket, said: bytes) -> bytes:
    """Say something on the line and give the first answer."""
    line.sendall(said)
    return line.recv(4096)


def host(parts: SplitResult) -> str:
    """Host and port of a URL without the login."""
    return parts.netloc.rpartition("@")[2]


def bare(address: str) -> str:
    """The address without the password, fit for the eye."""
    parts = urlsplit(address)
    if not parts.password:
        return address
    return parts._replace(netloc=f"{parts.username}:***@{host(parts)}").geturl()
