"""How long each service, and all five in one process, take until they are ready; and the memory they have then."""

import http.client
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from chassis.manifest import installed
from tests.bench.report import Goal, Line
from tests.platform import COMMAND, Platform, city, free_port, laptop
from tests.servers import ROOT

ROUNDS = 3
PATIENCE = 60.0
SOON, SMALL = Goal("at most", 5), Goal("at most", 300)


@dataclass(frozen=True)
class Seen:
    """One start: seconds from the exec to the first 200 of every `/health/ready`, and MB then."""

    seconds: float
    resident: float
    own: float


def run() -> list[Line]:
    """The lines of this benchmark."""
    return [*_alone(), *_together()]


def _alone() -> Iterator[Line]:
    with _folder() as folder, city(folder) as platform:
        for name in installed():
            yield from _lines(f"{name} alone, real servers", [_serve(platform, name) for _ in range(ROUNDS)])


def _together() -> Iterator[Line]:
    with _folder() as folder, laptop(folder) as platform:
        platform.command("demo", "load")
        seen = [_run(platform) for _ in range(ROUNDS)]
    yield from _lines("all five in one process, demo loaded", seen, SOON, SMALL)


def _lines(what: str, seen: list[Seen], soon: Goal | None = None, small: Goal | None = None) -> Iterator[Line]:
    yield Line(f"{what}: ready after", "s", [one.seconds for one in seen], goal=soon)
    yield Line(f"{what}: resident (RSS)", "MB", [one.resident for one in seen], goal=small)
    yield Line(f"{what}: its own (USS)", "MB", [one.own for one in seen])


def _serve(platform: Platform, name: str) -> Seen:
    port = free_port()
    return _start(platform, ["serve", name, "--port", str(port)], port, [name])


def _run(platform: Platform) -> Seen:
    port = free_port()
    return _start(platform, ["run", "--port", str(port)], port, list(installed()))


def _start(platform: Platform, arguments: list[str], port: int, names: list[str]) -> Seen:
    began = time.perf_counter()
    with (
        (platform.folder / "start.log").open("ab") as log,
        subprocess.Popen([*COMMAND, *arguments], cwd=ROOT, env=platform.environment, stdout=log, stderr=log) as process,
    ):
        try:
            for name in names:
                _until(lambda name=name: _ready(port, name), process)  # type: ignore[misc]
            return _seen(time.perf_counter() - began, psutil.Process(process.pid))
        finally:
            process.terminate()


def _seen(seconds: float, process: psutil.Process) -> Seen:
    memory = process.memory_full_info()
    return Seen(seconds, memory.rss / 2**20, memory.uss / 2**20)


def _ready(port: int, name: str) -> bool:
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", f"/{name}/health/ready")
            return connection.getresponse().status == 200
    except OSError:
        return False


def _until(true: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert process.poll() is None, f"{process.args!r} ended"
        assert time.monotonic() < end, f"{process.args!r} is not ready"
        time.sleep(0.01)


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="lamppost-bench-") as folder:
        yield Path(folder)
