"""Intake: what residents ask for becomes a numbered case, is handled in time, and is answered."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chassis.manifest import Manifest
from services.intake.events import EVENTS
from services.intake.model import Base

if TYPE_CHECKING:
    import click
    from flask import Flask

    from chassis.bus import Worker
    from chassis.runtime import Runtime


def _worker() -> "type[Worker]":
    from services.intake.service import Intake

    return Intake


def _web(runtime: "Runtime") -> "Flask":
    from services.intake.web import create_app

    return create_app(runtime)


def _start(runtime: "Runtime") -> Callable[[], None]:
    from services.intake.housekeeping import start

    return start(runtime)


def _commands() -> "Sequence[click.Command]":
    from services.intake.commands import COMMANDS

    return COMMANDS


def _demo(runtime: "Runtime", tenant: str) -> Iterator[tuple[int, int, str]]:
    from services.intake.demo import demo

    return demo(runtime, tenant)


def _greets(runtime: "Runtime", tenant: str) -> Sequence[str]:
    from services.intake.demo_accounts import greeting

    return greeting(runtime, tenant)


manifest = Manifest(
    name="intake",
    prefixes=("/", "/{tenant}"),
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    worker=_worker,
    web=_web,
    events=EVENTS,
    reads=("intake",),
    seals=("notify", "search"),
    start=_start,
    commands=_commands,
    demo=_demo,
    greets=_greets,
)
