"""`make` and the environment it makes: installed once, by hash, whatever the caller's shell is like."""

from __future__ import annotations

import importlib.util
import os
import re
import runpy
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
installing = SimpleNamespace(**runpy.run_path(str(ROOT / "deploy" / "install.py")))
port = SimpleNamespace(**runpy.run_path(str(ROOT / "deploy" / "port.py")))


@pytest.fixture(name="copy")
def working_copy(tmp_path: Path) -> Path:
    """A working copy with its locks and an environment whose Python only writes down what it is asked to do."""
    copy = tmp_path / "a copy"
    for name in ("deploy/install.py", "deploy/locks/run.txt", "deploy/locks/dev.txt", "pyproject.toml"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    pretend(copy)
    return copy


def pretend(copy: Path, failing: str = "nothing") -> None:
    """Put that Python in place; a call with the word `failing` fails."""
    python = copy / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    version = "{}.{}".format(*sys.version_info[:2])
    script = ["#!/bin/sh", f'[ "$1" = -c ] && echo {version} && exit', 'echo "$*" >> calls']
    script += [f'case "$*" in *{failing}*) exit 1;; esac']
    python.write_text("\n".join(script) + "\n", encoding="utf-8")
    python.chmod(0o755)


def install(copy: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Call `deploy/install.py`; what it said, and what the environment's Python was asked to do."""
    calls = copy / "calls"
    calls.unlink(missing_ok=True)
    command = [sys.executable, "deploy/install.py", *arguments]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=60, check=False)
    return done, calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []


def test_the_first_call_installs_by_hash_without_a_compiler_and_the_second_nothing(copy: Path) -> None:
    first, (locked, own, built) = install(copy, "run")
    assert first.returncode == 0
    assert "--require-hashes --only-binary :all: --requirement deploy/locks/run.txt" in locked
    assert "--no-deps --no-build-isolation --editable ." in own
    assert built == "chassis/web/assets/build.py"
    second, calls = install(copy, "run")
    assert (second.returncode, second.stdout, calls) == (0, "", [built])


def test_what_tests_need_is_enough_to_run_but_not_the_other_way_round(copy: Path) -> None:
    install(copy, "dev")
    assert len(install(copy, "run")[1]) == 1
    (copy / "deploy/locks/dev.txt").write_text("changed", encoding="utf-8")
    assert len(install(copy, "run")[1]) == 3
    assert len(install(copy, "dev")[1]) == 3


def test_what_was_cut_short_is_done_again_and_says_what_failed(copy: Path) -> None:
    install(copy, "run")
    project = copy / "pyproject.toml"
    before = project.read_text(encoding="utf-8")
    project.write_text("changed", encoding="utf-8")
    pretend(copy, failing="--editable")
    broken, _ = install(copy, "run")
    assert (broken.returncode, broken.stderr) == (1, "not installed: lamppost: see above\n")
    project.write_text(before, encoding="utf-8")
    pretend(copy)
    assert len(install(copy, "run")[1]) == 3, "half of the change may be there"


def test_an_environment_that_came_from_another_place_is_made_anew(copy: Path) -> None:
    install(copy, "run")
    moved = copy.rename(copy.parent / "moved")
    environment = installing.Environment(moved)
    assert environment.moved()
    assert not environment.has("run")
    installing.make(environment)
    assert environment.version() == installing.version_of_this()
    assert not environment.moved()


def test_an_environment_without_pip_or_python_is_none(tmp_path: Path) -> None:
    environment = installing.Environment(tmp_path)
    assert environment.version() is None
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], timeout=60, check=True)
    assert environment.version() is None
    environment.python.unlink()
    environment.python.symlink_to("/nonexistent/python")
    assert environment.version() is None


def test_a_missing_venv_module_is_named_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(installing.NotInstalledError, match=r"no venv module: apt-get install python3\.\d+-venv"):
        installing.make(installing.Environment(tmp_path))
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("python", ["", "/nonexistent/python3"])
def test_make_says_in_one_line_that_there_is_no_python(python: str) -> None:
    done = make(ROOT, "install", f"PYTHON={python}")
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("Python 3.11 or newer is needed: apt-get install")
    assert len(done.stderr.splitlines()) == 2, "ours, and make's own"


def test_make_refuses_an_old_python_by_name(tmp_path: Path) -> None:
    # As Python 3.10 would: the check that make hands over runs on a version_info of that one.
    old = tmp_path / "python3"
    pretended = "import sys; sys.version_info = (3, 10, 12); exec(sys.argv[1])"
    old.write_text(f"""#!/bin/sh\nexec '{sys.executable}' -c "{pretended}" "$2"\n""", encoding="utf-8")
    old.chmod(0o755)
    done = make(ROOT, "install", f"PYTHON={old}")
    assert done.stderr.splitlines()[0] == f"Python 3.11 or newer is needed, {old} is 3.10"


def test_make_is_not_led_astray_by_the_callers_python(copy: Path, tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", copy)
    foreign = tmp_path / "foreign" / "subprocess.py"
    foreign.parent.mkdir()
    foreign.write_text("raise SystemExit('a module of somebody else')", encoding="utf-8")
    astray = {"PYTHONPATH": str(foreign.parent), "PYTHONHOME": "/nonexistent", "VIRTUAL_ENV": "/nonexistent"}
    done = make(copy, "install", env={**astray, "HOME": "/nonexistent", "PIP_TARGET": str(tmp_path / "target")})
    assert (done.returncode, done.stderr) == (0, "")


def make(folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Call make as from a fresh shell."""
    clean = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **(env or {})}
    return subprocess.run(["make", *arguments], cwd=folder, env=clean, capture_output=True, text=True, timeout=60)


def test_tests_that_stop_servers_run_where_nothing_runs_beside_them() -> None:
    serial = re.search(r"^SERIAL := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert serial
    folders = [ROOT / folder for folder in serial[1].split()]
    stopping = [file for file in (ROOT / "tests").rglob("test_*.py") if "mark.faults" in file.read_text("utf-8")]
    assert stopping
    assert [file for file in stopping if not any(file.is_relative_to(folder) for folder in folders)] == []


def test_a_port_is_free_taken_or_no_port() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as Lamppost's own server does
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        assert f"port {number} is taken" in port.problem(str(number))
    assert port.problem(str(number)) is None
    assert all("between 1 and 65535" in port.problem(wrong) for wrong in ("0", "65536", "http", "-1", "８０００"))
