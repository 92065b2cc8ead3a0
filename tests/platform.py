"""The whole platform as real processes: embedded (`lamppost run`), or five services on real servers behind one host."""

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests

from chassis import keys
from chassis.manifest import installed
from tests import servers
from tests.fakes.twilio_remote import RemoteTwilio
from tests.front import Front, front
from tests.servers import ROOT

AUDIENCES = ["intake", "notify", "search"]
COMMAND = [sys.executable, "-m", "chassis.command"]


class Platform:
    """Running services: `url` is the one host; `kill`, `stop` and `start` act on a service's process."""

    def __init__(self, environment: Mapping[str, str], folder: Path, host: Front | None = None) -> None:
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONUNBUFFERED": "1", **environment}
        self.folder, self.host = folder, host
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.port = 0
        self.provider: RemoteTwilio | None = None

    @property
    def url(self) -> str:
        return self.host.url if self.host else f"http://127.0.0.1:{self.port}"

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `lamppost …` with this platform's settings."""
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert not check or done.returncode == 0, f"lamppost {' '.join(arguments)}: {done.stderr}"
        return done

    def start(self, service: str, *options: str, **environment: str) -> None:
        """Start a service on a free port (the same one when it comes back) and wait until it answers."""
        port = self.host.ports.get(service, 0) if self.host else 0
        arguments = ["serve", service, "--port", str(port or free_port()), *options]
        self._spawn(service, arguments, environment)
        if self.host and "worker" not in options:
            self.host.ports[service] = int(arguments[3])
            until(lambda: self._answers(f"http://127.0.0.1:{arguments[3]}/{service}/health/live"), what=service)

    def run(self) -> None:
        """Start everything in one process."""
        self.port = free_port()
        self._spawn("run", ["run", "--port", str(self.port)], {})
        until(lambda: self._answers(f"{self.url}/intake/health/ready"), what="lamppost run")

    def ready(self, service: str) -> bool:
        return requests.get(f"{self.url}/{service}/health/ready", timeout=5).status_code == 200

    def kill(self, service: str) -> None:
        """As `kill -9` does."""
        self._signal(service, signal.SIGKILL)

    def stop(self, service: str) -> int:
        """Ask it to finish what is in flight."""
        return self._signal(service, signal.SIGTERM)

    def alive(self, service: str) -> bool:
        return self.children[service].poll() is None

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text(encoding="utf-8")

    def close(self) -> None:
        for service in list(self.children):
            if self.alive(service):
                self.stop(service)

    def _spawn(self, service: str, arguments: list[str], environment: Mapping[str, str]) -> None:
        with (self.folder / f"{service}.log").open("ab") as log:
            self.children[service] = subprocess.Popen(
                [*COMMAND, *arguments], cwd=ROOT, env={**self.environment, **environment}, stdout=log, stderr=log
            )

    def _signal(self, service: str, number: signal.Signals) -> int:
        self.children[service].send_signal(number)
        return self.children[service].wait(timeout=40)

    def _answers(self, url: str) -> bool:
        dead = next(
            (name for name, child in self.children.items() if child.poll() not in (None, -signal.SIGKILL)), None
        )
        assert dead is None, f"{dead} ended:\n{self.log(dead or '')[-3000:]}"
        try:
            return requests.get(url, timeout=2).status_code == 200
        except requests.RequestException:
            return False


@contextmanager
def laptop(folder: Path, **environment: str) -> Iterator[Platform]:
    """`lamppost run`: all five in one process, nothing but Python."""
    platform = Platform({"LAMPPOST_DATA": str(folder / "var"), **environment}, folder)
    try:
        yield platform
    finally:
        platform.close()


@contextmanager
def city(folder: Path, **environment: str) -> Iterator[Platform]:
    """Five services on RabbitMQ, PostgreSQL and Elasticsearch, migrated, not yet started."""
    with ExitStack() as stack:
        host = stack.enter_context(front())
        index = f"{servers.required('ELASTICSEARCH')}?alias=test-{secrets.token_hex(4)}"
        keys.make(folder / "keys.toml", AUDIENCES)
        settings = {
            "LAMPPOST_DATA": str(folder / "var"),
            "LAMPPOST_KEYS": str(folder / "keys.toml"),
            "LAMPPOST_PUBLIC_URL": host.url,
            "LAMPPOST_BUS": stack.enter_context(servers.virtual_host()),
            "LAMPPOST_SEARCH_INDEX": index,
            **{f"LAMPPOST_{name.upper()}_STORE": stack.enter_context(servers.database(name)) for name in installed()},
            **environment,
        }
        platform = Platform(settings, folder, host)
        stack.callback(platform.close)
        platform.command("migrate")
        yield platform


def until(true: Callable[[], bool], seconds: float = 30, what: str = "it") -> None:
    """Wait for something to become true. Errors: `AssertionError` naming what did not come to pass."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what} did not come to pass in {seconds} s"
        time.sleep(0.05)


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def case_numbers(text: str) -> list[str]:
    """Every case number in a text."""
    return re.findall(r"[A-Z]{2}-\d{3}-\d{6}-[0-9A-Z]", text)
