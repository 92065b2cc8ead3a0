"""Feeding the index: woken by every commit that brought a document, and by a timer; a lost index is fed again."""

import logging
import threading
from collections.abc import Callable

from chassis.runtime import Runtime
from chassis.store import StoreDown
from services.search import entries
from services.search.errors import IndexUnavailable
from services.search.index import Index

BATCH = 200
TIMER_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
log = logging.getLogger(__name__)


class Indexer:
    """Carries waiting documents into the index."""

    def __init__(self, runtime: Runtime) -> None:
        self._store, self._index = runtime.store, _index(runtime)
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._store.listen(entries.SIGNAL, self._woken.set)

    def start(self) -> Callable[[], None]:
        """Begin; returns how to stop, which finishes the batch in hand."""
        thread = threading.Thread(target=self._run, name="indexer", daemon=True)
        thread.start()

        def stop() -> None:
            self._stopping.set()
            self._woken.set()
            thread.join(timeout=10)

        return stop

    def pump(self) -> int:
        """Index one batch; returns how many documents. Errors: `IndexUnavailable`, `StoreDown`."""
        with self._store.everywhere() as session:
            documents = entries.waiting(session, BATCH)
        if documents:
            self._index.put(documents)
            with self._store.everywhere(durable=False) as session:
                entries.taken(session, documents)
        return len(documents)

    def _run(self) -> None:
        pause = TIMER_SECONDS
        while not self._stopping.is_set():
            self._woken.wait(timeout=pause)
            self._woken.clear()
            pause = TIMER_SECONDS if self._drain() else min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _drain(self) -> bool:
        try:
            while self.pump() == BATCH and not self._stopping.is_set():
                pass
        except (IndexUnavailable, StoreDown) as error:
            log.warning("the indexer waits: %s", error)
            return False
        return True


def _index(runtime: Runtime) -> Index:
    index: Index = runtime.ports
    return index
