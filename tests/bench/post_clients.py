"""Clients that post cases over connections they keep, each as soon as it has its answer. One process for all of them.

They speak HTTP over bare sockets, so that they take as little as can be of the processors they share with the server.
"""

import argparse
import secrets
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count
from urllib.parse import urlencode, urlsplit

from tests.bench.crew import Result, obey
from tests.bench.figures import percentile

VARIANTS = 500


class Caller:
    """One connection with always one request under way."""

    def __init__(self, host: str, port: int, requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests, self._got = requests, b""
        self.since = 0.0

    def send(self) -> None:
        """Begin the next request."""
        self._got, self.since = b"", time.perf_counter()
        self.socket.sendall(next(self._requests))

    def status(self) -> int | None:
        """Read on; the status once the answer is whole. Errors: `ConnectionError` when it breaks off."""
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError("the server closed a connection")
        self._got += more
        head, found, body = self._got.partition(b"\r\n\r\n")
        whole = found and len(body) >= _length(head)
        return int(head[9:12]) if whole else None


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])


def posts(url: str, key: str, *, with_key: bool) -> Iterator[bytes]:
    """Requests to register cases, `with_key` each with an Idempotency-Key of its own."""
    where = urlsplit(url)
    head = f"POST {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    bodies = [urlencode(_form(key, place)) for place in range(VARIANTS)]
    for turn in count():
        body = bodies[turn % VARIANTS]
        own = f"Idempotency-Key: {secrets.token_hex(16)}\r\n" if with_key else ""
        yield f"{head}{own}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def _form(key: str, place: int) -> dict[str, str]:
    return {
        "api_key": key,
        "service_code": "streetlight",
        "attribute[pole]": f"{place + 1:05}",
        "lat": "23.709",
        "long": "120.541",
        "description": f"燈不亮，晚上很暗，請來看看。（{place}）",
        "first_name": "小明",
        "last_name": "王",
        "phone": f"0912{place:06}",
    }


def measure(url: str, key: str, connections: int, seconds: float, *, with_key: bool) -> Result:
    """Post for so long; how many were answered 201 a second, other statuses, and milliseconds."""
    where = urlsplit(url)
    requests = posts(url, key, with_key=with_key)
    callers = [Caller(where.hostname or "", where.port or 80, requests) for _ in range(connections)]
    statuses: Counter[int] = Counter()
    times: list[float] = []
    began = time.perf_counter()
    for caller in _answered(callers, began + seconds, statuses):
        times.append((time.perf_counter() - caller.since) * 1000)
    taken = time.perf_counter() - began
    for caller in callers:
        caller.socket.close()
    return {
        "per_second": statuses.pop(201, 0) / taken,
        "others": statuses,
        "ms": {share: percentile(times, share / 100) for share in (50, 95, 99)},
    }


def _answered(callers: list[Caller], end: float, statuses: Counter[int]) -> Iterator[Caller]:
    """Each caller as it is answered; it goes on until the end, then all are waited for."""
    with selectors.DefaultSelector() as selector:
        for caller in callers:
            selector.register(caller.socket, selectors.EVENT_READ, caller)
            caller.send()
        while selector.get_map():
            for ready, _ in selector.select():
                caller = ready.data
                if status := caller.status():
                    statuses[status] += 1
                    yield caller
                    if time.perf_counter() < end:
                        caller.send()
                    else:
                        selector.unregister(caller.socket)


def main() -> None:
    """Obey orders `{"seconds": 3, "with_key": false}`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", default="")
    parser.add_argument("--connections", type=int, required=True)
    given = parser.parse_args()
    obey(lambda **order: measure(given.url, given.key, given.connections, **order))


if __name__ == "__main__":
    main()
