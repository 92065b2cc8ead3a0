"""`lamppost import assets`: what it prints and how it ends."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chassis.runtime import Runtime
from services.gis import assets
from services.gis.assets import Selection
from services.gis.commands import COMMANDS
from tests.gis.test_asset_import import FILE
from tests.servers import ROOT

(IMPORT,) = COMMANDS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "lamps.csv"
    written.write_text(FILE, encoding="cp950")
    return written


@pytest.fixture(autouse=True)
def environment(laptop: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMPPOST_DATA", str(laptop.settings.data))
    monkeypatch.setenv("LAMPPOST_KEYS", str(laptop.settings.keys))
    monkeypatch.setenv("LAMPPOST_TENANTS", str(ROOT / "deploy" / "tenants"))
    monkeypatch.delenv("LAMPPOST_GIS_STORE", raising=False)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(IMPORT, ["assets", *map(str, arguments)])


def test_it_tells_what_became_of_every_row(laptop: Runtime, file: Path) -> None:
    result = run(file, "--tenant", "douliu", "--kind", "lamp")
    assert result.exit_code == 0
    assert result.stdout == "7 rows (cp950): 2 added, 0 changed, 1 the same, 4 refused, 1 with their axes put right\n"
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == ["line 4", "line 5", "line 7", "line 8"]
    with laptop.store.session("douliu") as session:
        assert assets.count(session, Selection("lamp")) == 2


def test_it_tells_programs_in_json(file: Path) -> None:
    result = run(file, "--tenant", "douliu", "--kind", "lamp", "--json")
    report = json.loads(result.stdout)
    assert result.stderr == ""
    assert {name: report[name] for name in ("encoding", "rows", "added", "changed", "same", "swapped")} == {
        "encoding": "cp950",
        "rows": 7,
        "added": 2,
        "changed": 0,
        "same": 1,
        "swapped": 1,
    }
    assert report["refused"][1] == {"line": 5, "reason": "路燈編碼: is blank"}


def test_a_file_of_which_nothing_can_be_imported_is_not_done(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("number,lon,lat\n1,0,0\n")
    assert run(bad, "--tenant", "douliu", "--kind", "lamp").exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--tenant", "atlantis", "--kind", "lamp"),
        ("--tenant", "douliu", "--kind", "tree"),
        ("--kind", "lamp"),
        ("--tenant", "douliu"),
    ],
)
def test_wrong_usage_is_status_2(file: Path, arguments: tuple[str, ...]) -> None:
    result = run(file, *arguments)
    assert result.exit_code == 2
    assert "Error" in result.stderr


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    assert run(tmp_path / "none.csv", "--tenant", "douliu", "--kind", "lamp").exit_code == 2


def test_a_store_behind_the_code_is_said(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMPPOST_GIS_STORE", f"sqlite:///{tmp_path}/empty.db")
    result = run(file, "--tenant", "douliu", "--kind", "lamp")
    assert isinstance(result.exception, ValueError)
    assert "lamppost migrate gis" in str(result.exception)
