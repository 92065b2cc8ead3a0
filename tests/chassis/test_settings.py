"""Settings: defaults of a laptop, all errors at once, and where each came from."""

from pathlib import Path

import pytest

from chassis.settings import SettingsError, load


@pytest.fixture
def laptop(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "tenants").mkdir()
    return {"LAMPPOST_TENANTS": str(tmp_path / "tenants"), "LAMPPOST_DATA": str(tmp_path / "var")}


def test_a_laptop_needs_nothing(laptop: dict[str, str], tmp_path: Path) -> None:
    settings = load(["intake"], laptop)
    assert settings.embedded
    assert settings.store("intake") == f"sqlite:///{tmp_path}/var/intake.db"
    assert (settings.sms, settings.mail, settings.bus) == ("console:", "console:", "memory://localhost/")


def test_every_error_is_said_at_once_by_name(laptop: dict[str, str]) -> None:
    wrong = {
        "LAMPPOST_TENANTS": "/nowhere",
        "LAMPPOST_BUS": "kafka://x",
        "LAMPPOST_SMS": "pigeon:",
        "LAMPPOST_INTAKE_STORE": "mysql://x",
    }
    with pytest.raises(SettingsError) as caught:
        load(["intake"], {**laptop, **wrong})
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        "LAMPPOST_TENANTS",
        "LAMPPOST_BUS",
        "LAMPPOST_SMS",
        "LAMPPOST_INTAKE_STORE",
        "LAMPPOST_KEYS",
    ]


def test_the_environment_wins_over_the_file_and_both_are_named(laptop: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "lamppost.toml"
    file.write_text('LAMPPOST_SMS = "twilio://A:B@x"\nLAMPPOST_MAIL = "smtp://x"\n', encoding="utf-8")
    settings = load([], {**laptop, "LAMPPOST_CONFIG": str(file), "LAMPPOST_SMS": "console:"})
    origins = {setting.name: setting.origin for setting in settings.every}
    assert (settings.sms, settings.mail) == ("console:", "smtp://x")
    assert origins["LAMPPOST_SMS"] == "environment"
    assert origins["LAMPPOST_MAIL"] == str(file)
    assert origins["LAMPPOST_BUS"] == "default"


def test_a_broken_file_is_named(laptop: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "lamppost.toml"
    file.write_text("= =", encoding="utf-8")
    with pytest.raises(SettingsError, match="LAMPPOST_CONFIG"):
        load([], {**laptop, "LAMPPOST_CONFIG": str(file)})


def test_real_servers_need_a_keys_file(laptop: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="LAMPPOST_KEYS"):
        load([], {**laptop, "LAMPPOST_BUS": "amqp://x"})
