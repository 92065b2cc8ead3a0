"""The arithmetic of measurements: percentiles, medians, and ratios of what was measured side by side."""

import math
from collections.abc import Sequence
from statistics import median


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share (0 to 1) of all values do not exceed (nearest rank).

    Errors: `ValueError` without values, or for a share outside 0 to 1.
    """
    if not values:
        raise ValueError("values: there are none")
    if not 0 <= share <= 1:
        raise ValueError(f"share: {share} is not between 0 and 1")
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def ratio(ours: Sequence[float], reference: Sequence[float]) -> float:
    """The median of the rounds' ratios: a machine that slows down between rounds slows both sides of a ratio.

    Errors: `ValueError` when the rounds do not pair or a reference is not above 0.
    """
    if not ours or len(ours) != len(reference):
        raise ValueError(f"rounds: {len(ours)} of ours, {len(reference)} of the reference")
    if min(reference) <= 0:
        raise ValueError("reference: must be above 0")
    return median(mine / theirs for mine, theirs in zip(ours, reference, strict=True))
