"""A service that says events and hears them itself, and does nothing about them: what the bus alone costs."""

from chassis.serve.green import patch

patch()

import json
import sys
from dataclasses import replace

import eventlet
from eventlet import tpool

from chassis import clock
from chassis.bus import Heard, Reader, Worker, event_handler, say
from chassis.installation import open_all
from chassis.runtime import Runtime
from chassis.serve.process import Process
from tests.bench.crew import ready
from tests.chassis import toy

AT_ONCE = 4


class Noted(Reader):
    """What it wants to know."""

    words: str


class Quiet(Worker):
    """Hears, and is content."""

    name = "toy"

    @event_handler("toy", "noted.v1", reads=Noted)
    def on_noted(self, heard: Heard[Noted]) -> None:
        """Nothing."""


def say_all(runtime: Runtime, words: str, count: int) -> None:
    """Say so many events, each in a transaction of its own, several at once."""
    pool = eventlet.GreenPool(AT_ONCE)
    for _ in range(count):
        pool.spawn_n(_say, runtime, words)
    pool.waitall()


def _say(runtime: Runtime, words: str) -> None:
    with runtime.store.session("douliu") as session:
        say(session, toy.Noted(words=words), subject="bench", sequence=1, at=clock.now())


def main() -> None:
    """Serve, and obey orders `{"words": "…", "count": 1000}`."""
    runtimes = open_all({"toy": replace(toy.manifest, worker=lambda: Quiet)})
    process = Process(runtimes)
    process.start(None, 0)
    ready()
    while line := tpool.execute(sys.stdin.readline):
        say_all(runtimes["toy"], **json.loads(line))
        ready()


if __name__ == "__main__":
    main()
