"""What comes back about a case from other services: how it was judged, whether its messages arrived.

Events may come late, twice, or the older after the newer: the newest decides, whatever the order.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, cast

from sqlalchemy import Table, and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from services.intake import timeline
from services.intake.act import Act
from services.intake.cases import NoSuchCase
from services.intake.model import Case, MessageNote

LONGEST_REASON = 4_000


def record_answer(
    act: Act, number: str, satisfaction: int, dissatisfied: bool, reason: str | None, answered_at: datetime
) -> None:
    """The applicant has judged the closed case (AP6, YM9): 1 very dissatisfied … 5 very satisfied.

    The case's version stays: nothing about its handling has changed. Errors: `NoSuchCase`.
    """
    case = act.session.scalars(select(Case).where(Case.number == number).with_for_update()).one_or_none()
    if case is None:
        raise NoSuchCase(f"no case {number[:20]}")
    reason = reason[:LONGEST_REASON] if reason else None
    timeline.remark(act, number, "answer", reason, satisfaction=satisfaction, dissatisfied=dissatisfied)
    if case.answered_at is None or case.answered_at <= answered_at:
        case.satisfaction, case.dissatisfied = satisfaction, dissatisfied
        case.dissatisfaction_reason = reason if dissatisfied else None
        case.answered_at = answered_at


def record_message(
    act: Act,
    number: str,
    *,
    message_id: str,
    purpose: str,
    channel: str,
    state: Literal["accepted", "failed"],
    reason: str | None = None,
    sequence: int = 0,
) -> None:
    """What became of a message about the case, as notify last knew; `act.now` is when it knew."""
    row = {
        "tenant": act.session.tenant,
        "message_id": message_id[:64],
        "number": number[:16],
        "purpose": purpose[:40],
        "channel": channel[:10],
        "state": state,
        "reason": reason,
        "at": act.now,
        "sequence": sequence,
    }
    # Past the ORM: the row names its tenant.
    act.session.connection().execute(_newest(act.runtime.store.dialect), row)


@lru_cache
def _newest(dialect: str) -> Any:
    note = cast(Table, MessageNote.__table__)
    written = postgresql.insert(note) if dialect == "postgresql" else sqlite.insert(note)
    told, known = written.excluded, note.c
    # At the same moment a failure is the later news: a provider accepts first.
    later = or_(told.at > known.at, and_(told.at == known.at, told.state > known.state))
    newer = or_(told.sequence > known.sequence, and_(told.sequence == known.sequence, later))
    changed = {name: told[name] for name in ("state", "reason", "at", "sequence")}
    return written.on_conflict_do_update(index_elements=note.primary_key, set_=changed, where=newer)
