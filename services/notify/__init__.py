"""notify: residents are told of their cases by SMS and mail, once, or staff see why not (YM1, YS2, DL3)."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from chassis.manifest import Manifest
from services.notify.events import EVENTS
from services.notify.model import Base

if TYPE_CHECKING:
    from flask import Flask

    from chassis.bus import Worker
    from chassis.runtime import Runtime
    from services.notify.ports import Ports


def _worker() -> "type[Worker]":
    from services.notify.service import Notify

    return Notify


def _web(runtime: "Runtime") -> "Flask":
    from services.notify.web import app

    return app(runtime)


def _ports(runtime: "Runtime") -> "Ports":
    from services.notify.ports import ports

    return ports(runtime)


def _pings(runtime: "Runtime") -> Mapping[str, Callable[[], None]]:
    from services.notify.ports import pings

    return pings(runtime)


def _start(runtime: "Runtime") -> Callable[[], None]:
    from services.notify.loops import start

    return start(runtime)


manifest = Manifest(
    name="notify",
    prefixes=("/{tenant}/messages", "/hooks/sms"),
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    worker=_worker,
    web=_web,
    events=EVENTS,
    reads=("notify",),
    ports=_ports,
    pings=_pings,
    start=_start,
)
