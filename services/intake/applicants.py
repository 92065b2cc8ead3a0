"""The applicant's way to a case: its number and the query code that was told with it.

Ten wrong codes lock a case for an hour. An unknown number and a wrong code get the same answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from chassis.store.tenancy import ScopedSession
from chassis.tenants import Tenant
from services.intake.model import Case
from services.intake.numbers import CODE_ALPHABET, CODE_LENGTH, code_matches, hash_code, parse_number

MOST_TRIES = 10
LOCK = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """What number and code open: the case, or nothing; `locked_until` when there were too many wrong codes."""

    case: Case | None = None
    locked_until: datetime | None = None


def read_number(office: Tenant, text: str) -> str:
    """The case number somebody typed, as it is stored. Errors: `NumberError` telling what slipped."""
    return str(parse_number(text, [office.prefix]))


def case_for_applicant(session: ScopedSession, number: str, code: str, pepper: bytes, now: datetime) -> Entry:
    """The case, if this is its code. Let the session commit in any case: it counts the wrong codes."""
    case = session.scalars(select(Case).where(Case.number == number).with_for_update()).one_or_none()
    if case is None or case.code_hash is None:
        code_matches(code, _nobodys_hash(pepper), pepper)
        return Entry()
    if case.code_locked_until is not None and case.code_locked_until > now:
        return Entry(locked_until=case.code_locked_until)
    return _entered(case) if code_matches(code, case.code_hash, pepper) else _refused(case, now)


def _entered(case: Case) -> Entry:
    case.code_attempts, case.code_locked_until = 0, None
    return Entry(case)


def _refused(case: Case, now: datetime) -> Entry:
    case.code_attempts += 1
    if case.code_attempts < MOST_TRIES:
        return Entry()
    case.code_attempts, case.code_locked_until = 0, now + LOCK
    return Entry(locked_until=case.code_locked_until)


def _nobodys_hash(pepper: bytes) -> str:
    return hash_code(CODE_ALPHABET[0] * CODE_LENGTH, pepper)
