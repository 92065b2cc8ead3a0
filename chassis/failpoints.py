"""Marked places where a fault test may kill the process, as `kill -9` would.

`LAMPPOST_FAILPOINT=after_commit:0.05` dies at every passing of `after_commit` with that probability; several are
separated by commas. Without the setting a failpoint costs one dictionary look-up.
"""

import os
import random
import signal


def _armed() -> dict[str, float]:
    parts = (part.partition(":") for part in os.environ.get("LAMPPOST_FAILPOINT", "").split(",") if part)
    return {name: float(chance or 1) for name, _, chance in parts}


_ARMED = _armed()


def failpoint(name: str) -> None:
    """Die here without any clean-up, if a test has armed this place."""
    chance = _ARMED.get(name)
    if chance is not None and random.random() < chance:
        os.kill(os.getpid(), signal.SIGKILL)
