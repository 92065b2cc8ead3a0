"""The relay: carries the outbox to the broker, woken by each commit and by a slow timer.

A claim is a lease: the rows' `due_at` moves ahead, so that a relay that dies with them loses nothing and another takes
over. Publishing happens outside any transaction. A row may be published twice; the reader's inbox makes that harmless.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, Text, Update, bindparam, delete, func, select, update
from sqlalchemy import cast as as_type

from chassis import clock
from chassis.bus.outbox import SIGNAL
from chassis.bus.publisher import BrokerDown, Parcel, Publisher
from chassis.failpoints import failpoint
from chassis.store import OutboxRow, Store, StoreDown

BATCH = 100
LEASE = timedelta(seconds=15)
SLOW_TIMER = 1.0
GATHER_SECONDS = 0.015
UNROUTABLE_WAIT = timedelta(seconds=5)
KEEP = timedelta(days=7)
log = logging.getLogger(__name__)

# Made once: making a statement takes longer than running it. Past the ORM, for these rows are of all offices.
OUTBOX = cast(Table, OutboxRow.__table__)
ROW = OUTBOX.c
WAITING = (
    select(ROW.position)
    .where(ROW.published_at.is_(None), ROW.due_at <= bindparam("now"))
    .order_by(ROW.due_at)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
CLAIM = (
    update(OUTBOX)
    .where(ROW.position.in_(WAITING.scalar_subquery()))
    .values(due_at=bindparam("until"), attempts=ROW.attempts + 1)
    .returning(
        ROW.position,
        ROW.event_id,
        ROW.type,
        ROW.envelope["source"].as_string().label("source"),
        as_type(ROW.envelope, Text).label("envelope"),  # as it stands: nobody here reads it
    )
)
# Walking the index leaves what is over behind; a bitmap would visit every row published since the last vacuum.
IN_ORDER = {"enable_bitmapscan": "off", "enable_sort": "off"}
THESE = ROW.position.in_(bindparam("these", expanding=True))
PUBLISHED = update(OUTBOX).where(THESE).values(published_at=bindparam("at"), error=None)
RETURNED = update(OUTBOX).where(THESE).values(due_at=bindparam("at"), error=bindparam("reason"))


@dataclass(frozen=True)
class Backlog:
    """What still waits in the outbox: how many, and since when."""

    waiting: int
    oldest: datetime | None


class Relay:
    """Carries one store's outbox; `run()` until `stop()`."""

    def __init__(self, store: Store, publisher: Publisher) -> None:
        self._store, self._publisher = store, publisher
        self._woken = threading.Event()
        self._stopping = False
        self._idle = threading.Event()
        self._idle.set()
        store.listen(SIGNAL, self._woken.set)

    def run(self) -> None:
        """Until stopped: publish whatever waits. A broker or a store that is down is tried again, ever more slowly."""
        pause, ended = SLOW_TIMER, 0.0
        while not self._stopping:
            if self._woken.wait(timeout=pause) and not self._stopping:
                # The first of a rush goes at once; then a claim takes many rows, not one.
                time.sleep(max(0.0, ended + GATHER_SECONDS - time.monotonic()))
            self._woken.clear()
            self._idle.clear()
            pause = SLOW_TIMER if self._drain() else min(pause * 2, 10.0)
            self._idle.set()
            ended = time.monotonic()

    def stop(self, timeout: float = 10.0) -> None:
        """Finish the batch in hand, then stop."""
        self._stopping = True
        self._woken.set()
        self._idle.wait(timeout=timeout)
        self._publisher.close()

    def pump(self) -> int:
        """Publish one batch; returns how many rows it took. Errors: `BrokerDown`, `StoreDown`."""
        self._publisher.connect()
        rows = self._claim()
        if rows:
            returned = self._publisher.publish([_parcel(row) for row in rows])
            failpoint("after_publish")
            self._settle(rows, returned)
        return len(rows)

    def _drain(self) -> bool:
        try:
            while self.pump() == BATCH and not self._stopping:
                pass
        except (BrokerDown, StoreDown) as error:
            log.warning("relay waits: %s", error)
            return False
        return True

    def _claim(self) -> Sequence[Any]:
        now = clock.now()
        with self._store.everywhere(durable=False, alone=True, settings=IN_ORDER) as session:
            return sorted(session.connection().execute(CLAIM, {"now": now, "until": now + LEASE}).all())

    def _settle(self, rows: Sequence[Any], returned: dict[str, str]) -> None:
        now = clock.now()
        if gone := [row.position for row in rows if row.event_id not in returned]:
            self._mark(PUBLISHED, these=gone, at=now)
        if back := [row.position for row in rows if row.event_id in returned]:
            reason = "; ".join(set(returned.values()))
            self._mark(RETURNED, these=back, at=now + UNROUTABLE_WAIT, reason=reason)

    def _mark(self, statement: Update, **values: Any) -> None:
        with self._store.everywhere(durable=False, alone=True) as session:
            session.connection().execute(statement, values)


def backlog(store: Store) -> Backlog:
    """How many events wait to be published, and since when."""
    with store.everywhere() as session:
        waiting = select(func.count(), func.min(OutboxRow.created_at)).where(OutboxRow.published_at.is_(None))
        count, oldest = session.execute(waiting).one()
    return Backlog(count, oldest)


def replay(store: Store, since: datetime) -> int:
    """Say again what was published since then; for a bus that forgets when its process dies. Returns how many."""
    with store.everywhere() as session:
        again = update(OutboxRow).where(OutboxRow.published_at >= since).values(published_at=None, due_at=clock.now())
        return int(session.execute(again.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def prune(store: Store) -> None:
    """Forget what was published more than a week ago."""
    with store.everywhere() as session:
        session.execute(delete(OutboxRow).where(OutboxRow.published_at < clock.now() - KEEP))


def _parcel(row: Any) -> Parcel:
    exchange = f"{row.source.removeprefix('/')}.events"
    return Parcel(id=row.event_id, exchange=exchange, routing_key=row.type, body=row.envelope)
