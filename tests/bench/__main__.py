"""`python -m tests.bench [post] [sms] [start] [events] [--json FILE]`; all of them without a name."""

import argparse
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from tests.bench.machine import machine
from tests.bench.report import Line, table, write

BENCHMARKS = ("post", "sms", "start", "events")


def main() -> None:
    """Run them one after the other, and print what they found."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("benchmark", nargs="*", type=_known, help=f"{', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    given = parser.parse_args()
    began, where = time.monotonic(), machine()
    print("  ".join(f"{name} {value}" for name, value in where.items()), flush=True)
    lines = [line for name in given.benchmark or BENCHMARKS for line in _run(name)]
    print(f"{time.monotonic() - began:.0f} s")
    if given.json:
        write(given.json, where, lines)


def _known(name: str) -> str:
    if name not in BENCHMARKS:
        raise argparse.ArgumentTypeError(f"must be one of {', '.join(BENCHMARKS)}")
    return name


def _run(name: str) -> Sequence[Line]:
    benchmark: Callable[[], list[Line]] = import_module(f"tests.bench.{name}").run
    lines = benchmark()
    print(f"\n{name}\n{table(lines)}", flush=True)
    return lines


if __name__ == "__main__":
    main()
