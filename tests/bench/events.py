"""Events a second from outbox to inbox in two processes, beside a bare kombu loop in two processes."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg2

from chassis import clock, keys
from chassis.bus import say
from chassis.store import Store
from chassis.store.migrations import migrate
from tests import servers
from tests.bench.crew import Hand, crew, together
from tests.bench.post import bare_store
from tests.bench.report import Goal, Line
from tests.chassis import toy
from tests.platform import AUDIENCES, until
from tests.servers import ROOT

PROCESSES = 2
ROUNDS = 3
SECONDS = 2.5  # for one round of ours, about
FEWEST, MOST = 300, 5000
WORDS = "燈桿不亮" * 100
BODY = {"id": "0" * 36, "source": "/toy", "type": "noted.v1", "tenant": "douliu", "data": {"words": WORDS}}
ENOUGH = Goal("ratio at least", 0.5)


@dataclass
class Scene:
    """Both sides, up and idle, and what was seen of them: events a second."""

    url: str
    ours: list[Hand]
    bare: list[Hand]
    durable: list[Hand]
    count: int = FEWEST
    seen: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, seconds: float) -> None:
        """One round took so long."""
        self.seen.setdefault(name, []).append(self.count / seconds)


def run() -> list[Line]:
    """The lines of this benchmark."""
    with scene() as stage:
        _warm(stage)
        for _ in range(ROUNDS):
            _round(stage)
    said, carried = stage.seen["said"], stage.seen["carried"]
    bare, durable = stage.seen["bare"], stage.seen["durable"]
    return [
        Line("events said, carried and heard", "/s", said, "bare kombu, nothing stored", bare, ENOUGH),
        Line("the same", "/s", said, "bare kombu, a row committed at both ends", durable, ENOUGH),
        Line("events waiting in the outbox, carried and heard", "/s", carried, "bare kombu, nothing stored", bare),
    ]


def _warm(stage: Scene) -> None:
    """A first round that does not count, and that tells how many events make a round of the length wanted."""
    for hands in (stage.bare, stage.durable):
        _bare(hands, stage.count)
    _said(stage)
    stage.count = round(min(max(FEWEST, stage.count / _said(stage) * SECONDS), MOST) / PROCESSES) * PROCESSES


def _round(stage: Scene) -> None:
    stage.note("bare", _bare(stage.bare, stage.count))
    stage.note("said", _said(stage))
    stage.note("durable", _bare(stage.durable, stage.count))
    stage.note("carried", _carried(stage))


def _bare(hands: list[Hand], count: int) -> float:
    found: dict[str, float] = {}
    for result in together(hands, body=BODY, count=count):
        found |= result
    return found["ended"] - found["began"]


def _said(stage: Scene) -> float:
    """From the first word said, each in a transaction of its own, to the last one heard."""
    before = _rows(stage.url)
    together(stage.ours, words=WORDS, count=stage.count // PROCESSES)
    return _heard(stage, before, "created_at")


def _carried(stage: Scene) -> float:
    """From the first event published of those that wait, to the last one heard."""
    before = _rows(stage.url)
    with closing(Store(stage.url)) as store, store.session("douliu") as session:
        for _ in range(stage.count):
            at = clock.now() + timedelta(seconds=1)  # the relays look away until all are there
            say(session, toy.Noted(words=WORDS), subject="bench", sequence=1, at=at)
    return _heard(stage, before, "published_at")


def _heard(stage: Scene, before: int, since: str) -> float:
    until(lambda: _rows(stage.url) >= before + stage.count, seconds=120, what="the last event heard")
    mine = f"SELECT * FROM outbox ORDER BY position DESC LIMIT {stage.count}"
    first: datetime = _one(stage.url, f"SELECT min({since}) FROM ({mine}) AS mine")
    last: datetime = _one(stage.url, "SELECT max(received_at) FROM inbox")
    return (last - first).total_seconds()


def _rows(url: str) -> int:
    return int(_one(url, "SELECT count(*) FROM inbox"))


def _one(url: str, query: str) -> Any:
    with closing(psycopg2.connect(url, options="-c lamppost.tenant=*")) as connection:
        cursor = connection.cursor()
        cursor.execute(query)
        return cursor.fetchall()[0][0]


@contextmanager
def scene() -> Iterator[Scene]:
    """The toy in two processes on a store and a virtual host of its own, and the bare loops."""
    with ExitStack() as stack:
        url, bus = stack.enter_context(servers.database("toy")), stack.enter_context(servers.virtual_host())
        with closing(Store(url)) as store:
            migrate(toy.manifest, store)
        yield Scene(
            url, _ours(stack, url, bus), _loop(stack, bus, None), _loop(stack, bus, stack.enter_context(bare_store()))
        )


def _ours(stack: ExitStack, url: str, bus: str) -> list[Hand]:
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="lamppost-bench-")))
    keys.make(folder / "keys.toml", AUDIENCES)
    settings = {
        "LAMPPOST_DATA": str(folder),
        "LAMPPOST_KEYS": str(folder / "keys.toml"),
        "LAMPPOST_TENANTS": str(ROOT / "deploy" / "tenants"),
        "LAMPPOST_BUS": bus,
        "LAMPPOST_TOY_STORE": url,
    }
    return stack.enter_context(crew(PROCESSES, "events_toy", **settings))


def _loop(stack: ExitStack, bus: str, store: str | None) -> list[Hand]:
    fixed = ("--bus", bus, *(("--store", store) if store else ()))
    ends = ("publish", "consume")
    return [hand for end in ends for hand in stack.enter_context(crew(1, "events_kombu", end, *fixed))]
