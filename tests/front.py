"""One host in front of the five services, as a city's proxy would be."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from chassis.manifest import installed
from chassis.serve.addresses import owner, table

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}


class Front(ThreadingHTTPServer):
    """A reverse proxy on a free port; `ports` maps services to where they listen, and may be changed any time."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.ports: dict[str, int] = {}
        self.rows = table(installed())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Front

    def _forward(self) -> None:
        name = owner(self.path.partition("?")[0], self.server.rows) or "intake"
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        connection = http.client.HTTPConnection("127.0.0.1", self.server.ports.get(name, 1), timeout=60)
        try:
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            self._answer(connection.getresponse())
        except OSError:
            self.send_error(502, f"{name} does not answer")
        finally:
            connection.close()

    def _answer(self, response: http.client.HTTPResponse) -> None:
        content = response.read()
        self.send_response_only(response.status)
        for header, value in response.getheaders():
            if header.lower() not in HOP_BY_HOP | {"content-length"}:
                self.send_header(header, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _forward

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def front() -> Iterator[Front]:
    server = Front()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
