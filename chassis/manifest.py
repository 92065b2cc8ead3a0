"""A service's door: what the chassis must know to run it. Found through the `lamppost.services` entry points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import click
    from flask import Flask
    from sqlalchemy import MetaData

Runtime = Any  # `chassis.runtime.Runtime`, which stands above: it holds its manifest
Worker = Any  # `chassis.bus.Worker`, likewise


@dataclass(frozen=True)
class Manifest:
    """One service.

    name         also the name of its exchange, its setting `LAMPPOST_<NAME>_STORE`, its paths `/<name>/…`
    prefixes     address patterns this service answers beside `/<name>/…`: `/{tenant}/search`, `/hooks/sms`, …
    reads, seals audiences whose sealed fields it opens, and those it seals for (the keys it needs)
    tables       its SQLAlchemy metadata; `migrations` is its Alembic folder
    worker, web  loaded only in the processes that need them
    ports        builds the outside world (SMS, mail, index) from the settings; `pings` checks each for `/ready`
    start        called in every process with a worker, to spawn the service's own loops (returns how to stop them)
    demo         loads the demonstration data of one tenant, idempotent, yields progress (done, total, what)
    greets       what `lamppost run` tells of one tenant: lines that begin with a path
    """

    name: str
    prefixes: Sequence[str]
    tables: MetaData
    migrations: Path
    worker: Callable[[], type[Worker]]
    web: Callable[[Runtime], Flask]
    events: Sequence[type[Any]] = ()
    reads: Sequence[str] = ()
    seals: Sequence[str] = ()
    ports: Callable[[Runtime], Any] = lambda runtime: None
    pings: Callable[[Runtime], Mapping[str, Callable[[], None]]] = lambda runtime: {}
    start: Callable[[Runtime], Callable[[], None] | None] = lambda runtime: None
    commands: Callable[[], Sequence[click.Command]] = lambda: ()
    demo: Callable[[Runtime, str], Any] | None = None
    greets: Callable[[Runtime, str], Sequence[str]] = lambda runtime, tenant: ()


def installed() -> dict[str, Manifest]:
    """Every service whose code is on this machine, by name; an image holds only its own."""
    found: dict[str, Manifest] = {}
    for entry in metadata.entry_points(group="lamppost.services"):
        try:
            found[entry.name] = entry.load()
        except ModuleNotFoundError as error:
            if error.name is None or not entry.value.startswith(error.name):
                raise
    return dict(sorted(found.items()))
