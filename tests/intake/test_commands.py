"""The commands: what they print, what they refuse, and with which exit status."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from chassis.runtime import Runtime
from services.intake.commands import opening
from services.intake.commands.keys import key
from services.intake.commands.requests import import_
from services.intake.commands.users import user
from tests.intake.test_importing import line


@pytest.fixture
def ran(lite: Runtime, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    for module in ("keys", "requests", "users"):
        monkeypatch.setattr(f"services.intake.commands.{module}.open_intake", lambda: lite)
    return lite


def run(command: click.Command, *arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(command, arguments, input=stdin)


def add_lin(stdin: str = "a long enough password\n", *more: str) -> Result:
    return run(user, "add", "douliu", "lin.works", "--name", "林志明", "--role", "clerk", *more, stdin=stdin)


def test_import_reports_in_words(ran: Runtime, tmp_path: Path) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_text(line("UN1") + line("UN2", area="火星區") + line("UN3", area="火星區") + "{\n", encoding="utf-8")
    done = run(import_, "cases", str(file))
    assert done.exit_code == 0
    assert "not taken over, area: no office has 火星區 in its file: lines 2, 3" in done.output
    assert done.output.splitlines()[-1] == "requests.jsonl: 4 lines, 1 new cases, 0 known already, 3 not taken over"


def test_import_reports_for_programs(ran: Runtime, tmp_path: Path) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_bytes(line("UN1").encode() + b"\xff\n")
    done = json.loads(run(import_, "cases", str(file), "--tenant", "douliu", "--json").stdout)
    assert (done["lines"], done["opened"], done["known"], done["offices"]) == (2, 1, 0, {"douliu": 1})
    assert [(one["line"], one["field"]) for one in done["refused"]] == [(2, "line")]


def test_import_of_no_file_or_to_no_office_is_wrong_usage(ran: Runtime, tmp_path: Path) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_text(line(), encoding="utf-8")
    assert run(import_, "cases", str(tmp_path / "nothing.jsonl")).exit_code == 2
    refused = run(import_, "cases", str(file), "--tenant", "atlantis")
    assert (refused.exit_code, "TENANT must be one of" in refused.output) == (2, True)


def test_an_account_is_opened_listed_and_closed(ran: Runtime) -> None:
    assert add_lin().exit_code == 0
    assert json.loads(run(user, "list", "douliu", "--json").stdout)[0]["username"] == "lin.works"
    assert run(user, "disable", "douliu", "lin.works").exit_code == 0
    listed = run(user, "list").stdout
    assert "lin.works" in listed
    assert "closed" in listed
    assert json.loads(run(user, "list", "anping", "--json").stdout) == []


def test_a_password_is_never_an_argument_and_is_checked(ran: Runtime) -> None:
    refused = add_lin("short\n")
    assert isinstance(refused.exception, ValueError)
    assert add_lin().exit_code == 0
    assert run(user, "password", "douliu", "lin.works", stdin="another long one\n").exit_code == 0
    assert isinstance(run(user, "password", "douliu", "nobody", stdin="another long one\n").exception, ValueError)


def test_an_account_of_no_section_or_office_is_wrong_usage(ran: Runtime) -> None:
    assert add_lin("a long enough password\n", "--section", "moon").exit_code == 2
    assert run(user, "list", "atlantis").exit_code == 2


def test_a_key_is_printed_alone_and_once(ran: Runtime) -> None:
    made = run(key, "create", "douliu", "1999").stdout
    assert made.strip().startswith("lp_")
    assert made.count("\n") == 1
    assert made.strip() not in run(key, "list").stdout
    [row] = json.loads(run(key, "list", "douliu", "--json").stdout)
    assert (row["name"], row["revoked"]) == ("1999", None)
    assert run(key, "revoke", "douliu", "1999").exit_code == 0
    assert json.loads(run(key, "list", "--json").stdout)[0]["revoked"]
    assert run(key, "create", "atlantis", "1999").exit_code == 2


def test_demo_passwords_are_shown(ran: Runtime) -> None:
    add_lin("lamppost-demo\n")
    assert "password: lamppost-demo" in run(user, "list").stdout


def test_a_store_behind_the_code_is_named(monkeypatch: pytest.MonkeyPatch, lite: Runtime) -> None:
    monkeypatch.setattr(opening, "open_all", lambda manifests: {"intake": lite})
    monkeypatch.setattr(opening, "installed", lambda: {"intake": lite.manifest})
    monkeypatch.setattr(opening, "pending", lambda manifest, store: True)
    monkeypatch.setattr(type(lite.settings), "embedded", property(lambda settings: False))
    with pytest.raises(ValueError, match="lamppost migrate intake"):
        opening.open_intake()
