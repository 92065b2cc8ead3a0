"""A web server that takes callbacks, keeps them and answers as told."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Called:
    """One request: its full address, form and headers (names in lower case)."""

    url: str
    form: dict[str, str]
    headers: dict[str, str]


class Hook:
    """`with Hook() as hook:` listens on loopback; the answers are 204 unless `answers` holds others."""

    def __init__(self) -> None:
        self.calls: list[Called] = []
        self.answers: deque[int] = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        cast(Any, self._server).hook = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def statuses(self) -> list[str]:
        """The MessageStatus of each call, in the order they came."""
        return [call.form["MessageStatus"] for call in self.calls]

    def __enter__(self) -> Hook:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self) -> None:
        hook = cast(Hook, cast(Any, self.server).hook)
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        form = dict(parse_qsl(text, keep_blank_values=True))
        hook.calls.append(Called(hook.url + self.path, form, headers))
        status = hook.answers.popleft() if hook.answers else 204
        self.wfile.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name is http.server's
        """Say nothing."""
