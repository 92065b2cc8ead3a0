"""The files that tell others: `env` for shells and tests, `missing` for the top of the test report."""

from __future__ import annotations

import shlex
from pathlib import Path

from . import browser
from .servers import VARIABLES
from .state import Folder, State

CONTROL = Path(__file__).resolve().parents[1] / "control"


def write(folder: Folder, state: State, missing: dict[str, str]) -> None:
    """Write both files."""
    variables = facts(folder, state)
    folder.write("env", "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items()))
    folder.write("missing", "".join(f"{name}: {reason}\n" for name, reason in missing.items()))


def facts(folder: Folder, state: State) -> dict[str, str]:
    """What a test needs to know: addresses, and which servers `control` may stop and start."""
    names = VARIABLES | {browser.NAME: browser.VARIABLE}
    addresses = {names[name]: had.address for name, had in sorted(state.servers.items())}
    ours = [name for name, had in sorted(state.servers.items()) if name in VARIABLES and had.ours]
    control = {"LAMPPOST_TEST_CONTROL": str(CONTROL), "LAMPPOST_TEST_CONTROLLED": " ".join(ours)}
    return {**addresses, **control, "LAMPPOST_DEV_DIR": str(folder.root)}
