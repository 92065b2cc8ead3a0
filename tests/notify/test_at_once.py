"""Those who know something of one message at the same moment come one after the other, and none reads what is stale."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from chassis import clock
from chassis.runtime import Runtime
from services.notify import attempts, callbacks, messages
from services.notify.outcome import Accepted, Later
from services.notify.receipts import Receipt, Status
from tests.notify.test_attempts import SETTLE, claimed, conclude
from tests.notify.test_callbacks import receipts_of, take
from tests.notify.world import EMAIL, attempts_of, envelope, every, hear, only, said, tell


def together(runtime: Runtime, works: Sequence[Callable[[], object]]) -> None:
    """Run all of them at the same moment; what one raises is raised."""
    ready, errors = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        ready.wait()
        try:
            work()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_sixteen_reports_and_our_own_answer_end_as_one(runtime: Runtime) -> None:
    statuses: list[Status] = ["queued", "sent", "delivered", "undelivered", "sending"]
    for number in range(3):
        tell(runtime, number=f"DL-115-00000{number}-1")
        call, sid = claimed(runtime), f"SM{number}"
        works: list[Callable[[], object]] = [lambda: conclude(runtime, call, Accepted(sid, 3))]  # noqa: B023
        works += [lambda s=status: take(runtime, call, s, sid=sid) for status in statuses * 3]  # type: ignore[misc]  # noqa: B023
        together(runtime, works)
    assert {(one.state, one.delivery, one.segments) for one in every(runtime)} == {("delivered", "delivered", 3)}
    assert len(receipts_of(runtime)) == 3 * len(statuses)
    kinds = [kind for kind, _ in said(runtime)]
    assert kinds.count("message_accepted.v1") - kinds.count("message_failed.v1") == 3


def test_who_waits_for_a_message_sees_what_became_of_its_attempt(runtime: Runtime) -> None:
    if runtime.store.dialect != "postgresql":
        return  # SQLite has one writer at a time
    tell(runtime)
    call = claimed(runtime)
    inside, seen = threading.Event(), []

    def wait_and_look() -> None:
        inside.wait()
        with runtime.store.session("douliu") as session:
            found = messages.locked(session, call.message_id, call.n)
            assert found is not None
            seen.append((found[0].state, found[1].state))
            attempts.conclude(session, *found, Later("x", "…"), clock.now(), SETTLE)

    thread = threading.Thread(target=wait_and_look)
    thread.start()
    with runtime.store.session("douliu") as session:
        receipt = Receipt("SM1", "sent")
        assert callbacks.take(session, call.message_id, 1, call.nonce, receipt, clock.now()) == "applied"
        session.flush()
        inside.set()
        thread.join(timeout=0.5)  # it waits for our row
        assert thread.is_alive()
    thread.join()
    assert seen == [("accepted", "accepted")]
    assert only(runtime).state == "accepted"


def test_one_event_heard_by_four_at_once_is_one_message(runtime: Runtime) -> None:
    body = envelope(runtime, email=EMAIL)
    together(runtime, [lambda: hear(runtime, body)] * 4)
    assert [message.channel for message in every(runtime)] == ["sms", "email"]
    assert attempts_of(runtime) == []
