"""The reference of the bus: kombu publishes with a confirm each, kombu consumes and acknowledges each.

With `--store` both ends also do by hand what outbox and inbox do: a committed row before the publish, one before the
acknowledgement.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any

from kombu import Connection, Consumer, Exchange, Producer, Queue
from sqlalchemy import Engine

from tests.bench.crew import Result, obey
from tests.bench.post_sqlalchemy import OUTBOX, engine_of

EXCHANGE = Exchange("bench.events", type="topic", durable=True)
QUEUE = Queue("bench.bare", EXCHANGE, routing_key="#", durable=True)
PREFETCH = 10  # as many as nameko takes at once

Keep = Callable[[int], None]


def publish(connection: Connection, keep: Keep, body: dict[str, Any], count: int) -> Result:
    """Publish so many; when it began."""
    began = time.time()
    producer = Producer(connection.default_channel, EXCHANGE, routing_key="noted.v1", auto_declare=False)
    for place in range(count):
        keep(place)
        producer.publish(body, delivery_mode=2, mandatory=True)
    return {"began": began}


def consume(connection: Connection, keep: Keep, body: dict[str, Any], count: int) -> Result:
    """Consume so many; when it ended."""
    left = count

    def take(body: Any, message: Any) -> None:
        nonlocal left
        keep(left)
        message.ack()
        left -= 1

    with Consumer(connection.default_channel, QUEUE, callbacks=[take], prefetch_count=PREFETCH, accept=["json"]):
        while left:
            connection.drain_events(timeout=60)
    return {"ended": time.time()}


def keeper(engine: Engine | None) -> Keep:
    """Commits a row, or does nothing."""
    return (lambda place: None) if engine is None else (lambda place: _commit(engine, place))


def _commit(engine: Engine, place: int) -> None:
    with engine.begin() as connection:
        connection.execute(OUTBOX.insert(), {"event_id": str(place), "envelope": {"words": "x" * 400}})


def main() -> None:
    """Obey orders `{"body": {…}, "count": 1000}`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["publish", "consume"])
    parser.add_argument("--bus", required=True)
    parser.add_argument("--store")
    given = parser.parse_args()
    keep = keeper(engine_of(given.store, 1) if given.store else None)
    with Connection(given.bus, transport_options={"confirm_publish": True}) as connection:
        QUEUE(connection.default_channel).declare()
        work = publish if given.what == "publish" else consume
        obey(lambda **order: work(connection, keep, **order))


if __name__ == "__main__":
    main()
