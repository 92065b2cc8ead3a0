"""What runs in every process that hears the bus: a sender a channel, and the upkeep."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from chassis import clock
from chassis.store import StoreDown
from services.notify.counts import counts
from services.notify.couriers import couriers
from services.notify.retention import forget
from services.notify.sender import Sender

if TYPE_CHECKING:
    from chassis.runtime import Runtime

COUNT_EVERY: Final = 15.0  # seconds
FORGET_EVERY: Final = 240  # counts: an hour
log = logging.getLogger(__name__)


def start(runtime: Runtime) -> Callable[[], None]:
    """Begin; returns how to stop, which finishes the calls in hand."""
    senders = [Sender(runtime, courier) for courier in couriers(runtime)]
    stopping = threading.Event()
    for work in (*(sender.run for sender in senders), lambda: _keep(runtime, stopping)):
        threading.Thread(target=work, daemon=True).start()

    def stop() -> None:
        stopping.set()
        for sender in senders:
            sender.stop()

    return stop


def keep(runtime: Runtime, *, forgetting: bool) -> None:
    """Count what is not finished and, now and then, forget what is old. Errors: `StoreDown`."""
    counts().look(runtime.store, clock.now())
    if forgetting:
        for office in runtime.tenants.values():
            forget(runtime.store, office, clock.now())


def _keep(runtime: Runtime, stopping: threading.Event) -> None:
    rounds = 0
    while not stopping.wait(timeout=COUNT_EVERY):
        try:
            keep(runtime, forgetting=rounds % FORGET_EVERY == 0)
        except StoreDown as error:
            log.warning("upkeep waits: %s", error)
        except Exception:
            log.exception("upkeep stumbled and goes on")
        rounds += 1
