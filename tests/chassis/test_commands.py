"""The `lamppost` command as a person or a program uses it: exit statuses, JSON, clear words instead of tracebacks."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chassis import clock
from chassis.commands import root
from chassis.manifest import installed
from chassis.store import DeadLetter, Store
from chassis.store.migrations import migrate
from tests.servers import ROOT

OFFICE = ROOT / "deploy" / "tenants" / "douliu.toml"


@pytest.fixture(autouse=True)
def laptop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("LAMPPOST_DATA", str(tmp_path))
    monkeypatch.setenv("LAMPPOST_TENANTS", str(OFFICE.parent))
    return tmp_path


def lamppost(*arguments: str) -> Result:
    return CliRunner().invoke(root, arguments)


def letter(folder: Path) -> None:
    manifest = installed()["notify"]
    store = Store(f"sqlite:///{folder}/notify.db")
    migrate(manifest, store)
    with store.everywhere() as session:
        session.add(
            DeadLetter(
                tenant="douliu",
                handler="on_case_opened",
                queue="evt-x",
                type="case_opened.v1",
                event_id="1",
                reason="RuntimeError: no",
                body="{}",
                attempts=6,
                died_at=clock.now(),
            )
        )
    store.close()


def test_migrate_tells_what_it_did_and_does_it_once() -> None:
    first, second = lamppost("migrate", "survey"), lamppost("migrate", "survey")
    assert "survey: empty → 0001" in first.output
    assert "survey: 0001 (nothing to do)" in second.output


@pytest.mark.parametrize(
    "arguments", [("migrate", "lamps"), ("serve", "lamps"), ("dead", "list", "lamps"), ("nonsense",)]
)
def test_wrong_usage_is_two(arguments: tuple[str, ...]) -> None:
    done = lamppost(*arguments)
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_a_right_tenant_file_is_zero_and_a_wrong_one_is_one(tmp_path: Path) -> None:
    assert lamppost("tenant", "check", str(OFFICE)).exit_code == 0
    wrong = tmp_path / "douliu.toml"
    wrong.write_text(OFFICE.read_text(encoding="utf-8").replace('prefix = "DL"', 'prefix = "dl"'), encoding="utf-8")
    done = lamppost("tenant", "check", str(wrong), "--json")
    assert done.exit_code == 1
    assert json.loads(done.output)["problems"][0].startswith("prefix")


def test_wrong_settings_are_all_named_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMPPOST_BUS", "kafka://x")
    monkeypatch.setenv("LAMPPOST_SMS", "pigeon:")
    done = lamppost("migrate")
    assert done.exit_code == 1
    assert "LAMPPOST_BUS" in done.output
    assert "LAMPPOST_SMS" in done.output
    assert "Traceback" not in done.output


def test_dead_letters_are_listed_shown_and_dropped(laptop: Path) -> None:
    letter(laptop)
    (row,) = json.loads(lamppost("dead", "list", "notify", "--json").output)
    assert (row["service"], row["reason"]) == ("notify", "RuntimeError: no")
    assert json.loads(lamppost("dead", "show", "notify", str(row["number"])).output)["body"] == "{}"
    assert lamppost("dead", "drop", "notify", str(row["number"])).exit_code == 0
    gone = lamppost("dead", "show", "notify", str(row["number"]))
    assert (gone.exit_code, "no dead letter" in gone.output) == (1, True)


def test_doctor_names_every_setting_and_what_is_not_right() -> None:
    done = lamppost("doctor", "--json")
    told = json.loads(done.output)
    assert done.exit_code == 1
    assert {setting["name"] for setting in told["settings"]} >= {"LAMPPOST_BUS", "LAMPPOST_INTAKE_STORE"}
    wrong = {finding["what"]: finding["problem"] for finding in told["findings"] if finding["problem"]}
    assert "lamppost migrate intake" in wrong["intake: migrated"]


def test_doctor_is_content_with_a_migrated_laptop() -> None:
    lamppost("migrate")
    done = lamppost("doctor")
    assert done.exit_code == 0, done.output


def test_doctor_shows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMPPOST_INTAKE_STORE", "postgresql://intake:hunter2@127.0.0.1:1/x")
    assert "hunter2" not in lamppost("doctor").output


def test_events_and_addresses_are_printed() -> None:
    assert lamppost("events").output == (ROOT / "EVENTS.md").read_text(encoding="utf-8")
    assert "proxy_pass http://gis;" in lamppost("addresses").output
