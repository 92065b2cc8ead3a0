"""What happens to a message whose handler failed: later, later still, and then a dead letter with the reason.

`<service>.retry.<ms>` is an exchange and a queue whose messages expire after that time back into the queue they came
from (the routing key). A store that is down costs no try: the message waits until it is back. The laptop's broker knows
no expiry, so there the wait is a green thread.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import eventlet
from kombu import Exchange, Queue
from nameko.amqp.publish import Publisher

from chassis import clock
from chassis.store import DeadLetter, StoreDown

if TYPE_CHECKING:
    from chassis.runtime import Runtime

DELAYS = (1_000, 5_000, 30_000, 120_000, 600_000)  # ms
STORE_DOWN_DELAY = 5_000
ATTEMPT = "x-lamppost-attempt"
log = logging.getLogger(__name__)


class Unreadable(Exception):
    """The message itself is wrong; trying again would change nothing."""


class Retrier:
    """Decides about failed messages of one service."""

    def __init__(self, container: Any) -> None:
        self.service: str = container.service_name
        self.runtime: Runtime = container.config["runtime"][container.service_name]
        self.url: str = container.config["AMQP_URI"]

    def failed(self, queue: str, handler: str, message: Any, error: Exception) -> bool:
        """Send it round again or bury it; False when neither could be done now (the broker keeps it then)."""
        attempt = int((message.headers or {}).get(ATTEMPT, 0)) + 1
        try:
            if isinstance(error, StoreDown):
                self._again(queue, message, attempt - 1, STORE_DOWN_DELAY)
            elif isinstance(error, Unreadable) or attempt > len(DELAYS):
                self.bury(message, error, queue=queue, handler=handler, attempts=attempt)
            else:
                self._again(queue, message, attempt, DELAYS[attempt - 1])
        except StoreDown:
            self._again(queue, message, attempt - 1, STORE_DOWN_DELAY)
        except Exception:
            log.exception("could not settle a failed message of %s", queue)
            eventlet.sleep(1)
            return False
        return True

    def bury(self, message: Any, error: Exception, *, queue: str = "", handler: str = "", attempts: int = 1) -> None:
        """Keep the message as a dead letter. Errors: `StoreDown`."""
        body = _body(message)
        seen = body if isinstance(body, dict) else {}
        letter = DeadLetter(
            tenant=seen.get("tenant") if seen.get("tenant") in self.runtime.tenants else "?",
            handler=handler,
            queue=queue or str(message.delivery_info.get("routing_key", "")),
            type=str(seen.get("type", ""))[:80],
            event_id=str(seen.get("id", ""))[:36],
            reason=f"{type(error).__name__}: {error}",
            body=body if isinstance(body, str) else json.dumps(body, ensure_ascii=False),
            attempts=attempts,
            died_at=clock.now(),
        )
        with self.runtime.store.everywhere() as session:
            session.add(letter)

    def _again(self, queue: str, message: Any, attempt: int, delay: int) -> None:
        headers = {**(message.headers or {}), ATTEMPT: attempt}
        if self.url.startswith("memory"):
            eventlet.spawn_after(delay / 1000, republish, self.url, queue, message.payload, headers)
            return
        waiting = f"{self.service}.retry.{delay}"
        exchange = Exchange(waiting, type="fanout", durable=True)
        Publisher(self.url).publish(
            message.payload,
            exchange=exchange,
            routing_key=queue,
            declare=[_waiting_room(waiting, exchange, delay)],
            extra_headers=headers,
        )


def republish(url: str, queue: str, payload: Any, headers: dict[str, Any] | None = None) -> None:
    """Put a message into a queue by name, confirmed. Errors: kombu's, when the broker is down."""
    Publisher(url).publish(payload, exchange=Exchange(""), routing_key=queue, extra_headers=headers or {})


def _waiting_room(name: str, exchange: Exchange, delay: int) -> Queue:
    return Queue(
        name,
        exchange=exchange,
        durable=True,
        queue_arguments={"x-message-ttl": delay, "x-dead-letter-exchange": ""},
    )


def _body(message: Any) -> Any:
    try:
        return message.payload
    except Exception:
        raw = message.body
        return raw.decode("utf-8", "replace").replace("\x00", "�") if isinstance(raw, bytes) else str(raw)
