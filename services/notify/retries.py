"""When a refused attempt may be repeated: exponential backoff with full jitter, so that a crowd does not come back."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Final

MOST_TRIES: Final = 8
SHORTEST: Final = 5.0  # seconds
LONGEST: Final = 900.0  # seconds


def pause(tries: int, retry_after: float | None = None, dice: Callable[[], float] = random.random) -> timedelta:
    """How long to wait after the `tries`th try (from 1): between 5 s and a ceiling that doubles up to 15 min.

    Never less than the provider asked for (`retry_after`, seconds). `dice` gives 0 ≤ x < 1.
    """
    ceiling = min(LONGEST, SHORTEST * 2**tries)
    return timedelta(seconds=max(SHORTEST + (ceiling - SHORTEST) * dice(), retry_after or 0.0))
