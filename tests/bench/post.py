"""Cases posted by Open311 and stored for good, a second, beside the bare store and the bare web server."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg2
from kombu import Connection, Exchange, Queue

from tests import servers
from tests.bench.crew import Hand, crew, together
from tests.bench.post_sqlalchemy import METADATA, engine_of
from tests.bench.report import Goal, Line
from tests.load import api_key
from tests.platform import Platform, city, free_port, until

PROCESSES = 2
CONNECTIONS = 16
ROUNDS, ROUNDS_OF_ALL = 5, 3
ENOUGH = Goal("ratio at least", 0.5)
SIDES = ("post", "core", "keyed", "orm", "flask")
TIME = {"seconds": 2.5}
ORDERS: dict[str, dict[str, Any]] = {
    "post": {**TIME, "with_key": False},
    "keyed": {**TIME, "with_key": True},
    "flask": {**TIME, "with_key": False},
    "core": TIME,
    "orm": TIME,
}


@dataclass
class Scene:
    """Everything that is measured, up and idle."""

    platform: Platform
    hands: dict[str, list[Hand]]
    seen: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def measure(self, side: str) -> None:
        """One round of one side, then wait until the relay has nothing left to do."""
        results = together(self.hands[side], **ORDERS[side])
        others = [result["others"] for result in results if result.get("others")]
        assert not others, f"{side}: statuses other than 201: {others}"
        self.seen.setdefault(side, []).append({**results[0], "per_second": sum(one["per_second"] for one in results)})
        until(lambda: waiting(self.platform) == 0, seconds=120, what="an empty outbox")

    def rates(self, side: str) -> list[float]:
        """A second, round by round."""
        return [result["per_second"] for result in self.seen[side]]


def run() -> list[Line]:
    """The lines of this benchmark."""
    with scene() as stage:
        return [*_role(stage, "web", ROUNDS, SIDES), *_role(stage, "all", ROUNDS_OF_ALL, ("post", "core"))]


def _role(stage: Scene, role: str, rounds: int, sides: Sequence[str]) -> Iterator[Line]:
    stage.seen.clear()
    stage.platform.start("intake", "--processes", str(PROCESSES), "--role", role)
    _warm(stage)
    for _ in range(rounds):
        for side in sides:
            stage.measure(side)
    stage.platform.stop("intake")
    ours, bare = stage.rates("post"), stage.rates("core")
    what = f"POST a case, --role {role}, {PROCESSES} processes"
    yield Line(what, "/s", ours, f"SQLAlchemy core, {CONNECTIONS} connections", bare, ENOUGH)
    if sides == SIDES:
        yield Line("the same", "/s", ours, "SQLAlchemy ORM", stage.rates("orm"))
        yield Line("the same", "/s", ours, "a bare Flask route", stage.rates("flask"))
        yield Line("the same, Idempotency-Key", "/s", stage.rates("keyed"), "SQLAlchemy core", bare)
        for share in ("50", "95", "99"):
            yield Line(f"time to answer, p{share}", "ms", [result["ms"][share] for result in stage.seen["post"]])


def _warm(stage: Scene) -> None:
    for side in SIDES:
        together(stage.hands[side], **{**ORDERS[side], "seconds": 0.5})
    until(lambda: waiting(stage.platform) == 0, seconds=60, what="an empty outbox")
    # What autovacuum does within a minute: until then PostgreSQL plans for empty tables.
    _sql(stage.platform, "ANALYZE")


@contextmanager
def scene() -> Iterator[Scene]:
    """A place for intake to start in, a queue for its events, both references, and the clients."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="lamppost-bench-")))
        platform = stack.enter_context(city(folder))
        stack.enter_context(sink(platform.environment["LAMPPOST_BUS"], "intake"))
        yield Scene(platform, _clients(stack, platform) | _loops(stack))


def _clients(stack: ExitStack, platform: Platform) -> dict[str, list[Hand]]:
    ours, flask = free_port(), free_port()
    assert platform.host is not None
    platform.host.ports["intake"] = ours
    stack.enter_context(crew(PROCESSES, "post_flask", str(flask)))
    fixed = ("--key", api_key(platform), "--connections", str(CONNECTIONS), "--url")
    urls = {
        "post": f"http://127.0.0.1:{ours}/douliu/open311/v2/requests.json",
        "flask": f"http://127.0.0.1:{flask}/requests.json",
    }
    hands = {name: stack.enter_context(crew(1, "post_clients", *fixed, url)) for name, url in urls.items()}
    return {**hands, "keyed": hands["post"]}


def _loops(stack: ExitStack) -> dict[str, list[Hand]]:
    fixed = ("--url", stack.enter_context(bare_store()), "--connections", str(CONNECTIONS // PROCESSES))
    ways: dict[str, tuple[str, ...]] = {"core": (), "orm": ("--orm",)}
    return {name: stack.enter_context(crew(PROCESSES, "post_sqlalchemy", *fixed, *way)) for name, way in ways.items()}


@contextmanager
def bare_store() -> Iterator[str]:
    """A database with the references' two tables; its address."""
    with servers.database("bare") as url:
        engine = engine_of(url, 1)
        METADATA.create_all(engine)
        engine.dispose()
        yield url


@contextmanager
def sink(bus: str, service: str) -> Iterator[None]:
    """A short queue that all events of a service reach, as its subscribers' would."""
    with Connection(bus) as connection:
        exchange = Exchange(f"{service}.events", type="topic", durable=True)
        queue = Queue("bench.sink", exchange, routing_key="#", queue_arguments={"x-max-length": 1000})
        queue(connection.channel()).declare()
        yield


def waiting(platform: Platform) -> int:
    """Events in intake's outbox that are not published yet."""
    return int(_sql(platform, "SELECT count(*) FROM outbox WHERE published_at IS NULL")[0][0])


def _sql(platform: Platform, statement: str) -> list[tuple[Any, ...]]:
    url = platform.environment["LAMPPOST_INTAKE_STORE"]
    with closing(psycopg2.connect(url, options="-c lamppost.tenant=*")) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []
