"""What every server of ours can do, and the list of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from .elasticsearch import Elasticsearch
from .postgres import PostgreSQL
from .rabbitmq import RabbitMQ
from .state import Folder, State

VARIABLES = {one.name: one.variable for one in (RabbitMQ, PostgreSQL, Elasticsearch)}


class Server(Protocol):
    """A server had from the distribution's packages or from Docker."""

    name: str
    variable: str
    address: str

    @property
    def probe(self) -> Callable[[str], str]:
        """Knocks at an address and gives the version; raises probes.NoAnswerError."""

    def start(self) -> str:
        """Start on the data that is there, wait until it takes connections, give the version."""

    def stop(self, immediate: bool = False) -> None:
        """Stop, data kept; immediately means as a crash would."""

    def remove(self) -> bool:
        """Stop, data deleted; False when there was nothing to remove."""


class PackagedServer(Server, Protocol):
    """A server that the distribution's packages give."""

    def packages(self) -> list[str]:
        """Packages still to be installed; raises UnavailableError when the distribution has none."""


def packaged(folder: Folder, state: State) -> list[PackagedServer]:
    """The servers, in the order they are told of."""
    return [RabbitMQ(folder, state), PostgreSQL(folder, state), Elasticsearch(folder, state)]
