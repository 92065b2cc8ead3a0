"""Receipts in any order end in the same state."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.receipts import FINAL, RANK, Receipt, Status, receipt, status_of, supersedes

STATUSES = st.sampled_from(get_args(Status))
PARAMS = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+886912345678", "RawDlrDoneDate": "2611210930"}


def state_after(statuses: list[Status]) -> Status:
    return reduce(lambda old, new: new if supersedes(new, old) else old, statuses)


@given(st.lists(STATUSES, min_size=1), st.randoms())
def test_order_and_copies_do_not_matter(statuses: list[Status], random: Random) -> None:
    shuffled = statuses * 2
    random.shuffle(shuffled)
    assert state_after(shuffled) == state_after(statuses)


@given(STATUSES, STATUSES)
def test_a_state_is_never_left_downwards(new: Status, old: Status) -> None:
    assert supersedes(new, old) == (RANK[new] > RANK[old])
    assert not (supersedes(new, old) and supersedes(old, new))


def test_the_usual_life() -> None:
    life: list[Status] = ["accepted", "queued", "sending", "sent", "undelivered", "delivered"]
    assert all(supersedes(later, earlier) for earlier, later in pairwise(life))


def test_nothing_that_is_under_way_undoes_an_end() -> None:
    under_way = set(get_args(Status)) - FINAL
    assert not any(supersedes(new, old) for new in under_way for old in FINAL)


def test_every_status_has_its_own_rank() -> None:
    assert set(RANK) == set(get_args(Status))
    assert len(set(RANK.values())) == len(RANK)


def test_a_callback_is_read() -> None:
    assert receipt(PARAMS) == Receipt("SM1", "delivered", None)


def test_the_error_code_of_a_failure_is_kept_as_text() -> None:
    failed = PARAMS | {"MessageStatus": "undelivered", "ErrorCode": "30003", "Unheard": "of"}
    assert receipt(failed) == Receipt("SM1", "undelivered", "30003")


def test_an_empty_error_code_is_none() -> None:
    assert receipt(PARAMS | {"ErrorCode": ""}).code is None


@pytest.mark.parametrize("name", ["MessageSid", "MessageStatus"])
def test_a_missing_parameter_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is missing"):
        receipt({key: value for key, value in PARAMS.items() if key != name})


@pytest.mark.parametrize("word", ["read", "received", "scheduled", "partially_delivered", "DELIVERED", ""])
def test_a_word_about_something_else_is_other(word: str) -> None:
    assert status_of(word) == "other"
