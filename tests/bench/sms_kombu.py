"""The reference of a message: kombu consumes, one HTTP call hands it to the provider, then it is acknowledged."""

import argparse
from typing import Any

import requests
from kombu import Connection, Consumer, Exchange, Queue

from tests.bench.crew import ready
from tests.fakes.twilio import SENDER, SID, TOKEN

EXCHANGE = Exchange("bench.sms", type="topic", durable=True)
QUEUE = Queue("bench.sms", EXCHANGE, routing_key="#", durable=True)


def main() -> None:
    """Hand on what comes, until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bus", required=True)
    parser.add_argument("--provider", required=True)
    given = parser.parse_args()
    url = f"{given.provider}/2010-04-01/Accounts/{SID}/Messages.json"
    session = requests.Session()
    session.trust_env, session.auth = False, (SID, TOKEN)

    def hand_on(body: dict[str, Any], message: Any) -> None:
        form = {"To": body["to"], "From": SENDER, "Body": body["text"]}
        session.post(url, data=form, timeout=10).raise_for_status()
        message.ack()

    with Connection(given.bus) as connection:
        consumer = Consumer(connection.default_channel, QUEUE, callbacks=[hand_on], accept=["json"], prefetch_count=10)
        consumer.consume()
        ready()
        while True:
            connection.drain_events()


if __name__ == "__main__":
    main()
