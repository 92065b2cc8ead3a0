"""Answering: what is filled in is kept page by page, and sent once."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from chassis.bus import say
from chassis.sealing import Sealer
from chassis.store.tenancy import ScopedSession
from services.survey.events import SurveyAnswered
from services.survey.invitations import find
from services.survey.model import Answer, Draft, Invitation
from services.survey.questionnaire import VERSIONS, dissatisfied


class NotOpen(Exception):
    """There is no such invitation, or it was answered, or its time is over."""


class Incomplete(Exception):
    """A question that must be answered was not."""


@dataclass(frozen=True)
class Filled:
    """What stands on the pages of one invitation. `reason` is a code of its questionnaire."""

    satisfaction: int | None = None
    reason: str | None = None
    comment: str | None = None

    @property
    def dissatisfied(self) -> bool:
        """True when a reason is asked for."""
        return self.satisfaction is not None and dissatisfied(self.satisfaction)

    @property
    def complete(self) -> bool:
        """True when it can be sent."""
        return self.satisfaction is not None and (not self.dissatisfied or self.reason is not None)


def filled(session: ScopedSession, invitation: Invitation) -> Filled:
    """What was filled in so far."""
    draft = session.get(Draft, invitation.id)
    return Filled(draft.satisfaction, draft.reason, draft.comment) if draft else Filled()


def fill(session: ScopedSession, token_hash: str, now: datetime, **given: Any) -> Filled:
    """Keep what one page says (`satisfaction`, `reason`, `comment`). Errors: `NotOpen`."""
    invitation = _locked(session, token_hash)
    _require_open(invitation, now)
    after = replace(filled(session, invitation), **given)
    session.merge(
        Draft(
            tenant=session.tenant,
            invitation_id=invitation.id,
            satisfaction=after.satisfaction,
            reason=after.reason,
            comment=after.comment,
            updated_at=now,
        )
    )
    return after


def send(session: ScopedSession, token_hash: str, sealer: Sealer, now: datetime) -> bool:
    """Turn what was filled in into the answer and say so, once. Returns False when it was answered before.

    Errors: `NotOpen`, `Incomplete`.
    """
    invitation = _locked(session, token_hash)
    if invitation.state(now) == "answered":
        return False
    _require_open(invitation, now)
    answer = _answer(invitation, filled(session, invitation), now)
    session.add(answer)
    invitation.answered_at = now
    _forget_draft(session, invitation)
    session.flush()
    _tell(session, answer, sealer)
    return True


def reason_text(answer: Answer) -> str | None:
    """The reason in the office's language, and what was written: `花太久時間：等了兩個月`."""
    reason = VERSIONS[answer.questionnaire].reason.choice(answer.reason).words.zh if answer.reason else None
    return "：".join(part for part in (reason, answer.comment) if part) or None


def _locked(session: ScopedSession, token_hash: str) -> Invitation:
    # Everything that is written about an invitation waits for its row: a double submit becomes first and second.
    invitation = find(session, token_hash, locked=True)
    if invitation is None:
        raise NotOpen
    return invitation


def _require_open(invitation: Invitation, now: datetime) -> None:
    if invitation.state(now) != "invited":
        raise NotOpen


def _answer(invitation: Invitation, given: Filled, now: datetime) -> Answer:
    if given.satisfaction is None or not given.complete:
        raise Incomplete
    return Answer(
        invitation_id=invitation.id,
        case_number=invitation.case_number,
        questionnaire=invitation.questionnaire,
        satisfaction=given.satisfaction,
        reason=given.reason if given.dissatisfied else None,
        comment=given.comment,
        answered_at=now,
    )


def _forget_draft(session: ScopedSession, invitation: Invitation) -> None:
    draft = session.get(Draft, invitation.id)
    if draft is not None:
        session.delete(draft)


def _tell(session: ScopedSession, answer: Answer, sealer: Sealer) -> None:
    reason = reason_text(answer)
    event = SurveyAnswered(
        case_number=answer.case_number,
        satisfaction=answer.satisfaction,
        dissatisfied=dissatisfied(answer.satisfaction),
        reason=sealer.seal(reason, audience="intake", tenant=session.tenant) if reason else None,
        answered_at=answer.answered_at,
    )
    say(session, event, subject=answer.case_number, sequence=_sequence(session, answer), at=answer.answered_at)


def _sequence(session: ScopedSession, answer: Answer) -> int:
    # 1, unless the case was reopened and closed again, and its applicant asked again.
    answers = select(func.count(Answer.id)).where(Answer.case_number == answer.case_number)
    return session.scalar(answers) or 1
