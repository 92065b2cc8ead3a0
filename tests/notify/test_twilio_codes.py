"""Every code has one reading; those we do not know have a safe one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.outcome import Later, Rejected, Unknown
from services.notify.twilio_codes import FAULTS, OPTED_OUT, UNLISTED, answered, fault

KINDS = {"permanent": Rejected, "configuration": Rejected, "later": Later, "unknown": Unknown}


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_the_outcome_follows_the_table(code: int) -> None:
    outcome = answered(400, code, "Unable to create record")
    assert type(outcome) is KINDS[FAULTS[code].consequence]
    if isinstance(outcome, Rejected):
        assert outcome == Rejected(str(code), FAULTS[code].reason, FAULTS[code].consequence)  # type: ignore[arg-type]


@given(st.integers(1000, 99999).filter(lambda code: code not in FAULTS))
def test_an_unknown_code_costs_one_attempt(code: int) -> None:
    outcome = answered(400, code, "something new about +886912345678")
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.kind) == (str(code), "permanent")
    assert "something new" in outcome.reason
    assert "886" not in outcome.reason
    assert fault(code) is UNLISTED


@given(st.integers(500, 599), st.none() | st.integers(0, 99999))
def test_a_server_error_leaves_it_open(status: int, code: int | None) -> None:
    assert isinstance(answered(status, code, ""), Unknown)


@given(st.none() | st.integers(0, 99999))
def test_429_is_always_safe_to_repeat(code: int | None) -> None:
    assert isinstance(answered(429, code, ""), Later)


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 407, 413])
def test_an_answer_without_a_twilio_code_is_our_configuration(status: int) -> None:
    assert answered(status, status, "Forbidden by gateway") == Rejected(
        f"HTTP {status}", "Forbidden by gateway", "configuration"
    )


def test_opting_out_is_a_permanent_code() -> None:
    assert FAULTS[int(OPTED_OUT)].consequence == "permanent"


def test_bounds_on_repeating_are_kept_where_the_source_gives_one() -> None:
    assert {code: fault(code).retries for code in (30003, 30008, 30036, 30500)} == {
        30003: 3,
        30008: 1,
        30036: 1,
        30500: 1,
    }
    assert fault(20429).retries is None
