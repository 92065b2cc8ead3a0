"""gis: which lamps, parks and facilities there are, where they stand, which are reported (DL6, DL7, DL15)."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chassis.manifest import Manifest
from services.gis.events import EVENTS
from services.gis.model import Base

if TYPE_CHECKING:
    import click
    from flask import Flask

    from chassis.bus import Worker
    from chassis.runtime import Runtime


def _worker() -> "type[Worker]":
    from services.gis.service import Gis

    return Gis


def _web(runtime: "Runtime") -> "Flask":
    from services.gis.web import app

    return app(runtime)


def _commands() -> "Sequence[click.Command]":
    from services.gis.commands import COMMANDS

    return COMMANDS


def _demo(runtime: "Runtime", tenant: str) -> Iterator[tuple[int, int, str]]:
    from services.gis.demonstration import load

    return load(runtime, tenant)


manifest = Manifest(
    name="gis",
    prefixes=("/{tenant}/map", "/{tenant}/assets", "/l"),
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    worker=_worker,
    web=_web,
    events=EVENTS,
    commands=_commands,
    demo=_demo,
)
