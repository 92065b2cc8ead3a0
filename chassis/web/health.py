"""Is the service alive, and is everything there that it needs? Each dependency has one second, all at the same time."""

import queue
import threading
import time
from collections.abc import Callable, Mapping

import structlog
from kombu import Connection

from chassis.runtime import Runtime

SECONDS = 1.0

Ping = Callable[[], None]

log = structlog.get_logger(__name__)


def checks(runtime: Runtime) -> dict[str, Ping]:
    """What this service needs: its store, the bus, and its own outside world (`Manifest.pings`)."""
    return {
        "store": runtime.store.ping,
        "bus": lambda: ping_bus(runtime.settings.bus),
        **runtime.manifest.pings(runtime),
    }


def missing(pings: Mapping[str, Ping], seconds: float = SECONDS) -> dict[str, str]:
    """{what does not answer: why}, after at most `seconds`. The reasons name no address and no account."""
    answers: queue.SimpleQueue[tuple[str, str | None]] = queue.SimpleQueue()
    for name, ping in pings.items():
        threading.Thread(target=_try, args=(name, ping, answers), daemon=True).start()
    failed = dict.fromkeys(pings, f"no answer within {seconds:g} s")
    deadline = time.monotonic() + seconds
    for _ in pings:
        try:
            name, reason = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        if reason is None:
            del failed[name]
        else:
            failed[name] = reason
    return failed


def ping_bus(address: str) -> None:
    """Errors: whatever kombu raises when the broker cannot be reached."""
    if address.startswith("memory:"):
        return
    # One try: kombu's own `connect()` waits and tries again.
    transport = Connection(address, connect_timeout=SECONDS).transport
    transport.close_connection(transport.establish_connection())


def _try(name: str, ping: Ping, answers: "queue.SimpleQueue[tuple[str, str | None]]") -> None:
    try:
        ping()
    except Exception as error:
        log.warning("dependency missing", dependency=name, error=type(error).__name__)
        answers.put((name, type(error).__name__))
    else:
        answers.put((name, None))
