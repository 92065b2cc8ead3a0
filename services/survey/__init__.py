"""Survey: the applicant of a closed case is asked once how it was, and the office reads what it must change."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from chassis.manifest import Manifest
from services.survey.events import EVENTS
from services.survey.model import Base

if TYPE_CHECKING:
    from flask import Flask

    from chassis.bus import Worker
    from chassis.runtime import Runtime


def _worker() -> "type[Worker]":
    from services.survey.service import Survey

    return Survey


def _web(runtime: "Runtime") -> "Flask":
    from services.survey.web import app

    return app(runtime)


def _start(runtime: "Runtime") -> Callable[[], None]:
    from services.survey.housekeeping import start

    return start(runtime)


manifest = Manifest(
    name="survey",
    prefixes=("/{tenant}/surveys", "/s"),
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    worker=_worker,
    web=_web,
    events=EVENTS,
    reads=("intake",),
    start=_start,
)
