"""Outbox, relay and inbox against a real broker; the toy service as a real process."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from kombu import Connection, Exchange, Queue
from sqlalchemy import func, select

from chassis import clock
from chassis.bus import dead, handler, say
from chassis.bus.publisher import BrokerDown, Parcel, Publisher
from chassis.bus.relay import Relay, backlog, prune, replay
from chassis.bus.retry import Unreadable
from chassis.runtime import Runtime
from chassis.store import InboxRow, OutboxRow
from tests import servers
from tests.chassis.toy import Note, Noted, manifest
from tests.chassis.toy.service import Noted as NotedReader
from tests.chassis.toy.service import Toy
from tests.conftest import ROOT, MakeRuntime

QUEUE = "evt-toy-noted.v1--toy.on_noted"


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    with servers.virtual_host() as url:
        yield url


@pytest.fixture
def publisher(broker: str) -> Iterator[Publisher]:
    made = Publisher(broker)
    yield made
    made.close()


@pytest.fixture
def toy(make_runtime: MakeRuntime, store_url: str) -> Runtime:
    return make_runtime(manifest, store_url)


def take_note(runtime: Runtime, words: str, tenant: str = "douliu") -> None:
    with runtime.store.session(tenant) as session:
        session.add(Note(words=words))
        say(session, Noted(words=words), subject=words, sequence=1, at=clock.now())


def envelopes(runtime: Runtime) -> list[dict[str, Any]]:
    with runtime.store.everywhere() as session:
        return list(session.scalars(select(OutboxRow.envelope).order_by(OutboxRow.position)))


def hear(runtime: Runtime, body: Any) -> None:
    handler._hear(SimpleNamespace(runtime=runtime), _echo, NotedReader, body)


def _echo(worker: Any, heard: Any) -> None:
    Toy.on_noted.__wrapped__(worker, heard)  # type: ignore[attr-defined]


def echoes(runtime: Runtime, tenant: str = "douliu") -> dict[str, int]:
    with runtime.store.session(tenant) as session:
        return {note.words: note.echoes for note in session.scalars(select(Note))}


def test_an_event_is_said_with_its_change_or_not_at_all(toy: Runtime) -> None:
    with pytest.raises(RuntimeError), toy.store.session("douliu") as session:
        say(session, Noted(words="lost"), subject="x", sequence=1, at=clock.now())
        raise RuntimeError
    take_note(toy, "kept")
    (envelope,) = envelopes(toy)
    assert envelope["data"] == {"words": "kept"}
    assert (envelope["source"], envelope["type"], envelope["tenant"]) == ("/toy", "noted.v1", "douliu")


def test_three_deliveries_in_any_order_are_one(toy: Runtime) -> None:
    for number in range(5):
        take_note(toy, f"note {number}")
    deliveries = envelopes(toy) * 3
    random.shuffle(deliveries)
    for body in deliveries:
        hear(toy, body)
    assert set(echoes(toy).values()) == {1}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: "not a dictionary",
        lambda body: {**body, "tenant": "nowhere"},
        lambda body: {**body, "data": {}},
        lambda body: {key: value for key, value in body.items() if key != "id"},
    ],
)
def test_what_cannot_be_read_changes_nothing(toy: Runtime, spoil: Callable[[Any], Any]) -> None:
    take_note(toy, "lamp")
    with pytest.raises(Unreadable):
        hear(toy, spoil(envelopes(toy)[0]))
    assert echoes(toy) == {"lamp": 0}


def test_a_handler_that_fails_leaves_no_trace(toy: Runtime) -> None:
    take_note(toy, "lamp fails 1")
    with pytest.raises(RuntimeError):
        hear(toy, envelopes(toy)[0])
    with toy.store.everywhere() as session:
        assert session.scalar(select(func.count()).select_from(InboxRow)) == 0


def test_the_relay_hands_over_what_waits(toy: Runtime, broker: str, publisher: Publisher) -> None:
    with listening(broker) as received:
        for number in range(250):
            take_note(toy, f"note {number}")
        relay = Relay(toy.store, publisher)
        assert [relay.pump() for _ in range(4)] == [100, 100, 50, 0]
        assert len(received(250)) == 250
    assert backlog(toy.store).waiting == 0


def test_an_event_nobody_is_bound_for_stays(toy: Runtime) -> None:
    with servers.virtual_host() as url:
        take_note(toy, "lamp")
        with closing(Publisher(url)) as publisher:
            Relay(toy.store, publisher).pump()
    assert backlog(toy.store).waiting == 1


def test_a_broker_that_is_away_takes_nothing(toy: Runtime) -> None:
    take_note(toy, "lamp")
    with pytest.raises(BrokerDown):
        Relay(toy.store, Publisher("amqp://guest:guest@127.0.0.1:1/")).pump()
    with toy.store.everywhere() as session:
        assert session.scalar(select(OutboxRow.attempts)) == 0


def test_two_relays_share_the_work(toy: Runtime, broker: str, publisher: Publisher) -> None:
    with listening(broker) as received:
        for number in range(120):
            take_note(toy, f"note {number}")
        relays = [Relay(toy.store, publisher) for _ in range(2)]
        assert sorted(relay.pump() for relay in relays) == [20, 100]
        assert len({message["id"] for message in received(120)}) == 120


def test_what_was_published_can_be_said_again_and_forgotten(toy: Runtime, broker: str, publisher: Publisher) -> None:
    with listening(broker) as received:
        take_note(toy, "lamp")
        relay = Relay(toy.store, publisher)
        relay.pump()
        assert replay(toy.store, clock.now() - timedelta(minutes=1)) == 1
        relay.pump()
        first, second = received(2)
        assert first["id"] == second["id"]
    prune(toy.store)
    assert len(envelopes(toy)) == 1


def test_a_batch_is_confirmed_and_returns_are_named(publisher: Publisher) -> None:
    parcels = [Parcel(id=str(number), exchange="nobody.events", routing_key="x", body="{}") for number in range(300)]
    assert len(publisher.publish(parcels)) == 300
    assert len(publisher.publish(parcels)) == 300


@pytest.mark.parametrize("bus", ["rabbitmq", "memory"])
def test_a_process_retries_buries_and_answers(
    make_runtime: MakeRuntime, store_url: str, bus: str, tmp_path: Path
) -> None:
    with servers.virtual_host() if bus == "rabbitmq" else _memory() as url:
        runtime = make_runtime(manifest, store_url, LAMPPOST_BUS=url)
        for words in ("at once", "soon fails 2", "never fails 99"):
            take_note(runtime, words)
        with process(runtime, url, store_url, tmp_path) as running:
            until(lambda: len(dead.list_dead(runtime.store)) == 1)
            until(lambda: echoes(runtime) == {"at once": 1, "soon fails 2": 1, "never fails 99": 0})
            answers = running.answers()
        (letter,) = dead.list_dead(runtime.store)
        assert letter.reason == "RuntimeError: not yet: never"
        assert letter.attempts == 4
        assert letter.queue == QUEUE
        assert 3 in answers


def test_a_dead_letter_can_be_replayed_and_dropped(make_runtime: MakeRuntime, store_url: str, tmp_path: Path) -> None:
    with servers.virtual_host() as url:
        runtime = make_runtime(manifest, store_url, LAMPPOST_BUS=url)
        take_note(runtime, "late fails 4")
        with process(runtime, url, store_url, tmp_path):
            until(lambda: len(dead.list_dead(runtime.store)) == 1)
            dead.replay(runtime.store, url, dead.list_dead(runtime.store)[0].id)
            until(lambda: echoes(runtime) == {"late fails 4": 1})
        assert dead.list_dead(runtime.store) == []
        with pytest.raises(dead.NoSuchLetter):
            dead.drop(runtime.store, 1)


def test_a_message_that_is_no_message_is_kept(make_runtime: MakeRuntime, store_url: str, tmp_path: Path) -> None:
    with servers.virtual_host() as url:
        runtime = make_runtime(manifest, store_url, LAMPPOST_BUS=url)
        with process(runtime, url, store_url, tmp_path) as running:
            until(lambda: running.answers() != [] and _listens(url))
            with Connection(url) as connection:
                producer = connection.Producer(serializer=None)
                producer.publish(
                    b"\xff{broken",
                    content_type="application/json",
                    content_encoding="utf-8",
                    exchange="toy.events",
                    routing_key="noted.v1",
                )
            until(lambda: len(dead.list_dead(runtime.store)) == 1)
        assert dead.list_dead(runtime.store)[0].tenant == "?"


def _listens(url: str) -> bool:
    with Connection(url) as connection:
        try:
            return bool(connection.default_channel.queue_declare(QUEUE, passive=True).consumer_count)
        except connection.channel_errors:
            return False


@contextmanager
def _memory() -> Iterator[str]:
    yield "memory://"


@contextmanager
def listening(url: str) -> Iterator[Callable[[int], list[dict[str, Any]]]]:
    """A queue bound to the toy's events; `received(n)` waits for n messages."""
    with Connection(url) as connection:
        queue = Queue(f"listener-{random.random()}", Exchange("toy.events", "topic"), "noted.v1", exclusive=True)
        bound = queue(connection.channel())
        bound.declare()
        yield lambda count: [_next(bound) for _ in range(count)]


def _next(queue: Any) -> dict[str, Any]:
    until(lambda: queue.queue_declare(passive=True).message_count > 0)
    return dict(queue.get(no_ack=True).payload)


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


class Running:
    """A toy process and what it has printed."""

    def __init__(self, child: subprocess.Popen[str], log: Path) -> None:
        self.child, self.log = child, log

    def answers(self) -> list[Any]:
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["answer"] for line in lines if line.startswith('{"answer"')]


@contextmanager
def process(runtime: Runtime, bus: str, store: str, folder: Path) -> Iterator[Running]:
    settings = {setting.name: setting.value for setting in runtime.settings.every}
    environment = {**settings, "LAMPPOST_BUS": bus, "LAMPPOST_TOY_STORE": store, "PATH": "/usr/bin:/bin"}
    log = folder / "toy.log"
    with log.open("w", encoding="utf-8") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.chassis.toy_process"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
            text=True,
        )
        try:
            yield Running(child, log)
        finally:
            child.terminate()
            status = child.wait(timeout=30)
    assert status == 0, log.read_text(encoding="utf-8")
