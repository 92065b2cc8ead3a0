"""What the answers of a period add up to. A period holds the cases closed in it: the invited, and who answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select

from chassis.store.tenancy import ScopedSession
from services.survey import statistics
from services.survey.model import Answer, Invitation
from services.survey.periods import Period
from services.survey.questionnaire import DISSATISFIED, LEVELS
from services.survey.statistics import Estimate

LATEST = 20


@dataclass(frozen=True)
class Tally:
    """How many were invited, and how many chose each level."""

    invited: int = 0
    counts: dict[int, int] = field(default_factory=lambda: dict.fromkeys(LEVELS, 0))

    @property
    def answered(self) -> int:
        """How many answered."""
        return statistics.total(self.counts)

    @property
    def response_rate(self) -> float | None:
        """Answers among invitations, 0 to 1."""
        return statistics.response_rate(self.answered, self.invited)

    @property
    def score(self) -> Estimate | None:
        """0 to 100, with its interval."""
        return statistics.score_estimate(self.counts)

    @property
    def satisfied(self) -> Estimate | None:
        """Share of the satisfied, 0 to 1, with its interval."""
        return statistics.share_satisfied(self.counts)

    @property
    def mean(self) -> float | None:
        """The mean level, 1 to 5."""
        return statistics.mean(self.counts)


@dataclass(frozen=True)
class ServiceTally:
    """The tally of one service."""

    code: str
    zh: str
    en: str
    tally: Tally

    def name(self, lang: str) -> str:
        """Its name."""
        return self.en if lang.startswith("en") else self.zh


@dataclass(frozen=True)
class Results:
    """A period's tally, by service too, and the tally of the stretch before it."""

    period: Period
    whole: Tally
    services: Sequence[ServiceTally]
    before: Tally

    @property
    def growth(self) -> float | None:
        """Growth of the number of answers in per cent (YM8)."""
        return statistics.growth(self.whole.answered, self.before.answered)

    @property
    def score_change(self) -> float | None:
        """The score against the stretch before, in points."""
        this, last = self.whole.score, self.before.score
        return this.value - last.value if this and last else None


def results(session: ScopedSession, period: Period) -> Results:
    """This office's figures of a period."""
    services = by_service(session, period)
    before = by_service(session, period.before)
    return Results(period, _sum(services), services, _sum(before))


def by_service(session: ScopedSession, period: Period) -> list[ServiceTally]:
    """A tally for each service whose cases were closed in the period, most answers first."""
    rows = session.execute(_counted(period)).all()
    codes = dict.fromkeys(row.service_code for row in rows)
    found = [_service([row for row in rows if row.service_code == code]) for code in codes]
    return sorted(found, key=lambda one: (-one.tally.answered, -one.tally.invited, one.code))


def dissatisfied(session: ScopedSession, period: Period) -> list[tuple[Answer, Invitation]]:
    """The latest answers of the dissatisfied (YM9), newest first."""
    query = (
        select(Answer, Invitation)
        .join(Invitation, Answer.invitation_id == Invitation.id)
        .where(*_within(period), Answer.satisfaction.in_(DISSATISFIED))
        .order_by(Answer.answered_at.desc(), Answer.id.desc())
        .limit(LATEST)
    )
    return [(answer, invitation) for answer, invitation in session.execute(query)]


def _counted(period: Period) -> Select[str, int, int, str, str]:
    return (
        select(
            Invitation.service_code,
            Answer.satisfaction,
            func.count(Invitation.id).label("many"),
            func.max(Invitation.service_zh).label("zh"),
            func.max(Invitation.service_en).label("en"),
        )
        .outerjoin(Answer, Answer.invitation_id == Invitation.id)
        .where(*_within(period))
        .group_by(Invitation.service_code, Answer.satisfaction)
    )


def _within(period: Period) -> tuple[Any, Any]:
    return Invitation.closed_at >= period.start, Invitation.closed_at < period.end


def _service(rows: Sequence[Any]) -> ServiceTally:
    counts = dict.fromkeys(LEVELS, 0) | {row.satisfaction: row.many for row in rows if row.satisfaction is not None}
    tally = Tally(sum(row.many for row in rows), counts)
    return ServiceTally(rows[0].service_code, rows[0].zh, rows[0].en, tally)


def _sum(services: Iterable[ServiceTally]) -> Tally:
    tallies = [one.tally for one in services]
    counts = {level: sum(tally.counts[level] for tally in tallies) for level in LEVELS}
    return Tally(sum(tally.invited for tally in tallies), counts)
