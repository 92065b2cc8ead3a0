"""`.ci/run`: the tests' status, servers of its own, nothing left behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(name="clone")
def clone_with_pretended_tests(tmp_path: Path) -> Path:
    """`.ci/run` beside a `make test` and a `deploy/dev/down` of ours, that write down how they were called."""
    clone = tmp_path / "clone"
    for folder in (".ci", "deploy/dev"):
        (clone / folder).mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", clone / ".ci" / "run")
    recipe = "test:\n\t@env | grep -E '^(CI|LAMPPOST_)' > seen; echo '3 passed, 1 skipped in 0.12s'; $(TESTS)\n"
    (clone / "Makefile").write_text(recipe, encoding="utf-8")
    down = "import os, shutil, sys\nopen('down', 'a').write(' '.join(sys.argv[1:]) + os.environ['LAMPPOST_DEV_DIR'])\n"
    (clone / "deploy/dev/down").write_text(down, encoding="utf-8")
    return clone


def ci(clone: Path, tests: str, *prefix: str) -> subprocess.Popen[str]:
    """Start `.ci/run` in the clone with these shell commands as its tests."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    env = {**outer, "LAMPPOST_TEST_AMQP": "amqp://of-a-developer", "LAMPPOST_DEV_DIR": "/nonexistent"}
    command = [*prefix, str(clone / ".ci" / "run"), f"TESTS={tests}"]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.mark.parametrize(("tests", "status"), [("true", 0), ("exit 7", 2)])
def test_ci_ends_with_the_tests_status_and_takes_its_own_servers_down(clone: Path, tests: str, status: int) -> None:
    run = ci(clone, tests)
    said, _ = run.communicate(timeout=60)
    seen = dict(line.split("=", 1) for line in (clone / "seen").read_text("utf-8").splitlines())
    assert run.returncode == status
    assert seen.keys() == {"CI", "LAMPPOST_DEV_DIR"}
    assert seen["CI"] == "true"
    assert seen["LAMPPOST_DEV_DIR"].startswith(f"{clone}/")
    assert (clone / "down").read_text("utf-8") == f"--all{seen['LAMPPOST_DEV_DIR']}"
    assert not Path(seen["LAMPPOST_DEV_DIR"]).exists()
    assert re.search(rf"\n3 passed, 1 skipped in 0.12s\n\.ci/run: exit status {status} after \d+ s\n$", said)


@pytest.mark.parametrize(
    ("how", "prefix"),
    [(signal.SIGINT, []), (signal.SIGTERM, []), (signal.SIGTERM, ["env", "--ignore-signal=INT"])],
    ids=["interrupt", "terminate", "terminate-in-the-background"],
)
def test_ci_that_is_stopped_lets_its_tests_tidy_up_and_takes_its_servers_down(
    clone: Path, how: signal.Signals, prefix: list[str]
) -> None:
    tidy = clone / "tidy"
    tests = f"trap 'sleep 0.3; touch {tidy}; exit 1' INT; touch started; while :; do sleep 0.1; done"
    run = ci(clone, tests, *prefix)
    deadline = time.monotonic() + 30
    while not (clone / "started").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(how)
    run.communicate(timeout=60)
    assert run.returncode == 128 + how
    assert tidy.exists(), "the tests were not given the time to tidy up"
    assert (clone / "down").exists()
