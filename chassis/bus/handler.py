"""Hearing an event: read it tolerantly, write its id into the inbox and do the work, in one transaction.

A handler that raises is tried again with growing delay (`retry.py`), then its message becomes a dead letter with the
reason. nameko alone would acknowledge it, or requeue it at once for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog
from nameko.events import EventHandler
from nameko.messaging import QueueConsumer
from nameko.rpc import rpc as nameko_rpc
from pydantic import ValidationError

from chassis import clock
from chassis.bus.envelope import Envelope, Reader
from chassis.bus.retry import Retrier, Unreadable
from chassis.store import InboxRow
from chassis.store.tenancy import ScopedSession
from chassis.store.together import write_once

if TYPE_CHECKING:
    from chassis.runtime import Runtime

R = TypeVar("R", bound=Reader)
Method = Callable[..., None]
Answer = TypeVar("Answer", bound=Callable[..., Any])


@dataclass(frozen=True)
class Heard(Generic[R]):
    """An event in the hands of its handler. `session` is the tenant's transaction that ends with the handler."""

    session: ScopedSession
    runtime: Runtime
    data: R
    id: str
    tenant: str
    subject: str
    sequence: int
    time: datetime

    def open(self, sealed: str, audience: str) -> str:
        """The plain text of a sealed field. Errors: `Unsealable`."""
        return self.runtime.sealer.open(sealed, audience=audience, tenant=self.tenant)


def event_handler(source: str, event_type: str, *, reads: type[R]) -> Callable[[Callable[..., None]], Method]:
    """Mark a worker's method as the handler of an event: `def on_case_opened(self, heard: Heard[CaseOpened])`.

    The method's name is part of the queue's name, and so of the contract.
    """

    def decorate(method: Callable[..., None]) -> Method:
        @wraps(method)
        def handle(self: Any, body: Any) -> None:
            _hear(self, method, reads, body)

        handle.reads = reads  # type: ignore[attr-defined]
        return DurableEventHandler.decorator(source, event_type)(handle)  # type: ignore[no-any-return]

    return decorate


def rpc(method: Answer) -> Answer:
    """Mark a worker's method as a question others may ask: `def asset(self, *, tenant: str, …) -> dict`."""
    marked: Answer = nameko_rpc(method)
    return marked


def _hear(worker: Any, method: Callable[..., None], reads: type[R], body: Any) -> None:
    runtime: Runtime = worker.runtime
    try:
        envelope = Envelope.model_validate(body)
        data = reads.model_validate(envelope.data)
    except ValidationError as error:
        raise Unreadable(str(error)) from error
    if envelope.tenant not in runtime.tenants:
        raise Unreadable(f"tenant: no office {envelope.tenant!r}")
    structlog.contextvars.bind_contextvars(traceparent=envelope.traceparent, tenant=envelope.tenant, event=envelope.id)
    with runtime.store.session(envelope.tenant) as session:
        inbox = {"handler": method.__name__, "event_id": envelope.id, "tenant": envelope.tenant}
        if write_once(session, InboxRow, inbox | {"received_at": clock.now()}):
            method(worker, _heard(session, runtime, envelope, data))


def _heard(session: ScopedSession, runtime: Runtime, envelope: Envelope, data: R) -> Heard[R]:
    return Heard(
        session=session,
        runtime=runtime,
        data=data,
        id=envelope.id,
        tenant=envelope.tenant,
        subject=envelope.subject,
        sequence=envelope.sequence,
        time=envelope.time,
    )


class SteadyQueueConsumer(QueueConsumer):  # type: ignore[misc]
    """A consumer that keeps what it cannot decode."""

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        Retrier(self.container).bury(message, Unreadable(f"cannot be decoded: {exc}"))
        self.ack_message(message)


class DurableEventHandler(EventHandler):  # type: ignore[misc]
    """nameko's event handler, with retries and dead letters in place of a silent acknowledgement."""

    queue_consumer = SteadyQueueConsumer()

    def handle_result(self, message: Any, worker_ctx: Any, result: Any = None, exc_info: Any = None) -> Any:
        if exc_info is not None:
            settle = partial(self._retrier().failed, self.queue.name, self.method_name, message, exc_info[1])
            if not settle():
                self.queue_consumer.requeue_message(message)
                return result, exc_info
        self.queue_consumer.ack_message(message)
        return result, exc_info

    def _retrier(self) -> Retrier:
        return Retrier(self.container)
