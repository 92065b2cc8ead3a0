"""Cases posted, or messages published, at fixed moments, whatever became of those before (an open loop).

Each is timed from the moment it was due, so that a side that is late cannot hide it.
"""

import argparse
import http.client
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from kombu import Connection, Producer

from tests.bench.crew import Result, obey
from tests.bench.post_clients import posts
from tests.bench.sms_kombu import EXCHANGE, QUEUE

AT_ONCE = 32


def on_time(act: Callable[[], str], rate: float, seconds: float, at_once: int) -> Result:
    """Act `rate` times a second; what each act returned, with the moment (epoch seconds) at which it was due."""
    began = time.time()
    due = [began + place / rate for place in range(round(rate * seconds))]
    with ThreadPoolExecutor(at_once) as pool:
        acts = []
        for moment in due:
            time.sleep(max(0.0, moment - time.time()))
            acts.append(pool.submit(act))
        return {"due": {act.result(): moment for act, moment in zip(acts, due, strict=True)}}


class Poster:
    """Posts cases over one connection a thread."""

    def __init__(self, url: str, key: str) -> None:
        self._where, self._requests = urlsplit(url), posts(url, key, with_key=False)
        self._local, self._lock = threading.local(), threading.Lock()

    def __call__(self) -> str:
        """The number of a new case."""
        with self._lock:
            _, _, body = next(self._requests).partition(b"\r\n\r\n")
        connection = self._connection()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", self._where.path, body, form)
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 201, content
        return str(json.loads(content)[0]["service_request_id"])

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._local, "connection"):
            self._local.connection = http.client.HTTPConnection(self._where.netloc, timeout=30)
        found: http.client.HTTPConnection = self._local.connection
        return found


class Publisher:
    """Publishes messages that are confirmed, each with a text of its own."""

    def __init__(self, bus: str) -> None:
        self._channel = Connection(bus, transport_options={"confirm_publish": True}).default_channel
        QUEUE(self._channel).declare()
        self._producer, self._count = Producer(self._channel, EXCHANGE, auto_declare=False), 0

    def __call__(self) -> str:
        """The text of a new message."""
        self._count += 1
        body: dict[str, Any] = {"to": f"+886912{self._count % 1_000_000:06}", "text": f"bench {time.time()}"}
        self._producer.publish(body, routing_key="sms", delivery_mode=2, mandatory=True)
        return str(body["text"])


def main() -> None:
    """Obey orders `{"rate": 50, "seconds": 10}`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url")
    parser.add_argument("--key", default="")
    parser.add_argument("--bus")
    given = parser.parse_args()
    if given.url:
        obey(lambda **order: on_time(Poster(given.url, given.key), at_once=AT_ONCE, **order))
    else:
        publisher = Publisher(given.bus)
        obey(lambda **order: on_time(publisher, at_once=1, **order))


if __name__ == "__main__":
    main()
