"""A case opens to its number and code, to nobody else, and not to patience."""

from datetime import timedelta

import pytest

from chassis.runtime import Runtime
from services.intake.applicants import LOCK, MOST_TRIES, Entry, case_for_applicant, read_number
from services.intake.numbers import NumberError
from tests.intake.conftest import NOON, Open

WRONG = "222222"


def knock(intake: Runtime, number: str, code: str, tenant: str = "douliu", after: timedelta = timedelta()) -> Entry:
    with intake.store.session(tenant) as session:
        return case_for_applicant(session, number, code, intake.keys.pepper, NOON + after)


def test_number_and_code_open_the_case(intake: Runtime, open_case: Open) -> None:
    opened = open_case()
    entry = knock(intake, opened.case.number, opened.code.lower())
    assert entry.case is not None
    assert entry.case.number == opened.case.number


def test_wrong_code_and_unknown_number_get_the_same_answer(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    unknown = "DL-115-000099-3"
    assert knock(intake, number, WRONG) == knock(intake, unknown, WRONG) == Entry()


@pytest.mark.parametrize("code", ["", "x" * 500, "00000O", "\u200b"])
def test_what_is_no_code_is_only_wrong(intake: Runtime, open_case: Open, code: str) -> None:
    assert knock(intake, open_case().case.number, code) == Entry()


def test_ten_wrong_codes_lock_it_even_for_the_right_one(intake: Runtime, open_case: Open) -> None:
    opened = open_case()
    entries = [knock(intake, opened.case.number, WRONG) for _ in range(MOST_TRIES)]
    assert entries[-2] == Entry()
    assert entries[-1] == Entry(locked_until=NOON + LOCK)
    assert knock(intake, opened.case.number, opened.code) == Entry(locked_until=NOON + LOCK)
    assert knock(intake, opened.case.number, opened.code, after=LOCK).case is not None


def test_the_right_code_forgets_the_wrong_ones(intake: Runtime, open_case: Open) -> None:
    opened = open_case()
    for _ in range(3):
        for _ in range(MOST_TRIES - 1):
            knock(intake, opened.case.number, WRONG)
        assert knock(intake, opened.case.number, opened.code).case is not None


def test_the_neighbours_case_does_not_open(intake: Runtime, open_case: Open) -> None:
    opened = open_case("anping")
    assert knock(intake, opened.case.number, opened.code, "douliu") == Entry()


def test_a_typed_number_is_read_kindly(intake: Runtime, open_case: Open) -> None:
    number, office = open_case().case.number, intake.tenants["douliu"]
    assert read_number(office, number.lower().replace("-", " ")) == number
    with pytest.raises(NumberError):
        read_number(intake.tenants["anping"], number)
