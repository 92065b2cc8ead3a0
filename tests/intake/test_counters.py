"""Case numbers: unique, without gaps, in the order of asking, one counter an office and year."""

import threading
from datetime import timedelta

import pytest

from chassis.runtime import Runtime
from chassis.store import Store, StoreDown
from services.intake.counters import MOVE, next_number, next_numbers
from services.intake.numbers import parse_number
from tests.intake.conftest import NOON


def test_numbers_count_up_from_one(intake: Runtime) -> None:
    office = intake.tenants["douliu"]
    numbers = [next_number(intake.store, office, NOON) for _ in range(3)]
    assert [parse_number(number).sequence for number in numbers] == [1, 2, 3]
    assert all(number.startswith("DL-115-") for number in numbers)


def test_each_office_and_year_counts_for_itself(intake: Runtime) -> None:
    next_number(intake.store, intake.tenants["douliu"], NOON)
    other_office = next_number(intake.store, intake.tenants["anping"], NOON)
    next_year = next_number(intake.store, intake.tenants["douliu"], NOON + timedelta(days=60))
    assert (other_office[:13], next_year[:13]) == ("AP-115-000001", "DL-116-000001")


def test_a_batch_takes_a_run(intake: Runtime) -> None:
    office = intake.tenants["douliu"]
    next_number(intake.store, office, NOON)
    run = next_numbers(intake.store, office, 104, 3)
    assert [number[7:13] for number in run] == ["000001", "000002", "000003"]


def test_many_at_once_get_different_numbers_without_gaps(intake: Runtime) -> None:
    office = intake.tenants["douliu"]
    taken: list[str] = []

    def take() -> None:
        taken.extend(next_number(intake.store, office, NOON) for _ in range(15))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(parse_number(number).sequence for number in taken) == list(range(1, 121))


def test_a_full_year_is_an_error_not_a_wrong_number(intake: Runtime) -> None:
    office = intake.tenants["douliu"]
    intake.store.at_once("douliu", MOVE, year=115, count=999_999)
    with pytest.raises(ValueError, match="sequence"):
        next_number(intake.store, office, NOON)


def test_a_store_that_is_away_says_so(intake: Runtime) -> None:
    gone = Store("postgresql://nobody:nothing@127.0.0.1:1/nowhere")
    with pytest.raises(StoreDown):
        next_number(gone, intake.tenants["douliu"], NOON)
