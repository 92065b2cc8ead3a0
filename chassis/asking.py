"""Asking another service by RPC: only where a person waits for the answer, always with a time limit."""

from typing import Any, Protocol


class AskFailed(Exception):
    """No answer: the other service is down, slow, or refused. The asker goes on without it."""


class Answering(Protocol):
    """Whatever carries a question to another service and its answer back."""

    def call(self, service: str, method: str, timeout: float, arguments: dict[str, Any]) -> Any:
        """The answer. Errors: `AskFailed` after `timeout` seconds."""


class Ask:
    """`ask("gis", "asset", tenant=…, number=…)` returns the answer. Errors: `AskFailed` after `timeout` seconds."""

    def __init__(self) -> None:
        self._gateway: Answering | None = None

    def connect(self, gateway: Answering | None) -> None:
        """Called by the bus when its reply queue stands, and when it goes."""
        self._gateway = gateway

    def __call__(self, service: str, method: str, *, timeout: float = 1.0, **arguments: Any) -> Any:
        if self._gateway is None:
            raise AskFailed("the bus is not connected")
        return self._gateway.call(service, method, timeout, arguments)
