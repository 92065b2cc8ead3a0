"""What is reckoned from answers: pure functions of counts per level (1 very dissatisfied … 5 very satisfied).

None means: cannot be said (nobody answered, nothing to compare with). Shares are 0 to 1, scores 0 to 100.
"""

from collections.abc import Mapping
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from services.survey.questionnaire import LEVELS, SATISFIED

Counts = Mapping[int, int]

SMALLEST_CELL = 5
Z_95 = NormalDist().inv_cdf(0.975)


class Estimate(NamedTuple):
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


def total(counts: Counts) -> int:
    """How many answered."""
    return sum(counts.values())


def mean(counts: Counts) -> float | None:
    """The mean level, 1 to 5."""
    n = total(counts)
    return sum(level * count for level, count in counts.items()) / n if n else None


def score(counts: Counts) -> float | None:
    """User satisfaction as GOV.UK reckons it: 0, 25, 50, 75, 100 for the five levels, and their weighted mean."""
    average = mean(counts)
    return None if average is None else (average - 1) * 25


def score_estimate(counts: Counts) -> Estimate | None:
    """The score with a cautious interval: Wilson's, as if every answer were 0 or 100.

    Of all distributions on 0 … 100 with one mean the two-valued one varies most, so the true interval is not wider; and
    unlike mean ± t it does not shrink to a point where everybody who answered agrees.
    """
    average = score(counts)
    if average is None:
        return None
    n = total(counts)
    return Estimate(average, *(100 * bound for bound in wilson(average / 100 * n, n)))


def share_satisfied(counts: Counts) -> Estimate | None:
    """Satisfied and very satisfied among all answers (top two), with Wilson's interval."""
    n = total(counts)
    top = sum(counts.get(level, 0) for level in SATISFIED)
    return Estimate(top / n, *wilson(top, n)) if n else None


def wilson(successes: float, n: int, z: float = Z_95) -> tuple[float, float]:
    """Wilson's score interval of a share (E. B. Wilson, 1927). Errors: `ValueError` unless 0 ≤ successes ≤ n, n > 0."""
    if not (n > 0 and -1e-9 <= successes <= n + 1e-9):
        raise ValueError(f"{successes} of {n} is no share")
    p = successes / n
    middle = p + z * z / (2 * n)
    half = z * sqrt(max(p * (1 - p), 0) / n + z * z / (4 * n * n))
    widest = 1 + z * z / n
    return max((middle - half) / widest, 0.0), min((middle + half) / widest, 1.0)


def response_rate(answered: int, invited: int) -> float | None:
    """Answers among invitations (AAPOR: completes over valid invitations). Errors: `ValueError` when more answered."""
    if answered > invited:
        raise ValueError(f"{answered} answers to {invited} invitations")
    return answered / invited if invited else None


def growth(this: float, last: float) -> float | None:
    """成長率 in per cent: (this − last) / last × 100 (YM8). From nothing there is no growth rate."""
    return (this - last) / last * 100 if last else None


def suppressed(counts: Counts) -> dict[int, int | None]:
    """Counts as they may be published: cells under `SMALLEST_CELL` are None, lest somebody be recognised.

    One hidden cell alone could be reckoned from the total: then the smallest of the others is hidden too.
    """
    cells = {level: counts.get(level, 0) for level in LEVELS}
    hidden = {level for level, count in cells.items() if count < SMALLEST_CELL}
    if len(hidden) == 1:
        hidden.add(min((level for level in LEVELS if level not in hidden), key=lambda level: cells[level]))
    return {level: None if level in hidden else count for level, count in cells.items()}
