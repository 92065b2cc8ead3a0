"""Processes of ours, told apart by a mark in their environment.

A process number in a file can be stale or belong to someone else by now; the mark cannot.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from . import programs
from .probes import NoAnswerError
from .state import Folder, UnavailableError

MARK = "LAMPPOST_DEV_SERVER"
FAILURE = re.compile(r"Caused by|Exception|FATAL|ERROR|\berror\b")


def mark(folder: Folder, name: str) -> str:
    """The mark of one server of one folder."""
    return f"{folder.root}#{name}"


def spawn(
    folder: Folder, name: str, command: Sequence[str], env: Mapping[str, str], user: str | None = None
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, its output in its log, marked as ours."""
    with folder.log(name).open("ab") as log:
        return subprocess.Popen(
            command,
            env=programs.environment({**env, MARK: mark(folder, name)}),
            cwd="/",
            user=user,
            group=user,
            extra_groups=[] if user else None,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def await_answer(
    probe: Callable[[], str],
    seconds: float,
    last_words: Callable[[], str],
    process: subprocess.Popen[bytes] | None = None,
) -> str:
    """Wait until the server answers, give its version; raises UnavailableError when it died or stays silent."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            return probe()
        except NoAnswerError:
            if process is not None and process.poll() is not None:
                reason = f"ended at start (status {process.returncode}): {last_words()}"
                raise UnavailableError(reason) from None
            time.sleep(0.1)
    raise UnavailableError(f"no answer within {seconds:.0f} s: {last_words()}")


def last_line(log: Path) -> str:
    """The last line of a log that names a failure, else just the last."""
    try:
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines()]
    except OSError:
        return "no log"
    said = [line for line in lines if line]
    failures = [line for line in said if FAILURE.search(line)]
    return (failures or said or ["empty log"])[-1]


def marked(folder: Folder, name: str) -> list[int]:
    """The processes that bear the mark of that server, living ones only."""
    needle = f"{MARK}={mark(folder, name)}".encode()
    return [pid for pid in all_pids() if needle in read(pid, "environ").split(b"\0")]


def living_in(folder: Path) -> list[int]:
    """The processes whose working directory is that folder, zombies not counted."""
    return [pid for pid in all_pids() if working_directory(pid) == str(folder)]


def working_directory(pid: int) -> str:
    """The working directory of a process; empty when it is gone or someone else's."""
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""


def all_pids() -> list[int]:
    """Every process number there is now, but this process's own."""
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and int(entry) != os.getpid()]


def read(pid: int, what: str) -> bytes:
    """`environ` or `cmdline` of a process; empty when it is gone or someone else's."""
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:
        return b""


def program(pid: int) -> str:
    """The name of the program a process runs, such as `beam.smp`."""
    return os.path.basename(read(pid, "cmdline").split(b"\0")[0].decode(errors="replace"))


def stop(pids: Callable[[], list[int]], how: signal.Signals, seconds: float) -> None:
    """Signal the processes and wait until they are gone; whoever outstays the time is killed."""
    for one, patience in ((how, seconds), (signal.SIGKILL, 5.0)):
        for pid in pids():
            send(pid, one)
        deadline = time.monotonic() + patience
        while pids() and time.monotonic() < deadline:
            time.sleep(0.05)
    if pids():
        raise UnavailableError(f"processes that do not end: {pids()}")


def send(pid: int, what: signal.Signals) -> None:
    """Signal one process; it may have gone in the meantime."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, what)
