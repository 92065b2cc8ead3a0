"""What the stand-in Twilio does instead of behaving well: scripted rules and magic telephone numbers."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

AFTER: Final = frozenset({"error-after", "hang-after", "reset-after", "garbage-after"})
BEFORE: Final = frozenset({"refuse", "problem", "throttle", "error-before", "hang-before", "reset-before"})
ANSWERS: Final = AFTER | BEFORE | {"accept"}


@dataclass(frozen=True, slots=True)
class Plan:
    """The callbacks of one message, in the order they are sent.

    `statuses` empty means the usual ones; `delay` seconds before the first and `gap` between them; each goes out
    `copies` times; those in `drop` ("*" for all) never go out; `before_response` sends them while the client waits.
    """

    statuses: tuple[str, ...] = ()
    delay: float = 0.0
    gap: float = 0.0
    copies: int = 1
    drop: tuple[str, ...] = ()
    code: int | None = None
    before_response: bool = False


@dataclass(slots=True)
class Rule:
    """One behaviour for the next `times` requests (None: until reset) whose To ends in `to_suffix`.

    `share` is the part of matching requests it applies to, at random; the rest behave well and do not use it up.
    `code` and `status` belong to "refuse" and "problem" (an RFC 9457 body), `seconds` to the hangs, `retry_after` to
    "throttle"; `latency` is waited before anything else.
    """

    answer: str = "accept"
    times: int | None = 1
    to_suffix: str = ""
    share: float = 1.0
    code: int = 0
    status: int = 400
    seconds: float = 40.0
    retry_after: int | None = None
    latency: float = 0.0
    callbacks: Plan = field(default_factory=Plan)


GOOD: Final = Rule(times=None)


def _magic() -> dict[str, Rule]:
    refused = (21211, 21212, 21408, 21602, 21606, 21608, 21610, 21611, 21612, 21614, 21635, 21703, 30002, 60728, 29999)
    undelivered = (30003, 30004, 30005, 30006, 30007, 30008)
    failed = (30001, 30036, 30500)
    special = {
        "900001": Rule(callbacks=Plan(drop=("*",))),
        "900002": Rule(callbacks=Plan(copies=3)),
        "900003": Rule(callbacks=Plan(statuses=("delivered", "sent", "sending", "queued"))),
        "900004": Rule(callbacks=Plan(before_response=True)),
        "900005": Rule(callbacks=Plan(delay=3.0)),
        "900006": Rule(callbacks=Plan(statuses=("sent",))),
        "920003": Rule("refuse", code=20003, status=401),
        "920429": Rule("throttle", retry_after=1),
        "920500": Rule("error-before"),
        "920501": Rule("error-after"),
        "920502": Rule("reset-before"),
        "920503": Rule("reset-after"),
        "920504": Rule("hang-after"),
        "920505": Rule("hang-before"),
        "920506": Rule("garbage-after"),
    }
    return (
        special
        | {f"9{code}": Rule("refuse", code=code) for code in refused}
        | {f"9{code}": Rule(callbacks=Plan(("sent", "undelivered"), code=code)) for code in undelivered}
        | {f"9{code}": Rule(callbacks=Plan(("failed",), code=code)) for code in failed}
    )


MAGIC: Final[Mapping[str, Rule]] = _magic()


class Script:
    """The rules in force, the first that matches wins; then the magic numbers; then good behaviour."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []

    def add(self, rule: Rule) -> None:
        """Put a rule behind those already there."""
        with self._lock:
            self._rules.append(replace(rule))

    def clear(self) -> None:
        """Drop all rules."""
        with self._lock:
            self._rules.clear()

    def pick(self, to: str) -> Rule:
        """The rule for a request to this number, one use of it spent."""
        with self._lock:
            for rule in self._rules:
                if rule.times != 0 and to.endswith(rule.to_suffix) and random.random() < rule.share:
                    rule.times = None if rule.times is None else rule.times - 1
                    return rule
        return MAGIC.get(to[-6:], GOOD)


def rule_from(given: Mapping[str, Any]) -> Rule:
    """A rule from JSON; ValueError names what it does not know."""
    plan = dict(given.get("callbacks") or {})
    _refuse_unknown(plan, Plan)
    _refuse_unknown(given, Rule)
    if given.get("answer", "accept") not in ANSWERS:
        raise ValueError(f"answer {given['answer']!r} is none of {', '.join(sorted(ANSWERS))}")
    lists = {name: tuple(plan[name]) for name in ("statuses", "drop") if name in plan}
    return Rule(**{**given, "callbacks": Plan(**{**plan, **lists})})


def _refuse_unknown(given: Mapping[str, Any], kind: type[Rule | Plan]) -> None:
    if unknown := set(given) - {each.name for each in fields(kind)}:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
