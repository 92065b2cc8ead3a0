"""API keys: seen once, one office's, worthless once revoked."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.runtime import Runtime
from services.intake import apikeys
from services.intake.apikeys import Doorkeeper, NoSuchKey
from services.intake.model import ApiKey
from tests.intake.conftest import NOON


def create(intake: Runtime, name: str = "1999", tenant: str = "douliu") -> str:
    with intake.store.session(tenant) as session:
        return apikeys.create(session, intake.keys.pepper, name, NOON)


def test_a_key_opens_its_office_only(intake: Runtime) -> None:
    key, keeper = create(intake), Doorkeeper(intake)
    assert keeper.name_of("douliu", key, NOON) == "1999"
    assert keeper.name_of("anping", key, NOON) is None


@pytest.mark.parametrize("key", ["", "lp_", "lp_" + "x" * 500, "字"])
def test_what_is_no_key_opens_nothing(intake: Runtime, key: str) -> None:
    create(intake)
    assert Doorkeeper(intake).name_of("douliu", key, NOON) is None


def test_the_key_itself_is_not_kept(intake: Runtime) -> None:
    key = create(intake)
    with intake.store.session("douliu") as session:
        row = session.scalars(select(ApiKey)).one()
    assert key not in str(vars(row))


def test_a_revoked_key_stops_within_two_seconds(intake: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    key, keeper = create(intake), Doorkeeper(intake)
    assert keeper.name_of("douliu", key, NOON)
    with intake.store.session("douliu") as session:
        apikeys.revoke(session, "1999", NOON)
    later = time.monotonic() + apikeys.TRUST_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert keeper.name_of("douliu", key, NOON) is None


def test_last_use_is_noted_at_most_hourly(intake: Runtime) -> None:
    key = create(intake)
    for minutes in (0, 30, 90):
        Doorkeeper(intake).name_of("douliu", key, NOON + timedelta(minutes=minutes))
        if minutes == 30:
            with intake.store.session("douliu") as session:
                assert session.scalars(select(ApiKey.last_used_at)).one() == NOON
    with intake.store.session("douliu") as session:
        assert session.scalars(select(ApiKey.last_used_at)).one() == NOON + timedelta(minutes=90)


def test_names_are_taken_once_and_must_exist(lite: Runtime) -> None:
    create(lite)
    with pytest.raises(ValueError, match="name"):
        create(lite)
    with pytest.raises(ValueError, match="name"):
        create(lite, " ")
    with pytest.raises(NoSuchKey), lite.store.session("anping") as session:
        apikeys.revoke(session, "1999", NOON)
