"""The locks: every package by hash, from no address, and all of what is declared."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [*sorted((ROOT / "deploy" / "locks").glob("*.txt")), ROOT / "chassis/web/assets/node-requirements.txt"]
PIN = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)(?: ; ([^\\]+?))?(?: \\)?$")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(lock: Path) -> dict[tuple[str, str | None], str]:
    """(package, marker) → version."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    found = [PIN.match(line) for line in lines if not line.startswith(" ")]
    assert all(found), f"not a pin in {lock.name}: {[line for line in lines if not line.startswith(' ')]}"
    return {(pin[1], pin[3]): pin[2] for pin in found if pin}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_hashes_for_every_pin_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) == len(pins(lock)) > 0
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash)", text, re.MULTILINE), "an option of pip"


def test_what_runs_is_what_is_tested() -> None:
    run, dev = pins(ROOT / "deploy/locks/run.txt"), pins(ROOT / "deploy/locks/dev.txt")
    assert run.items() <= dev.items()


@pytest.mark.parametrize(("lock", "extra"), [("run", "all"), ("dev", "dev")])
def test_a_lock_has_everything_that_is_declared(lock: str, extra: str) -> None:
    locked = {name for name, _ in pins(ROOT / f"deploy/locks/{lock}.txt")}
    assert set(declared(PROJECT["project"]["dependencies"] + [f"lamppost[{extra}]"])) <= locked, "run `make lock`"


def declared(requirements: list[str]) -> Iterator[str]:
    """The names of these requirements, and of the extras of our own that they name."""
    extras = PROJECT["project"]["optional-dependencies"]
    for requirement in requirements:
        name, _, more = re.split(r"[<>=]", requirement)[0].partition("[")
        if name == "lamppost":
            for extra in more.rstrip("]").split(","):
                yield from declared(extras[extra])
        else:
            yield name


def test_npm_packages_are_locked_by_hash_and_come_from_no_address() -> None:
    lock = json.loads((ROOT / "chassis/web/assets/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not [name for name, entry in packages.items() if "resolved" in entry]
