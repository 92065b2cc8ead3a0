"""What intake does by itself: publishing the offices' catalogues at start, forgetting old drafts and their photos."""

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import IntegrityError

from chassis import clock
from chassis.runtime import Runtime
from chassis.store import StoreDown
from services.intake import catalogue, drafts, leftovers

EVERY_SECONDS = 3600.0
AGAIN_SECONDS = 5.0
log = logging.getLogger(__name__)


def start(runtime: Runtime) -> Callable[[], None]:
    """Begin; returns how to stop, which waits for what is in hand."""
    stopping = threading.Event()
    thread = threading.Thread(target=_run, args=(runtime, stopping), daemon=True)
    thread.start()

    def stop() -> None:
        stopping.set()
        thread.join(timeout=10)

    return stop


def publish_all(runtime: Runtime) -> int:
    """Publish every office's catalogue. Returns how many services were new or changed. Errors: `StoreDown`."""
    published = 0
    for office in runtime.tenants.values():
        try:
            with runtime.store.session(office.code) as session:
                published += len(catalogue.publish(session, office, clock.now()))
        except IntegrityError:
            # Another process of this service started at the same moment and was first: then it is published.
            log.info("the catalogue of %s was published by another process", office.code)
    return published


def _run(runtime: Runtime, stopping: threading.Event) -> None:
    pause = 0.0
    while not stopping.wait(timeout=pause):
        try:
            publish_all(runtime)
            leftovers.sweep(runtime, clock.now())
            drafts.sweep(runtime.store, clock.now())
            pause = EVERY_SECONDS
        except StoreDown as error:
            log.warning("housekeeping waits: %s", error)
            pause = AGAIN_SECONDS
