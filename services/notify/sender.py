"""The sender of one channel: woken by each commit and by a timer, it takes due messages in hand and calls the provider.

Claim (committed), call (outside any transaction, several at a time), record. A process that dies in between leaves a
`prepared` attempt whose lease runs out; `doubts.py` clears that up, here or in another process. While a call lasts its
lease is renewed, so that nobody takes the living for dead.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import tuple_, update

from chassis import clock
from chassis.failpoints import failpoint
from chassis.store import StoreDown
from services.notify import attempts, callbacks, claims, doubts, messages, quota
from services.notify.claims import LEASE, Call
from services.notify.counts import counts
from services.notify.couriers import Courier
from services.notify.model import Message
from services.notify.outcome import CannotTell, Later, Outcome, Search, Unknown

if TYPE_CHECKING:
    from chassis.runtime import Runtime

SLOTS: Final = 10
TICK: Final = 1.0  # seconds
RENEW_AFTER: Final = 5.0  # seconds
FOLLOW_EVERY: Final = 30  # ticks
TOO_LATE: Final = timedelta(seconds=5)  # a call that has waited so long since its claim is not made any more
STOP_WITHIN: Final = 15.0  # seconds
log = logging.getLogger(__name__)

Spawn = Callable[..., None]


def in_thread(work: Callable[..., None], *arguments: Any) -> None:
    """Run beside everything else (a green thread where the process is green)."""
    threading.Thread(target=work, args=arguments, daemon=True).start()


class Sender:
    """Sends one channel's messages: `run()` until `stop()`; `send`, `ask` and `follow` do once what is due.

    `spawn` starts a call beside the others, `now` is the clock.
    """

    def __init__(
        self,
        runtime: Runtime,
        courier: Courier,
        *,
        spawn: Spawn = in_thread,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._runtime, self._courier, self._spawn, self._now = runtime, courier, spawn, now
        self._store, self._quota = runtime.store, quota.Glance()
        self._woken, self._idle = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._flying: dict[tuple[str, int], float] = {}
        self._stopping = self._more = False
        self._ticked, self._ticks = 0.0, 0
        self._ended = threading.Event()
        self._idle.set()
        self._ended.set()
        self._store.listen(messages.signal(courier.channel), self._woken.set)

    def run(self) -> None:
        """Until stopped. A store that is down is tried again with the next tick."""
        self._ended.clear()
        while not self._stopping:
            self._woken.wait(timeout=TICK)
            self._woken.clear()
            self._turn()
        self._ended.set()

    def _turn(self) -> None:
        try:
            if time.monotonic() - self._ticked >= TICK:
                self._ticked, self._ticks = time.monotonic(), self._ticks + 1
                self._renew()
                self.ask()
                if self._ticks % FOLLOW_EVERY == 0:
                    self.follow()
            self.send()
        except StoreDown as error:
            log.warning("the sender waits: %s", error)
        except Exception:
            log.exception("the sender stumbled and goes on")

    def stop(self, within: float = STOP_WITHIN) -> None:
        """Begin nothing new, finish the calls in hand; what takes longer is cleared up by whoever comes next."""
        self._stopping = True
        self._woken.set()
        self._ended.wait(timeout=within)
        self._idle.wait(timeout=within)

    def send(self) -> None:
        """Send what is due now. Errors: `StoreDown`."""
        while (room := self._room()) and not self._stopping:
            with self._store.everywhere() as session:
                claimed = claims.claim(
                    session,
                    self._runtime.tenants,
                    self._courier.channel,
                    room,
                    self._now(),
                    quota_left=self._quota.left,
                )
            failpoint("after_claim")
            for refusal in claimed.refused:
                with self._store.session(refusal.tenant) as session:
                    claims.refuse(session, refusal, self._now())
            for call in claimed.calls:
                self._fly((call.message_id, call.n), self._deliver, call)
            self._more = len(claimed) == room
            if not self._more:
                return

    def ask(self) -> None:
        """Ask the provider about the attempts in doubt. Errors: `StoreDown`."""
        if room := self._room():
            with self._store.everywhere() as session:
                found = doubts.due(session, self._courier.channel, room, self._now(), self._courier.settle)
            for call in found:
                self._fly((call.message_id, call.n), self._clear, call)

    def follow(self) -> None:
        """Ask what became of accepted messages whose last callback never came. Errors: `StoreDown`."""
        if room := self._room():
            with self._store.everywhere(durable=False) as session:
                found = callbacks.to_follow(session, self._courier.channel, room, self._now())
            for tenant, message_id, reference in found:
                self._fly((message_id, 0), self._learn, tenant, message_id, reference)

    def _deliver(self, call: Call) -> None:
        outcome = self._called(call)
        failpoint("after_accept")
        counts().attempts.labels(self._courier.channel, type(outcome).__name__.lower()).inc()
        self._record(lambda: self._conclude(call, outcome))

    def _called(self, call: Call) -> Outcome:
        if self._now() - call.started_at > TOO_LATE:
            return Later("late", "the sender was too slow to begin the call")
        try:
            return self._courier.send(call, self._now())
        except Exception as error:
            log.exception("a port raised during a call")
            return Unknown(f"{type(error).__name__} during the call")

    def _conclude(self, call: Call, outcome: Outcome) -> None:
        # What the provider can be asked again need not wait for the disk.
        with self._store.session(call.tenant, durable=not self._courier.waits) as session:
            if found := messages.locked(session, call.message_id, call.n):
                attempts.conclude(session, *found, outcome, self._now(), self._courier.settle)

    def _clear(self, call: Call) -> None:
        search = self._searched(call)
        with self._store.session(call.tenant) as session:
            if found := messages.locked(session, call.message_id, call.n):
                doubts.clear(session, *found, search, self._now(), self._courier.waits)

    def _searched(self, call: Call) -> Search:
        try:
            return self._courier.find(call)
        except Exception as error:
            log.exception("a port raised while it was asked")
            return CannotTell(type(error).__name__)

    def _learn(self, tenant: str, message_id: str, reference: str) -> None:
        if receipt := self._courier.status(reference):
            with self._store.session(tenant) as session:
                callbacks.learn(session, message_id, receipt, self._now())

    def _record(self, write: Callable[[], None]) -> None:
        # What the provider answered is known to this process alone: it is kept until the store takes it.
        pause = 0.2
        while True:
            try:
                return write()
            except StoreDown as error:
                if self._stopping:
                    raise
                log.warning("an outcome waits for the store: %s", error)
                time.sleep(pause)
                pause = min(pause * 2, 5.0)

    def _renew(self) -> None:
        old = time.monotonic() - RENEW_AFTER
        with self._lock:
            flying = [key for key, since in self._flying.items() if since <= old]
            self._flying.update((key, time.monotonic()) for key in flying)
        if not flying:
            return
        mine = tuple_(Message.id, Message.attempt_no).in_(flying), Message.state == "sending"
        renewed = update(Message).where(*mine).values(lease_until=self._now() + LEASE)
        with self._store.everywhere() as session:
            session.execute(renewed.execution_options(synchronize_session=False))

    def _room(self) -> int:
        with self._lock:
            return SLOTS - len(self._flying)

    def _fly(self, key: tuple[str, int], work: Callable[..., None], *arguments: Any) -> None:
        with self._lock:
            self._flying[key] = time.monotonic()
            self._idle.clear()
        self._spawn(self._flight, key, work, *arguments)

    def _flight(self, key: tuple[str, int], work: Callable[..., None], *arguments: Any) -> None:
        try:
            work(*arguments)
        except StoreDown as error:
            log.warning("left to its lease: %s", error)
        except Exception:
            log.exception("left to its lease")
        finally:
            self._landed(key)

    def _landed(self, key: tuple[str, int]) -> None:
        with self._lock:
            self._flying.pop(key, None)
            if not self._flying:
                self._idle.set()
        if self._more:
            self._woken.set()
