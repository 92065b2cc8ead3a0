"""Several processes of one command on one port: started together, started again when they fall, stopped together."""

import logging
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from typing import Any

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.2
METRICS = "PROMETHEUS_MULTIPROC_DIR"  # where processes add up their figures; /metrics of any shows the sum


class Family:
    """`count` processes of one command."""

    def __init__(self, command: Sequence[str], count: int, folder: str) -> None:
        self._command = command
        self._environment = {**os.environ, METRICS: folder}
        self._children = [self._start() for _ in range(count)]
        self._stopping = False

    def watch(self) -> int:
        """Until told to stop; returns the worst exit status."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self._stopping:
            time.sleep(LOOK_SECONDS)
            self._children = [self._alive(child) for child in self._children]
        return max(abs(child.wait()) for child in self._children)

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command, env=self._environment)

    def _alive(self, child: "subprocess.Popen[bytes]") -> "subprocess.Popen[bytes]":
        if self._stopping or child.poll() is None:
            return child
        log.warning("process %s ended with %s; starting another", child.pid, child.returncode)
        _forget_figures(child.pid)
        return self._start()

    def _stop(self, *_: Any) -> None:
        self._stopping = True
        for child in self._children:
            child.terminate()


def run(command: Sequence[str], count: int) -> int:
    """Run the family until SIGTERM or SIGINT; returns the worst exit status."""
    with tempfile.TemporaryDirectory(prefix="lamppost-metrics-") as folder:
        os.environ[METRICS] = folder
        return Family(command, count, folder).watch()


def _forget_figures(process: int) -> None:
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(process)  # type: ignore[no-untyped-call]
