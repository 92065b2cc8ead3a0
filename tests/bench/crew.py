"""Processes that measure when they are told: an order is a line of JSON on their input, its result one on their output.

So the side that is not being measured is already there, and does nothing.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from tests.servers import ROOT

Result = dict[str, Any]


class Hand:
    """One such process, which has said that it is ready."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.answer()

    def order(self, **order: Any) -> None:
        """Let it begin."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Result:
        """What it has to say. Errors: `AssertionError` when it ended instead."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"{self._process.args!r} ended"
        result: Result = json.loads(line)
        return result


@contextmanager
def crew(count: int, module: str, *arguments: str, **environment: str) -> Iterator[list[Hand]]:
    """`count` processes of `python -m tests.bench.<module>`, ended with the block."""
    command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
    with ExitStack() as stack:
        processes = [stack.enter_context(_process(command, environment or None)) for _ in range(count)]
        yield [Hand(process) for process in processes]


def together(hands: Sequence[Hand], **order: Any) -> list[Result]:
    """Let all begin at once; their results."""
    for hand in hands:
        hand.order(**order)
    return [hand.answer() for hand in hands]


def obey(measure: Callable[..., Result]) -> None:
    """The process' side: measure whenever told to, until the input ends."""
    ready()
    for line in sys.stdin:
        _say(measure(**json.loads(line)))


def ready() -> None:
    """The process' side: say that orders may come."""
    _say({})


def _say(result: Result) -> None:
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()


@contextmanager
def _process(command: list[str], environment: dict[str, str] | None) -> Iterator["subprocess.Popen[str]"]:
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
