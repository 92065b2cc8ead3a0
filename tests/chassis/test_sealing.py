"""Keys and sealed fields: for one audience of one tenant, and for nobody else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import keys
from chassis.sealing import Sealer, Unsealable

MASTERS = {"notify": b"n" * 32, "search": b"s" * 32}
SEALER = Sealer(MASTERS)


@given(st.text())
def test_what_was_sealed_opens_again(text: str) -> None:
    assert (
        SEALER.open(SEALER.seal(text, audience="notify", tenant="douliu"), audience="notify", tenant="douliu") == text
    )


@pytest.mark.parametrize(("audience", "tenant"), [("search", "douliu"), ("notify", "anping")])
def test_another_audience_or_tenant_opens_nothing(audience: str, tenant: str) -> None:
    sealed = SEALER.seal("0912000345", audience="notify", tenant="douliu")
    with pytest.raises(Unsealable):
        SEALER.open(sealed, audience=audience, tenant=tenant)


def test_without_the_key_nothing_is_sealed_or_opened() -> None:
    with pytest.raises(Unsealable, match=r"fields\.notify"):
        Sealer({}).seal("0912000345", audience="notify", tenant="douliu")


def test_a_changed_token_does_not_open() -> None:
    sealed = SEALER.seal("0912000345", audience="notify", tenant="douliu")
    with pytest.raises(Unsealable):
        SEALER.open(sealed[:-4] + "AAA=", audience="notify", tenant="douliu")


def test_a_sealed_field_shows_nothing() -> None:
    assert "0912" not in SEALER.seal("0912000345", audience="notify", tenant="douliu")


def test_a_keys_file_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    keys.make(file, ["notify"])
    assert file.stat().st_mode & 0o777 == 0o600
    assert set(keys.load(file).fields) == {"notify"}
    with pytest.raises(FileExistsError):
        keys.make(file, ["notify"])


@pytest.mark.parametrize("line", ["[forms]", "secret", "public"])
def test_what_is_missing_in_a_keys_file_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "keys.toml"
    keys.make(file, ["notify"])
    file.write_text(file.read_text().replace(line, line[:-1] + "x" + line[-1:], 1))
    with pytest.raises(ValueError, match="LAMPPOST_KEYS"):
        keys.load(file)


def test_a_key_of_the_wrong_length_is_named(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    keys.make(file, [])
    file.write_text(file.read_text() + 'notify = "YWJj"\n')
    with pytest.raises(ValueError, match=r"fields\.notify: 32 bytes expected, 3 given"):
        keys.load(file)
