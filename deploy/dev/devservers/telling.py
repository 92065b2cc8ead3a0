"""What the commands say: one line per fact, complaints on standard error."""

from __future__ import annotations

import sys


def tell(line: str) -> None:
    """Say a line at once, whole even when several threads talk."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    """Say a line on standard error."""
    sys.stderr.write(f"{line}\n")
