"""What survey forgets by itself, every hour: words that were never sent, and what is older than the office keeps."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from chassis import clock
from chassis.runtime import Runtime
from chassis.store import StoreDown
from chassis.store.tenancy import ScopedSession
from services.survey.model import Answer, Draft, Invitation

EVERY_SECONDS = 3600.0
AGAIN_SECONDS = 30.0
YEAR = timedelta(days=365.25)
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


def sweep(runtime: Runtime, now: datetime) -> None:
    """Forget in every office what need not be kept. Errors: `StoreDown`."""
    for office in runtime.tenants.values():
        with runtime.store.session(office.code) as session:
            _forget_drafts(session, now)
            _forget_before(session, now - office.retention.cases_years * YEAR)


def _forget_drafts(session: ScopedSession, now: datetime) -> None:
    expired = select(Invitation.id).where(Invitation.expires_at <= now)
    session.execute(delete(Draft).where(Draft.invitation_id.in_(expired)))


def _forget_before(session: ScopedSession, oldest: datetime) -> None:
    old = select(Invitation.id).where(Invitation.closed_at < oldest)
    session.execute(delete(Answer).where(Answer.invitation_id.in_(old)))
    session.execute(delete(Draft).where(Draft.invitation_id.in_(old)))
    session.execute(delete(Invitation).where(Invitation.closed_at < oldest))


def _run(runtime: Runtime, stopping: threading.Event) -> None:
    pause = 0.0
    while not stopping.wait(timeout=pause):
        try:
            sweep(runtime, clock.now())
            pause = EVERY_SECONDS
        except StoreDown as error:
            log.warning("housekeeping waits: %s", error)
            pause = AGAIN_SECONDS
