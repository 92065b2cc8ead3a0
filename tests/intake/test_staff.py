"""Accounts: argon2 hashes, one answer for every wrong sign-in, a lock against guessing."""

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from chassis.runtime import Runtime
from chassis.store import EVERYWHERE
from services.intake import staff
from services.intake.staff import LOCK, MOST_TRIES, SignIn
from tests.intake.conftest import NOON

GOOD = "correct horse battery"


def add(intake: Runtime, username: str = "lin.works", tenant: str = "douliu", **more: object) -> None:
    usual: dict[str, object] = {"name": "林志明", "password": GOOD, "roles": ["clerk"], "section": "works", "now": NOON}
    with intake.store.session(tenant) as session:
        staff.add(session, username, **{**usual, **more})  # type: ignore[arg-type]


def sign_in(
    intake: Runtime, password: str = GOOD, username: str = "lin.works", tenant: str = "douliu",
    after: timedelta = timedelta(),
) -> SignIn:  # fmt: skip
    return staff.sign_in(intake.store, tenant, username, password, NOON + after)


def test_the_right_password_signs_in(intake: Runtime) -> None:
    add(intake)
    member = sign_in(intake).member
    assert member is not None
    assert (member.username, member.roles, member.section) == ("lin.works", ["clerk"], "works")
    assert member.password.startswith("$argon2id$")


def test_wrong_name_and_wrong_password_look_alike(intake: Runtime) -> None:
    add(intake)
    assert sign_in(intake, "wrong") == sign_in(intake, username="nobody") == SignIn()


def test_the_neighbours_account_does_not_sign_in(intake: Runtime) -> None:
    add(intake)
    assert sign_in(intake, tenant="anping") == SignIn()


def test_two_offices_may_have_the_same_name(intake: Runtime) -> None:
    add(intake)
    add(intake, tenant="anping", name="安平的林", section="civil")
    member = sign_in(intake, tenant="anping").member
    assert member is not None
    assert member.name == "安平的林"


def test_city_it_signs_in_at_any_office(intake: Runtime) -> None:
    add(intake, "city.it", EVERYWHERE, roles=["city_it"], section=None)
    member = sign_in(intake, username="city.it", tenant="anping").member
    assert member is not None
    assert member.tenant == EVERYWHERE


def test_five_wrong_passwords_lock_for_five_minutes(intake: Runtime) -> None:
    add(intake)
    tries = [sign_in(intake, "wrong") for _ in range(MOST_TRIES)]
    assert tries[-2] == SignIn()
    assert tries[-1].locked_until == NOON + LOCK
    assert sign_in(intake).member is None
    assert sign_in(intake, after=LOCK).member is not None


def test_the_fifth_try_may_still_be_the_right_one(intake: Runtime) -> None:
    add(intake)
    for _ in range(MOST_TRIES - 1):
        sign_in(intake, "wrong")
    assert sign_in(intake).member is not None
    assert sign_in(intake, "wrong") == SignIn()


def test_many_guesses_at_once_gain_nothing(intake: Runtime) -> None:
    add(intake)
    answers: list[SignIn] = []
    threads = [threading.Thread(target=lambda: answers.append(sign_in(intake, "wrong"))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(answer.locked_until is None for answer in answers) == MOST_TRIES - 1


def test_a_closed_account_does_not_sign_in(intake: Runtime) -> None:
    add(intake)
    with intake.store.session("douliu") as session:
        staff.disable(session, "lin.works")
    assert sign_in(intake) == SignIn()


def test_a_new_password_replaces_the_old_and_opens_the_lock(intake: Runtime) -> None:
    add(intake)
    for _ in range(MOST_TRIES):
        sign_in(intake, "wrong")
    with intake.store.session("douliu") as session:
        staff.set_password(session, "lin.works", "another long one")
    assert sign_in(intake) == SignIn()
    assert sign_in(intake, "another long one").member is not None


def test_an_old_hash_is_made_anew_at_sign_in(intake: Runtime) -> None:
    add(intake)
    with intake.store.session("douliu") as session:
        member = staff.active_member(session, "lin.works")
        assert member is not None
        member.password = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)
    assert sign_in(intake).member is not None
    with intake.store.session("douliu") as session:
        member = staff.active_member(session, "lin.works")
        assert member is not None
        assert not staff.HASHER.check_needs_rehash(member.password)
    assert sign_in(intake).member is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "Lin Works"}, "username"),
        ({"username": "a" * 61}, "username"),
        ({"name": ""}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"roles": []}, "roles"),
        ({"roles": ["king"]}, "roles"),
        ({"roles": ["city_it"]}, "roles"),
        ({"tenant": EVERYWHERE}, "roles"),
    ],
)
def test_a_wrong_account_is_refused_by_field(lite: Runtime, changes: dict[str, object], field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field}: "):
        add(lite, **changes)  # type: ignore[arg-type]


def test_a_username_is_taken_once(lite: Runtime) -> None:
    add(lite)
    with pytest.raises(ValueError, match="username"):
        add(lite)


def test_who_may_be_given_a_case(intake: Runtime) -> None:
    add(intake)
    add(intake, "head", roles=["head"], section=None)
    add(intake, "tsai.cleaning", section="cleaning")
    add(intake, "ap.civil", "anping", section="civil")
    with intake.store.session("douliu") as session:
        everybody = [member.username for member in staff.handlers(session)]
        works = [member.username for member in staff.handlers(session, "works")]
    assert everybody == ["tsai.cleaning", "lin.works"]
    assert works == ["lin.works"]
