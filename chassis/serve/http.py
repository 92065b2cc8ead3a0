"""The green HTTP server: one socket, shared with other processes by SO_REUSEPORT, drained before it stops."""

import contextlib
import logging
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
import eventlet.wsgi

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
GRACE_SECONDS = 20
REQUESTS_AT_ONCE = 200
IDLE_SECONDS = 65  # longer than a proxy keeps its connections


class HttpServer:
    """Serves one WSGI application on one port; port 0 takes a free one (`port` tells which)."""

    def __init__(self, app: WsgiApp, port: int, host: str = "127.0.0.1") -> None:
        self._app = app
        self._socket = eventlet.listen((host, port), reuse_addr=True, reuse_port=True, backlog=1024)
        self._thread: Any = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Begin to accept."""
        self._thread = eventlet.spawn(
            eventlet.wsgi.server,
            self._socket,
            self._app,
            log=logging.getLogger("chassis.http"),
            log_output=False,
            debug=False,
            max_size=REQUESTS_AT_ONCE,
            socket_timeout=IDLE_SECONDS,
            capitalize_response_headers=False,
            environ={"wsgi.input_terminated": True},  # chunked bodies end by themselves
        )

    def stop(self) -> None:
        """Accept nothing more, finish what is in flight."""
        with eventlet.Timeout(GRACE_SECONDS, False):
            self._thread.kill()
            with contextlib.suppress(eventlet.greenlet.GreenletExit):
                self._thread.wait()
