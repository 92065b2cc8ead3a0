"""Giving out case numbers: one counter an office and 民國 year, in the order of asking.

The counter is moved in a short transaction of its own before the case's, so that nobody waits for another's disk. It
is not made durable by itself: the log is written in order, so the case's own commit carries it. A number is lost only
when its case is not written after all: a crash, a store that went down in between.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from chassis.store import Store
from chassis.tenants import Tenant
from services.intake.numbers import format_number, roc_year

MOVE = (
    "INSERT INTO counter (tenant, year, last) VALUES (:tenant, :year, :count)"
    " ON CONFLICT (tenant, year) DO UPDATE SET last = counter.last + excluded.last RETURNING last"
)


def next_number(store: Store, office: Tenant, received: datetime) -> str:
    """The next free case number of the year of receipt. Errors: those of `next_numbers`."""
    year = roc_year(received)
    queue = _QUEUES.setdefault(store, {}).setdefault((office.code, year), Queue())
    return queue.number(lambda count: next_numbers(store, office, year, count))


def next_numbers(store: Store, office: Tenant, year: int, count: int) -> list[str]:
    """The next `count` numbers of a 民國 year. Errors: `ValueError` when the year's million is used up, `StoreDown`."""
    last = int(store.at_once(office.code, MOVE, year=year, count=count))
    return [format_number(office.prefix, year, sequence) for sequence in range(last - count + 1, last + 1)]


@dataclass(eq=False)
class _Ask:
    number: str | None = None
    error: Exception | None = None


class Queue:
    """Those who ask while the counter is being moved are served together by its next move."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._waiting: deque[_Ask] = deque()

    def number(self, take: Callable[[int], list[str]]) -> str:
        """A number of one's own, from `take(count)`. Errors: those of `take`, for all whom it was to serve."""
        mine = _Ask()
        self._waiting.append(mine)
        with self._turn:
            if mine.number is None and mine.error is None:
                self._serve(take)
        if mine.number is None:
            raise mine.error or AssertionError("not served")
        return mine.number

    def _serve(self, take: Callable[[int], list[str]]) -> None:
        asks = list(self._waiting)
        try:
            for ask, number in zip(asks, take(len(asks)), strict=True):
                ask.number = number
        except Exception as error:
            for ask in asks:
                ask.error = error
        for _ in asks:
            self._waiting.popleft()


_QUEUES: WeakKeyDictionary[Store, dict[tuple[str, int], Queue]] = WeakKeyDictionary()
