"""Figures of a period on both stores, against counting by hand; and what is forgotten in time."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from chassis.runtime import Runtime
from services.survey import results
from services.survey.housekeeping import start, sweep
from services.survey.model import Answer, Draft, Invitation
from services.survey.periods import period
from services.survey.questionnaire import LEVELS
from tests.survey.conftest import hash_of

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


def keep(
    runtime: Runtime,
    number: int,
    satisfaction: int | None,
    *,
    tenant: str = "douliu",
    service: str = "streetlight",
    closed_at: datetime = NOW - timedelta(days=2),
) -> None:
    """An invitation, and its answer unless there is none."""
    with runtime.store.session(tenant) as session:
        invitation = Invitation(
            token_hash=hash_of(f"{tenant} {number}"),
            case_number=f"{tenant[:2].upper()}-{number}",
            service_code=service,
            service_zh="服務",
            service_en="Service",
            section="works",
            language="zh-Hant",
            questionnaire=1,
            closed_at=closed_at,
            expires_at=closed_at + timedelta(days=14),
            answered_at=closed_at if satisfaction else None,
        )
        session.add(invitation)
        session.flush()
        if satisfaction:
            session.add(
                Answer(
                    invitation_id=invitation.id,
                    case_number=invitation.case_number,
                    questionnaire=1,
                    satisfaction=satisfaction,
                    reason="other" if satisfaction < 3 else None,
                    answered_at=closed_at + timedelta(minutes=number),
                )
            )


def of(runtime: Runtime, tenant: str = "douliu") -> results.Results:
    with runtime.store.session(tenant) as session:
        return results.results(session, period("this_month", NOW))


def test_figures_are_what_counting_gives(survey: Runtime) -> None:
    dice = random.Random(7)
    rows = [(dice.choice(["streetlight", "pothole"]), dice.choice([None, 1, 2, 3, 4, 5])) for _ in range(40)]
    for number, (service, satisfaction) in enumerate(rows):
        keep(survey, number, satisfaction, service=service)
    found = of(survey)
    assert found.whole.invited == 40
    assert found.whole.counts == {level: sum(said == level for _, said in rows) for level in LEVELS}
    for one in found.services:
        own = [said for service, said in rows if service == one.code]
        assert (one.tally.invited, one.tally.answered) == (len(own), sum(said is not None for said in own))


def test_a_period_is_of_the_cases_closed_in_it(survey: Runtime) -> None:
    keep(survey, 1, 5)
    keep(survey, 2, 1, closed_at=datetime(2026, 10, 10, tzinfo=UTC))
    keep(survey, 3, 1, closed_at=datetime(2026, 10, 31, 15, 59, tzinfo=UTC))  # 31 October, 23:59 in Taipei
    keep(survey, 4, 4, closed_at=datetime(2026, 10, 31, 16, tzinfo=UTC))  # 1 November, 00:00 in Taipei
    found = of(survey)
    assert (found.whole.invited, found.before.invited) == (2, 1)
    assert found.growth == pytest.approx(100)
    assert found.score_change == pytest.approx(87.5)


def test_nothing_is_no_error(survey: Runtime) -> None:
    found = of(survey)
    assert (found.whole.invited, found.whole.response_rate, found.whole.score, found.growth) == (0, None, None, None)
    assert found.services == []


def test_the_neighbours_answers_are_not_counted(survey: Runtime) -> None:
    for number in range(3):
        keep(survey, number, 1, tenant="anping")
    keep(survey, 9, 5)
    assert of(survey).whole.counts == {1: 0, 2: 0, 3: 0, 4: 0, 5: 1}
    assert of(survey).whole.invited == 1
    with survey.store.session("douliu") as session:
        assert results.dissatisfied(session, period("this_month", NOW)) == []
        assert [session.scalar(select(func.count()).select_from(table)) for table in (Invitation, Answer, Draft)] == [
            1,
            1,
            0,
        ]


def test_the_newest_dissatisfied_come_first(survey: Runtime) -> None:
    for number, satisfaction in enumerate([1, 3, 2, 5, 1]):
        keep(survey, number, satisfaction)
    with survey.store.session("douliu") as session:
        found = results.dissatisfied(session, period("this_month", NOW))
    assert [answer.case_number for answer, _ in found] == ["DO-4", "DO-2", "DO-0"]


def test_words_never_sent_are_forgotten_when_it_is_too_late(survey: Runtime) -> None:
    keep(survey, 1, None, closed_at=NOW - timedelta(days=15))
    keep(survey, 2, None)
    with survey.store.session("douliu") as session:
        for invitation in session.scalars(select(Invitation)).all():
            session.add(Draft(invitation_id=invitation.id, comment="never sent", updated_at=NOW))
    sweep(survey, NOW)
    with survey.store.session("douliu") as session:
        left = session.scalars(select(Invitation.case_number).join(Draft, Draft.invitation_id == Invitation.id)).all()
    assert left == ["DO-2"]


def test_what_is_older_than_the_office_keeps_is_forgotten(survey: Runtime) -> None:
    years = survey.tenants["douliu"].retention.cases_years
    keep(survey, 1, 2, closed_at=NOW - timedelta(days=366 * years + 2))
    keep(survey, 2, 2, closed_at=NOW - timedelta(days=364 * years))
    sweep(survey, NOW)
    with survey.store.everywhere() as session:
        assert session.scalars(select(Answer.case_number)).all() == ["DO-2"]
        assert session.scalars(select(Invitation.case_number)).all() == ["DO-2"]


def test_housekeeping_stops_when_told(survey: Runtime) -> None:
    start(survey)()
