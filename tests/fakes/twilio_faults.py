"""Scripted faults, before and after the moment a message is accepted."""

from __future__ import annotations

import threading

from tests.fakes.twilio_refusal import Refusal
from tests.fakes.twilio_script import Rule


class Break(Exception):
    """The connection is to be broken without an answer."""


def before(rule: Rule, to: str, stopping: threading.Event) -> None:
    """Raise the fault of a rule that accepts nothing."""
    stopping.wait(rule.latency)
    if rule.answer in ("refuse", "problem"):
        raise Refusal(rule.code, to, rule.status, problem=rule.answer == "problem")
    if rule.answer == "throttle":
        raise Refusal(20429, status=429, retry_after=rule.retry_after)
    if rule.answer == "error-before":
        raise Refusal(20500, status=500)
    if rule.answer == "hang-before":
        stopping.wait(rule.seconds)
    if rule.answer in ("hang-before", "reset-before"):
        raise Break


def after(rule: Rule, stopping: threading.Event) -> None:
    """Raise the fault of a rule that has accepted the message."""
    if rule.answer == "error-after":
        raise Refusal(20500, status=500)
    if rule.answer == "hang-after":
        stopping.wait(rule.seconds)
    if rule.answer == "reset-after":
        raise Break
