"""The arithmetic of the benchmarks, and what they say of it. (What they measure is no test.)"""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.figures import percentile, ratio
from tests.bench.report import Goal, Line, table, write

VALUES = st.lists(st.floats(0, 1e6), min_size=1)


@given(VALUES, st.floats(0, 1))
def test_a_percentile_is_a_value_that_its_share_does_not_exceed(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < max(share * len(values), 1)


def test_percentiles_by_hand() -> None:
    hundred = list(range(100, 0, -1))
    assert [percentile(hundred, share) for share in (0, 0.5, 0.95, 0.99, 1)] == [1, 50, 95, 99, 100]


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 1.1), ([1.0], -0.1)])
def test_percentiles_of_nothing_are_refused(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match=r"values|share"):
        percentile(values, share)


@given(st.lists(st.floats(1, 1e6), min_size=1), st.floats(0.1, 10))
def test_a_machine_that_slows_down_changes_no_ratio(reference: list[float], times: float) -> None:
    assert ratio([value * times for value in reference], reference) == pytest.approx(times)


def test_the_ratio_is_taken_round_by_round() -> None:
    assert ratio([10, 20, 90], [10, 10, 30]) == 2


@pytest.mark.parametrize(("ours", "reference"), [([], []), ([1.0], []), ([1.0], [0.0])])
def test_rounds_that_do_not_pair_are_refused(ours: list[float], reference: list[float]) -> None:
    with pytest.raises(ValueError, match=r"rounds|reference"):
        ratio(ours, reference)


@pytest.mark.parametrize(
    ("goal", "ours", "times", "met"),
    [
        (Goal("ratio at least", 0.5), 1, 0.5, True),
        (Goal("ratio at least", 0.5), 1, 0.49, False),
        (Goal("ratio at most", 3), 1, 3.0, True),
        (Goal("ratio at most", 3), 1, 3.1, False),
        (Goal("at most", 250), 250, None, True),
        (Goal("at most", 250), 251, None, False),
    ],
)
def test_goals(goal: Goal, ours: float, times: float | None, met: bool) -> None:
    assert goal.met(ours, times) is met


def test_a_goal_about_a_ratio_needs_one() -> None:
    with pytest.raises(ValueError, match="reference"):
        Goal("ratio at most", 3).met(1, None)


def test_the_report_says_ours_reference_ratio_goal_and_verdict(tmp_path: Path) -> None:
    lines = [
        Line("POST", "/s", [900, 1100, 1000], "bare", [2500, 2500, 2500], Goal("ratio at least", 0.5)),
        Line("memory", "MB", [161.4], goal=Goal("at most", 300)),
        Line("own", "MB", [12.34]),
    ]
    said = [line.split("  ") for line in table(lines).splitlines()]
    assert [cell for cell in said[1] if cell] == ["POST", "1,000", "2,500 bare", "/s", "0.40×", "≥ 0.5×", "NOT MET"]
    assert [cell.strip() for cell in said[2] if cell.strip()] == ["memory", "161", "MB", "≤ 300", "met"]
    assert [cell.strip() for cell in said[3] if cell.strip()] == ["own", "12.3", "MB"]
    write(tmp_path / "found.json", {"cores": 2}, lines)
    document = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert document["machine"] == {"cores": 2}
    assert [(line["ratio"], line["met"]) for line in document["lines"]] == [(0.4, False), (None, True), (None, None)]
    assert document["lines"][0]["rounds"]["ours"] == [900, 1100, 1000]
