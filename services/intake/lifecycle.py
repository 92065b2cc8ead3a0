"""The life of a case: states, actions, who may do what and what it takes. Data first, then the guards.

DL9, AP2: every case is tracked to its end. SL1, YM3: what is missing is said at once, and the office's clock
stands still while it waits. YM20: a case may wait for a superior's signature (待結案) before it is closed.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Literal, NamedTuple, TypeVar

Named = TypeVar("Named", bound=StrEnum)
LONGEST_TEXT = 4000
MOST_ITEMS = 50


class Label(NamedTuple):
    """A word of the interface in both languages."""

    zh: str
    en: str


class State(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What somebody does to a case."""

    TAKE = "take"
    ASSIGN = "assign"
    RETURN = "return"
    SUPPLEMENT = "supplement"
    RESOLVE = "resolve"
    REWORK = "rework"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"


class Role(StrEnum):
    """Who acts. `system` is a rule of the office: routing, an unanswered return, an unhappy survey."""

    APPLICANT = "applicant"
    CLERK = "clerk"
    CHIEF = "chief"
    HEAD = "head"
    SYSTEM = "system"


class StateRule(NamedTuple):
    """How a state is shown, whether the office's clock runs in it, whether the case is open in it."""

    label: Label
    tone: Literal["going", "waiting", "done"]
    clock_runs: bool
    is_open: bool


class Input(NamedTuple):
    """What an action takes: one text, or a list of texts. `needed` inputs must not be blank or empty."""

    field: str
    kind: Literal["text", "texts"]
    needed: bool = True


class ActionRule(NamedTuple):
    """How an action is called, who may do it, what it takes; of `any_of` at least one must be given."""

    label: Label
    roles: frozenset[Role]
    inputs: tuple[Input, ...] = ()
    any_of: tuple[str, ...] = ()


STATES: Mapping[State, StateRule] = {
    State.RECEIVED: StateRule(Label("新進", "Received"), "going", clock_runs=True, is_open=True),
    State.IN_PROGRESS: StateRule(Label("處理中", "In progress"), "going", clock_runs=True, is_open=True),
    State.RETURNED: StateRule(Label("待補件", "Waiting for you"), "waiting", clock_runs=False, is_open=True),
    State.RESOLVED: StateRule(Label("待結案", "Ready to close"), "done", clock_runs=True, is_open=True),
    State.CLOSED: StateRule(Label("結案", "Closed"), "done", clock_runs=False, is_open=False),
    State.WITHDRAWN: StateRule(Label("已撤回", "Withdrawn"), "done", clock_runs=False, is_open=False),
    State.CANCELLED: StateRule(Label("已註銷", "Cancelled"), "done", clock_runs=False, is_open=False),
}

_ENDS = {Action.WITHDRAW: State.WITHDRAWN, Action.CANCEL: State.CANCELLED}

TRANSITIONS: Mapping[State, Mapping[Action, State]] = {
    State.RECEIVED: {
        Action.TAKE: State.IN_PROGRESS,
        Action.ASSIGN: State.IN_PROGRESS,
        **_ENDS,
    },
    State.IN_PROGRESS: {
        Action.ASSIGN: State.IN_PROGRESS,
        Action.RETURN: State.RETURNED,
        Action.RESOLVE: State.RESOLVED,
        Action.CLOSE: State.CLOSED,
        **_ENDS,
    },
    State.RETURNED: {
        Action.ASSIGN: State.RETURNED,
        Action.SUPPLEMENT: State.IN_PROGRESS,
        Action.CLOSE: State.CLOSED,
        **_ENDS,
    },
    State.RESOLVED: {
        Action.ASSIGN: State.RESOLVED,
        Action.REWORK: State.IN_PROGRESS,
        Action.CLOSE: State.CLOSED,
        **_ENDS,
    },
    State.CLOSED: {Action.REOPEN: State.IN_PROGRESS},
    State.WITHDRAWN: {},
    State.CANCELLED: {},
}

_HANDLERS = frozenset({Role.CLERK, Role.CHIEF})
_SUPERIORS = frozenset({Role.CHIEF, Role.HEAD})
_OFFICE = _HANDLERS | _SUPERIORS | {Role.SYSTEM}
_REASON = Input("reason", "text")
_REPLY = Input("reply", "text")

ACTIONS: Mapping[Action, ActionRule] = {
    Action.TAKE: ActionRule(Label("接辦", "Take"), _HANDLERS),
    Action.ASSIGN: ActionRule(Label("分派", "Assign"), _OFFICE, (Input("handler", "text"),)),
    Action.RETURN: ActionRule(
        Label("請補件", "Ask for what is missing"),
        _HANDLERS,
        (Input("missing", "texts"), Input("note", "text", needed=False)),
    ),
    Action.SUPPLEMENT: ActionRule(
        Label("補件", "Supply what is missing"),
        frozenset({Role.APPLICANT, Role.CLERK}),
        (Input("answer", "text", needed=False), Input("attachments", "texts", needed=False)),
        any_of=("answer", "attachments"),
    ),
    Action.RESOLVE: ActionRule(Label("陳核", "Submit for closing"), _HANDLERS, (_REPLY,)),
    Action.REWORK: ActionRule(Label("退回重辦", "Send back"), _SUPERIORS, (_REASON,)),
    Action.CLOSE: ActionRule(Label("結案", "Close"), _OFFICE, (_REPLY,)),
    Action.REOPEN: ActionRule(Label("重啟", "Reopen"), _OFFICE, (_REASON,)),
    Action.WITHDRAW: ActionRule(
        Label("撤回", "Withdraw"),
        frozenset({Role.APPLICANT, Role.CLERK}),
        (Input("reason", "text", needed=False),),
    ),
    Action.CANCEL: ActionRule(Label("註銷", "Cancel"), _SUPERIORS | {Role.SYSTEM}, (_REASON,)),
}

REASONS: Mapping[str, Label] = {
    "unknown": Label("沒有這一項。", "There is no such thing."),
    "state": Label("案件目前的狀態不能這樣做。", "Not possible in the present state of the case."),
    "role": Label("您沒有這個權限。", "You may not do this."),
    "missing": Label("請填寫這一欄。", "This is needed."),
    "wrong_type": Label("格式不對。", "This has the wrong form."),
    "too_long": Label("內容太長。", "This is too long."),
    "characters": Label("含有不能儲存的字元。", "This contains characters that cannot be stored."),
}


class NotAllowed(ValueError):
    """The action may not be done: `field` is at fault, `reason` is a key of `REASONS`."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {REASONS[reason].en}")
        self.field = field
        self.reason = reason


def apply(
    state: State | str,
    action: Action | str,
    actor_roles: Iterable[str],
    inputs: Mapping[str, object] | None = None,
) -> State:
    """The state after the action. Errors: `NotAllowed` for the state, the actor's roles or an input."""
    before, wanted = _member(State, state, "state"), _member(Action, action, "action")
    after = TRANSITIONS[before].get(wanted)
    if after is None:
        raise NotAllowed("action", "state")
    if ACTIONS[wanted].roles.isdisjoint(actor_roles):
        raise NotAllowed("role", "role")
    for field, reason in faults(wanted, inputs or {}):
        raise NotAllowed(field, reason)
    return after


def allowed_actions(state: State, actor_roles: Iterable[str]) -> tuple[Action, ...]:
    """What somebody with these roles may do now, in the order of the table: the buttons of a page."""
    roles = frozenset(actor_roles)
    return tuple(action for action in TRANSITIONS[state] if not ACTIONS[action].roles.isdisjoint(roles))


def faults(action: Action, inputs: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Everything wrong with the inputs of an action, as field and key of `REASONS`."""
    rule = ACTIONS[action]
    yield from ((field, "unknown") for field in inputs if field not in {known.field for known in rule.inputs})
    for known in rule.inputs:
        if reason := _fault(known, inputs.get(known.field)):
            yield known.field, reason
    if rule.any_of and not any(inputs.get(field) for field in rule.any_of):
        yield rule.any_of[0], "missing"


def clock_change(before: State, after: State) -> Literal["pauses", "resumes", "stays"]:
    """What a step does to the office's clock; a reopened case goes on with the time it had left."""
    runs, will_run = STATES[before].clock_runs, STATES[after].clock_runs
    if runs == will_run:
        return "stays"
    return "resumes" if will_run else "pauses"


def _member(kind: type[Named], value: str, field: str) -> Named:
    try:
        return kind(value)
    except ValueError:
        raise NotAllowed(field, "unknown") from None


def _fault(known: Input, value: object) -> str | None:
    if value is None or value in ("", [], ()):
        return "missing" if known.needed else None
    if known.kind == "text":
        return _text_fault(value)
    if not isinstance(value, list | tuple):
        return "wrong_type"
    if len(value) > MOST_ITEMS:
        return "too_long"
    return next(filter(None, map(_text_fault, value)), None)


def _text_fault(value: object) -> str | None:
    if not isinstance(value, str):
        return "wrong_type"
    if not value.strip():
        return "missing"
    if len(value) > LONGEST_TEXT:
        return "too_long"
    storable = "\x00" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    return None if storable else "characters"
