"""The stand-in Twilio in a process of its own, seen from a test."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.fakes.twilio import SID, TOKEN, setting

ROOT = Path(__file__).resolve().parents[2]


class RemoteTwilio:
    """The methods of `FakeTwilio` over HTTP, for a stand-in that listens at `url`."""

    def __init__(self, url: str, sid: str = SID, token: str = TOKEN) -> None:
        self.url, self.setting = url, setting(url, sid, token)
        self._http = requests.Session()
        self._http.trust_env = False

    def script(self, **rule: Any) -> None:
        """Add a rule; ValueError says what is wrong with it."""
        answer = self._http.post(f"{self.url}/_admin/script", json=rule, timeout=10)
        if answer.status_code != 200:
            raise ValueError(answer.json()["error"])

    def accepted(self) -> list[dict[str, Any]]:
        """All accepted messages, oldest first."""
        return list(self._view("accepted"))

    def count(self) -> int:
        """How many messages were accepted."""
        return int(self._view("count"))

    def requests(self) -> list[dict[str, Any]]:
        """All attempts to create a message."""
        return list(self._view("requests"))

    def callbacks(self) -> list[dict[str, Any]]:
        """All deliveries of callbacks attempted."""
        return list(self._view("callbacks"))

    def drain(self, timeout: float = 10.0) -> bool:
        """Wait for the callbacks still to come."""
        until = time.monotonic() + timeout
        while self._view("pending"):
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def reset(self) -> None:
        """Forget everything."""
        self._http.post(f"{self.url}/_admin/reset", timeout=10).raise_for_status()

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def _view(self, name: str) -> Any:
        answer = self._http.get(f"{self.url}/_admin/{name}", timeout=30)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def twilio_process(state: Path | None = None, port: int = 0) -> Iterator[RemoteTwilio]:
    """A stand-in in its own process, stopped at the end."""
    command = [sys.executable, "-m", "tests.fakes.twilio", "--port", str(port)]
    command += ["--state", str(state)] if state else []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            with closing(RemoteTwilio(json.loads(process.stdout.readline())["url"])) as remote:
                yield remote
        finally:
            process.terminate()
            process.wait(10)
