"""What survey makes of a closed case, however often and in whatever order it hears of it."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from chassis.bus.retry import Unreadable
from chassis.runtime import Runtime
from services.survey.model import Invitation
from tests.survey.conftest import TOKEN, answer, case_closed, events, hash_of, hear, invited

CLOSED = datetime(2026, 11, 20, 6, tzinfo=UTC)


def everything(runtime: Runtime) -> list[tuple[Any, ...]]:
    with runtime.store.everywhere() as session:
        rows = session.scalars(select(Invitation)).all()
    return sorted(
        (
            row.tenant,
            row.token_hash,
            row.case_number,
            row.service_en,
            row.section,
            row.language,
            row.closed_at,
            row.expires_at,
        )
        for row in rows
    )


def test_a_closed_case_invites_its_applicant_for_14_days(survey: Runtime) -> None:
    hear(survey, case_closed(closed_at=CLOSED, language="en"))
    (row,) = everything(survey)
    assert row[:2] == ("douliu", hash_of(TOKEN))
    assert row[2:6] == ("DL-115-004217-6", "Streetlight repair", "works", "en")
    assert row[6:] == (CLOSED, CLOSED + timedelta(days=14))


def test_without_a_token_nobody_is_invited(survey: Runtime) -> None:
    hear(survey, case_closed(None))
    assert everything(survey) == []


def test_a_case_without_its_moment_was_closed_when_it_was_said(survey: Runtime) -> None:
    envelope = case_closed(closed_at=CLOSED)
    del envelope["data"]["case"]["closed_at"], envelope["data"]["recipient"]
    hear(survey, envelope)
    assert everything(survey)[0][6] == CLOSED


def test_three_deliveries_in_any_order_are_one(survey: Runtime) -> None:
    # Two cases, one of them closed twice, one at another office.
    said = [
        case_closed("token-number-1-of-the-case", number="DL-115-000001-1", closed_at=CLOSED),
        case_closed("token-number-2-of-the-case", number="DL-115-000001-1", closed_at=CLOSED + timedelta(days=2)),
        case_closed("token-number-3-of-the-case", number="AP-115-000001-1", tenant="anping", closed_at=CLOSED),
    ]
    for envelope in said:
        hear(survey, envelope)
    once = everything(survey)
    assert len(once) == 3
    for _ in range(3):
        for envelope in random.sample(said * 3, 9):
            hear(survey, envelope)
    assert everything(survey) == once


def test_the_same_closing_said_anew_changes_nothing(survey: Runtime, resident: FlaskClient) -> None:
    address = invited(survey, closed_at=None)
    answer(resident, address, 5)
    before = everything(survey)
    hear(survey, case_closed())  # another id, the same token
    assert [row[:6] for row in everything(survey)] == [row[:6] for row in before]
    assert resident.get(address).status_code == 410
    assert len(events(survey)) == 1


@pytest.mark.parametrize("spoil", [{"tenant": "nowhere"}, {"data": {}}, {"data": {"case": {"number": 1}}}])
def test_what_cannot_be_read_invites_nobody(survey: Runtime, spoil: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        hear(survey, {**case_closed(), **spoil})
    assert everything(survey) == []
