"""Published figures, statsmodels' intervals, and what must always hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.survey import statistics
from services.survey.statistics import (
    growth,
    mean,
    response_rate,
    score,
    score_estimate,
    share_satisfied,
    suppressed,
    wilson,
)

COUNTS = st.fixed_dictionaries({level: st.integers(0, 10_000) for level in range(1, 6)})
SOME = COUNTS.filter(lambda counts: sum(counts.values()) > 0)


def levels(*counts: int) -> dict[int, int]:
    return dict(zip(range(1, 6), counts, strict=True))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [(levels(23, 46, 153, 419, 528), 79.58), (levels(67, 73, 205, 1276, 4434), 91.03)],
)
def test_the_score_is_what_gov_uk_published(counts: dict[int, int], expected: float) -> None:
    assert round(score(counts) or 0, 2) == expected


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (8, 10, 0.4902, 0.9433), (345, 400, 0.8253, 0.8928)],
)
def test_wilson_is_what_statsmodels_says(successes: int, n: int, low: float, high: float) -> None:
    found = wilson(successes, n)
    assert found == pytest.approx((low, high), abs=0.00005)


@pytest.mark.parametrize(("successes", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_a_share_that_is_none_is_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(successes, n)


@given(SOME)
def test_figures_stay_within_their_scales(counts: dict[int, int]) -> None:
    estimate, share = score_estimate(counts), share_satisfied(counts)
    assert estimate is not None
    assert share is not None
    assert 1 <= (mean(counts) or 0) <= 5
    assert -1e-6 <= estimate.low <= estimate.value + 1e-6 <= estimate.high + 2e-6 <= 100 + 3e-6
    assert 0 <= share.low <= share.value + 1e-9 <= share.high + 2e-9 <= 1 + 3e-9


@given(SOME)
def test_a_scale_turned_round_turns_the_score_round(counts: dict[int, int]) -> None:
    turned = {6 - level: count for level, count in counts.items()}
    assert (score(counts) or 0) + (score(turned) or 0) == pytest.approx(100)


@given(SOME, st.integers(2, 50))
def test_more_of_the_same_answers_narrow_the_interval(counts: dict[int, int], times: int) -> None:
    few, many = score_estimate(counts), score_estimate({level: count * times for level, count in counts.items()})
    assert few is not None
    assert many is not None
    assert many.value == pytest.approx(few.value)
    assert many.high - many.low < few.high - few.low


@given(st.integers(1, 5), st.integers(1, 1000))
def test_unanimity_is_not_certainty(level: int, n: int) -> None:
    estimate = score_estimate({level: n})
    assert estimate is not None
    assert estimate.high - estimate.low > 0


def test_nobody_answered_is_not_a_score_of_nought() -> None:
    assert (score(levels(0, 0, 0, 0, 0)), score_estimate({}), share_satisfied({}), mean({})) == (None,) * 4
    assert response_rate(0, 0) is None


def test_the_response_rate_is_answers_among_invitations() -> None:
    assert response_rate(41, 100) == 0.41
    with pytest.raises(ValueError, match="41 answers to 40"):
        response_rate(41, 40)


def test_growth_from_nothing_is_not_said() -> None:
    assert growth(120, 100) == pytest.approx(20)
    assert growth(0, 50) == -100
    assert growth(5, 0) is None


@given(COUNTS)
def test_no_hidden_cell_can_be_reckoned(counts: dict[int, int]) -> None:
    shown = suppressed(counts)
    hidden = [level for level, count in shown.items() if count is None]
    assert len(hidden) != 1
    assert all(count is None or count >= statistics.SMALLEST_CELL for count in shown.values())
    assert all(count in (None, counts[level]) for level, count in shown.items())


def test_large_cells_are_shown() -> None:
    assert suppressed(levels(5, 6, 7, 8, 9)) == levels(5, 6, 7, 8, 9)
    assert suppressed(levels(4, 6, 7, 8, 9)) == {1: None, 2: None, 3: 7, 4: 8, 5: 9}
