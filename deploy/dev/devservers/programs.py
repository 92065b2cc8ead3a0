"""Run other programs to their end."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence

from .state import UnavailableError

# What the caller's shell holds for servers, clients and machines of its own must not reach ours.
FOREIGN = re.compile(r"RABBITMQ_|ERL_|PG[A-Z]|ES_|NOTIFY_SOCKET$|JAVA_TOOL_OPTIONS$|JDK_JAVA_OPTIONS$")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def environment(additions: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without what is foreign to our servers, with what they are given."""
    return {name: value for name, value in os.environ.items() if not FOREIGN.match(name)} | dict(additions)


def run(
    command: Sequence[str], seconds: float = 60, env: Mapping[str, str] | None = None, user: str | None = None
) -> tuple[int, list[str]]:
    """Exit status and the lines said, complaints last; 127 when it cannot be started, 124 when it was too slow."""
    try:
        done = subprocess.run(
            command,
            env=environment(env or {}),
            cwd="/",
            user=user,
            group=user,
            extra_groups=[] if user else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
        )
    except OSError as error:
        return 127, [str(error)]
    except subprocess.TimeoutExpired:
        return 124, [f"not done after {seconds:.0f} s"]
    lines = [COLOUR.sub("", line).strip() for line in (done.stdout + done.stderr).splitlines()]
    return done.returncode, [line for line in lines if line]


def demand(
    command: Sequence[str],
    seconds: float = 60,
    env: Mapping[str, str] | None = None,
    user: str | None = None,
    complaint: str = "",
) -> list[str]:
    """The lines said; when it fails UnavailableError with the first line that fits `complaint`, else the last."""
    status, lines = run(command, seconds, env, user)
    if status:
        fitting = [line for line in lines if complaint and re.search(complaint, line)]
        said = (fitting or lines[-1:] or [f"exit status {status}"])[0]
        raise UnavailableError(f"{os.path.basename(command[0])}: {said}")
    return lines


def hand_over(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run it on the caller's own terminal; its exit status."""
    return subprocess.run(command, env=environment(env)).returncode
