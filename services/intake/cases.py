"""What is done to a case after it was opened: each act is one version, one line of history, one event.

The row is locked for the act; a form that was filled in upon an older version is refused (`Conflict`), so that nobody
undoes what they have not seen. States and rights are `lifecycle`'s, the office's clock is `deadlines`'.
"""

import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from chassis.bus import say
from chassis.store.tenancy import ScopedSession
from services.intake import clocks, events, lifecycle, staff, timeline
from services.intake.act import Act
from services.intake.announcements import recipient_of, seal, state_of
from services.intake.attachments import Kept, attach
from services.intake.lifecycle import STATES, Action, NotAllowed, State
from services.intake.model import Case

DONE_HERE = (
    Action.TAKE,
    Action.ASSIGN,
    Action.RETURN,
    Action.SUPPLEMENT,
    Action.CLOSE,
    Action.REOPEN,
    Action.WITHDRAW,
)
TOKEN_BYTES = 16


class NoSuchCase(LookupError):
    """This office has no case of that number."""


class Conflict(Exception):
    """Somebody else has changed the case since; `version` is where it stands now."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the case is at version {version} by now")
        self.version = version


def find_case(session: ScopedSession, number: str) -> Case:
    """The case of that number. Errors: `NoSuchCase`."""
    return _one(session, number, locked=False)


def possible(case: Case, roles: frozenset[str]) -> tuple[Action, ...]:
    """What somebody with these roles may do to the case now: the buttons of a page."""
    allowed = lifecycle.allowed_actions(State(case.status), roles)
    return tuple(action for action in allowed if action in DONE_HERE)


def take(act: Act, number: str, *, version: int | None = None) -> Case:
    """Take the case in hand (YM5). `version`: the one the form was shown for. Errors: see `assign`."""
    case = _step(act, number, Action.TAKE, {}, version)
    case.handler = act.actor.username
    timeline.add(act, case, Action.TAKE)
    return _told(act, case, events.CaseTaken(case=state_of(act, case), handler=case.handler or ""))


def assign(act: Act, number: str, handler: str, *, version: int | None = None) -> Case:
    """Give the case to a member of staff, whose section it then belongs to.

    Errors: `NoSuchCase`, `Conflict`, `NotAllowed` for the state, the actor's role, or the field `handler`.
    """
    case = _step(act, number, Action.ASSIGN, {"handler": handler}, version)
    member = staff.active_member(act.session, handler)
    if member is None:
        raise NotAllowed("handler", "unknown")
    case.handler, case.section = member.username, member.section or case.section
    timeline.add(act, case, Action.ASSIGN, handler=member.username, handler_name=member.name)
    return _told(act, case, events.CaseTaken(case=state_of(act, case), handler=member.username))


def return_case(
    act: Act, number: str, missing: Sequence[str], *, note: str | None = None, version: int | None = None
) -> Case:
    """Ask the applicant for everything that is missing, at once (YM3); the clock stands. Errors: see `assign`."""
    missing = [text.strip() for text in missing if text.strip()]
    note = _tidy(note)
    case = _step(act, number, Action.RETURN, _given(missing=missing, note=note), version)
    timeline.add(act, case, Action.RETURN, note, missing=missing)
    told = recipient_of(act, case)
    return _told(act, case, events.CaseReturned(case=state_of(act, case), missing=missing, recipient=told))


def supplement(
    act: Act, number: str, answer: str | None = None, *, files: Sequence[Kept] = (), version: int | None = None
) -> Case:
    """The applicant sends what was missing, text or files (`attachments.keep`); the clock runs on. Errors: `assign`."""
    answer = _tidy(answer)
    names = [file.name for file in files]
    case = _step(act, number, Action.SUPPLEMENT, _given(answer=answer, attachments=names), version)
    added = attach(act, number, files)
    timeline.add(act, case, Action.SUPPLEMENT, answer, attachments=[file.sha256 for file in added])
    return _told(act, case, events.CaseSupplemented(case=state_of(act, case)))


def close(act: Act, number: str, reply: str, *, version: int | None = None) -> Case:
    """Finish the case with a reply; whoever is told of it is also asked how it was (AP6). Errors: see `assign`."""
    reply = reply.strip()
    case = _step(act, number, Action.CLOSE, {"reply": reply}, version)
    case.reply = reply
    timeline.add(act, case, Action.CLOSE, reply)
    told = recipient_of(act, case)
    invitation = _invitation(act) if told else {}
    event = events.CaseClosed(case=state_of(act, case), reply=reply, recipient=told, **invitation)
    return _told(act, case, event)


def reopen(act: Act, number: str, reason: str, *, version: int | None = None) -> Case:
    """Take a closed case up again, with the time it had left. Errors: see `assign`."""
    reason = reason.strip()
    case = _step(act, number, Action.REOPEN, {"reason": reason}, version)
    case.reply = None
    timeline.add(act, case, Action.REOPEN, reason)
    return _told(act, case, events.CaseReopened(case=state_of(act, case), reason=reason))


def withdraw(act: Act, number: str, reason: str | None = None, *, version: int | None = None) -> Case:
    """The applicant wants it no more. Errors: see `assign`."""
    reason = _tidy(reason)
    case = _step(act, number, Action.WITHDRAW, _given(reason=reason), version)
    timeline.add(act, case, Action.WITHDRAW, reason)
    return _told(act, case, events.CaseWithdrawn(case=state_of(act, case)))


def _step(act: Act, number: str, action: Action, inputs: Mapping[str, object], version: int | None) -> Case:
    case = _one(act.session, number, locked=True)
    if version is not None and version != case.version:
        raise Conflict(case.version)
    before = State(case.status)
    after = lifecycle.apply(before, action, act.actor.roles, inputs)
    clocks.tick(case, lifecycle.clock_change(before, after), act.now, act.office)
    case.status, case.version, case.updated_at = after.value, case.version + 1, act.now
    case.closed_at = None if STATES[after].is_open else act.now
    return case


def _one(session: ScopedSession, number: str, *, locked: bool) -> Case:
    query = select(Case).where(Case.number == number)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    case = session.scalars(query).one_or_none()
    if case is None:
        raise NoSuchCase(f"no case {number[:20]}")
    return case


def _told(act: Act, case: Case, event: events.CaseEvent) -> Case:
    act.session.flush()
    say(act.session, event, subject=case.number, sequence=case.version, at=act.now)
    return case


def _invitation(act: Act) -> dict[str, Any]:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = seal(act, act.runtime.link(f"/s/{token}"), "notify")
    return {"survey_link": link, "survey_token_hash": sha256(token.encode()).hexdigest()}


def _given(**inputs: object) -> dict[str, object]:
    return {name: value for name, value in inputs.items() if value}


def _tidy(text: str | None) -> str | None:
    return (text or "").strip() or None
