"""The life of a case: the journey by hand, the table's laws over random walks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.lifecycle import (
    ACTIONS,
    LONGEST_TEXT,
    MOST_ITEMS,
    REASONS,
    STATES,
    TRANSITIONS,
    Action,
    NotAllowed,
    Role,
    State,
    allowed_actions,
    apply,
    clock_change,
    faults,
)

GOOD: dict[Action, dict[str, object]] = {
    Action.ASSIGN: {"handler": "clerk-312"},
    Action.RETURN: {"missing": ["照片"]},
    Action.SUPPLEMENT: {"answer": "補上了"},
    Action.RESOLVE: {"reply": "已修復"},
    Action.REWORK: {"reason": "回覆不完整"},
    Action.CLOSE: {"reply": "已修復"},
    Action.REOPEN: {"reason": "又不亮了"},
    Action.CANCEL: {"reason": "重複"},
}
ROLES = st.frozensets(st.sampled_from(Role))
STEPS = st.lists(st.tuples(st.sampled_from(Action), ROLES, st.booleans()), max_size=40)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def refusal(state: Any, action: Any, roles: Any, inputs: Any = None) -> tuple[str, str]:
    with pytest.raises(NotAllowed) as error:
        apply(state, action, roles, inputs)
    return error.value.field, error.value.reason


def test_a_case_is_taken_returned_supplied_and_closed() -> None:
    state = apply(State.RECEIVED, Action.TAKE, {"clerk"})
    assert state is State.IN_PROGRESS
    state = apply(state, "return", {"clerk"}, {"missing": ["一張照片"], "note": "夜間拍攝"})
    assert state is State.RETURNED
    assert not STATES[state].clock_runs
    state = apply(state, "supplement", {"applicant"}, {"attachments": ["photo.jpg"]})
    assert state is State.IN_PROGRESS
    assert apply(state, "close", {"clerk"}, {"reply": "已更換燈泡。"}) is State.CLOSED


def test_a_superior_signs_or_sends_back_what_was_submitted_for_closing() -> None:
    state = apply(State.IN_PROGRESS, Action.RESOLVE, {"clerk"}, {"reply": "已修復"})
    assert state is State.RESOLVED
    assert refusal(state, Action.REWORK, {"clerk"}, {"reason": "不完整"}) == ("role", "role")
    assert apply(state, Action.REWORK, {"chief"}, {"reason": "不完整"}) is State.IN_PROGRESS
    assert apply(state, Action.CLOSE, {"chief"}, {"reply": "已修復"}) is State.CLOSED


def test_handing_over_keeps_a_waiting_case_waiting() -> None:
    assert apply(State.RETURNED, Action.ASSIGN, {"chief"}, {"handler": "clerk-318"}) is State.RETURNED


def test_the_names_of_states_are_the_ones_stored_and_sent() -> None:
    assert list(State) == [
        "received",
        "in_progress",
        "returned",
        "resolved",
        "closed",
        "withdrawn",
        "cancelled",
    ]


@pytest.mark.parametrize(
    ("state", "action", "roles", "inputs", "expected"),
    [
        ("lost", "take", {"clerk"}, None, ("state", "unknown")),
        ("received", "burn", {"clerk"}, None, ("action", "unknown")),
        ("received", "close", {"clerk"}, {"reply": "好"}, ("action", "state")),
        ("closed", "close", {"head"}, {"reply": "好"}, ("action", "state")),
        ("received", "take", set(), None, ("role", "role")),
        ("received", "take", {"applicant", "city_it"}, None, ("role", "role")),
        ("in_progress", "close", {"applicant"}, {"reply": "好"}, ("role", "role")),
        ("in_progress", "return", {"clerk"}, None, ("missing", "missing")),
        ("in_progress", "return", {"clerk"}, {"missing": []}, ("missing", "missing")),
        ("in_progress", "return", {"clerk"}, {"missing": ["照片", " "]}, ("missing", "missing")),
        ("in_progress", "return", {"clerk"}, {"missing": "照片"}, ("missing", "wrong_type")),
        ("in_progress", "return", {"clerk"}, {"missing": ["照片", 2]}, ("missing", "wrong_type")),
        ("in_progress", "return", {"clerk"}, {"missing": ["x"] * (MOST_ITEMS + 1)}, ("missing", "too_long")),
        ("in_progress", "close", {"clerk"}, {"reply": "　\n"}, ("reply", "missing")),
        ("in_progress", "close", {"clerk"}, {"reply": "x" * (LONGEST_TEXT + 1)}, ("reply", "too_long")),
        ("in_progress", "close", {"clerk"}, {"reply": "a\x00b"}, ("reply", "characters")),
        ("in_progress", "close", {"clerk"}, {"reply": "a\ud800b"}, ("reply", "characters")),
        ("in_progress", "close", {"clerk"}, {"reply": "好", "mood": "good"}, ("mood", "unknown")),
        ("returned", "supplement", {"applicant"}, {}, ("answer", "missing")),
        ("returned", "supplement", {"applicant"}, {"answer": "", "attachments": []}, ("answer", "missing")),
        ("closed", "reopen", {"chief"}, {}, ("reason", "missing")),
    ],
)
def test_what_may_not_be_done_is_refused_by_field_and_reason(
    state: str, action: str, roles: set[str], inputs: dict[str, object] | None, expected: tuple[str, str]
) -> None:
    assert refusal(state, action, roles, inputs) == expected


def test_all_faults_of_a_form_are_found_at_once() -> None:
    found = list(faults(Action.RETURN, {"missing": [], "note": 7, "mood": "x"}))
    assert found == [("mood", "unknown"), ("missing", "missing"), ("note", "wrong_type")]


def test_the_table_is_whole() -> None:
    assert set(TRANSITIONS) == set(STATES) == set(State)
    assert set(ACTIONS) == set(Action)
    assert {action for row in TRANSITIONS.values() for action in row} == set(Action)
    assert {after for row in TRANSITIONS.values() for after in row.values()} == set(State) - {State.RECEIVED}
    assert all(rule.roles for rule in ACTIONS.values())


def test_everything_shown_is_named_in_both_languages() -> None:
    labels = [rule.label for rule in STATES.values()] + [rule.label for rule in ACTIONS.values()]
    assert all(label.zh and label.en for label in [*labels, *REASONS.values()])
    assert [STATES[State(name)].label.zh for name in ("received", "in_progress", "returned", "closed")] == [
        "新進",
        "處理中",
        "待補件",
        "結案",
    ]


def test_every_open_state_leads_to_an_end_and_every_closed_one_is_an_end_but_for_reopening() -> None:
    for state, row in TRANSITIONS.items():
        if STATES[state].is_open:
            assert {State.WITHDRAWN, State.CANCELLED} <= set(row.values())
        else:
            assert set(row) <= {Action.REOPEN}


@given(STEPS)
def test_random_actions_never_leave_the_table(steps: list[tuple[Action, frozenset[Role], bool]]) -> None:
    state = State.RECEIVED
    for action, roles, with_inputs in steps:
        inputs = GOOD.get(action, {}) if with_inputs else {}
        before = state
        try:
            state = apply(before, action, roles, inputs)
        except NotAllowed:
            continue
        assert state == TRANSITIONS[before][action]
        assert action in allowed_actions(before, roles)
        if before is State.CLOSED:
            assert action is Action.REOPEN
        assert before not in (State.WITHDRAWN, State.CANCELLED)


@given(STEPS)
def test_the_clock_runs_if_and_only_if_the_state_says_so(
    steps: list[tuple[Action, frozenset[Role], bool]],
) -> None:
    state, running = State.RECEIVED, True
    for action, _, _ in steps:
        before = state
        if action in TRANSITIONS[before]:
            state = apply(before, action, Role, GOOD.get(action, {}))
        match clock_change(before, state):
            case "pauses":
                assert running
                running = False
            case "resumes":
                assert not running
                running = True
        assert running == STATES[state].clock_runs


@given(st.sampled_from(State), ROLES)
def test_what_is_offered_can_be_done_and_nothing_else(state: State, roles: frozenset[Role]) -> None:
    offered = allowed_actions(state, roles)
    for action in Action:
        if action in offered:
            assert apply(state, action, roles, GOOD.get(action, {})) in STATES
        else:
            assert refusal(state, action, roles, GOOD.get(action, {}))[0] in ("action", "role")


@given(
    st.sampled_from(State),
    st.sampled_from(Action),
    st.dictionaries(
        st.sampled_from(["handler", "missing", "note", "answer", "attachments", "reply", "reason", "else"]),
        ANYTHING,
        max_size=4,
    ),
)
def test_any_input_is_accepted_or_refused_by_name(state: State, action: Action, inputs: dict[str, object]) -> None:
    if action not in TRANSITIONS[state] or list(faults(action, inputs)):
        field, reason = refusal(state, action, Role, inputs)
        assert field in ("action", "else", *(known.field for known in ACTIONS[action].inputs), *inputs)
        assert reason in REASONS
    else:
        assert apply(state, action, Role, inputs) == TRANSITIONS[state][action]
