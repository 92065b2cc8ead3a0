"""The wheel: every file that serves and no other, and it runs without the repository."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COPIES: dict[str, str] = runpy.run_path(str(ROOT / "chassis/web/assets/build.py"))["COPIES"]


@pytest.fixture(name="wheel", scope="module")
def wheel_of_a_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy without anything that git does not know, but with the page assets."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git working copy: nobody says what must be in the wheel")
    copy = tmp_path_factory.mktemp("wheel")
    for file in [*known_to_git(), *built_assets()]:
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, copy / file)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--no-index", "."]
    subprocess.run(pip, cwd=copy, timeout=120, check=True)
    return next(copy.glob("lamppost-*.whl"))


def known_to_git() -> list[str]:
    """Every file of the repository, those that are about to be added too."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
    return sorted(file for file in listed.split("\0") if file and (ROOT / file).is_file())


def built_assets() -> list[str]:
    """What the asset build makes for the pages."""
    return [f"chassis/web/static/built/{name}" for name in ("lamppost.css", *COPIES.values())]


def test_the_wheel_has_every_file_that_serves_and_no_other(wheel: Path) -> None:
    serving = [file for file in known_to_git() if file.startswith(("chassis/", "services/"))]
    unneeded = re.compile(r"^chassis/web/assets/|^chassis/web/static/built/test/|\.md$|(^|/)\.gitignore$")
    must = {file for file in [*serving, *built_assets()] if not unneeded.search(file)}
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert {"missing": must - inside, "too much": inside - must} == {"missing": set(), "too much": set()}


def test_the_wheel_alone_migrates_and_finds_its_pages(wheel: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    zipfile.ZipFile(wheel).extractall(alone)
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(alone),
        "LAMPPOST_DATA": str(tmp_path / "var"),
        "LAMPPOST_TENANTS": str(ROOT / "deploy" / "tenants"),
    }
    lamppost = [sys.executable, "-m", "chassis.command"]
    where = [sys.executable, "-c", "import chassis, services; print(chassis.__file__, *services.__path__)"]
    said = [
        subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=True).stdout
        for command in (where, [*lamppost, "migrate"], [*lamppost, "doctor", "--json"])
    ]
    assert all(place.startswith(str(alone)) for place in said[0].split())
    assert [finding for finding in json.loads(said[2])["findings"] if finding["problem"]] == []
