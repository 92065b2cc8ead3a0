"""Tenant files: the five are right, and whatever is wrong with one is said by name."""

from pathlib import Path

import pytest

from chassis import tenants
from chassis.tenants import Tenants
from tests.servers import ROOT

FILES = sorted((ROOT / "deploy" / "tenants").glob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_five_offices_are_right(file: Path) -> None:
    assert tenants.check(file) == []


def test_an_area_leads_to_its_office(offices: Tenants) -> None:
    anping = offices.of_area("安平區")
    assert anping is not None
    assert anping.code == "anping"
    assert offices.of_area("永康區") is None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('code = "douliu"', 'code = "elsewhere"', "code: elsewhere must be the name of the file"),
        ('prefix = "DL"', 'prefix = "dl"', "prefix"),
        ('colour = "#14304a"', 'colour = "#ffff00"', "contrast"),
        ('section = "', 'section = "x', "no section"),
        ("[quota]", "[quotas]", "quotas"),
        ('code = "douliu"', "code = ", "file"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = (ROOT / "deploy" / "tenants" / "douliu.toml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "douliu.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(problem in line for line in tenants.check(file)), tenants.check(file)


def test_two_offices_with_one_prefix_are_refused(tmp_path: Path) -> None:
    text = (ROOT / "deploy" / "tenants" / "douliu.toml").read_text(encoding="utf-8")
    for code in ("douliu", "north"):
        (tmp_path / f"{code}.toml").write_text(text.replace('"douliu"', f'"{code}"', 1), encoding="utf-8")
    with pytest.raises(ValueError, match="prefix"):
        tenants.load(tmp_path)
