"""Search: whatever an office publishes, and for its staff its cases, found with two characters (YS5, AP3, YM7)."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chassis.manifest import Manifest
from services.search.model import Base

if TYPE_CHECKING:
    from flask import Flask

    from chassis.bus import Worker
    from chassis.runtime import Runtime


def _worker() -> "type[Worker]":
    from services.search.service import Search

    return Search


def _web(runtime: "Runtime") -> "Flask":
    from services.search.web import create_app

    return create_app(runtime)


def _ports(runtime: "Runtime") -> Any:
    from services.search.index import index_from

    return index_from(runtime.settings.search_index)


def _pings(runtime: "Runtime") -> Mapping[str, Callable[[], None]]:
    return {"index": runtime.ports.ping}


def _start(runtime: "Runtime") -> Callable[[], None]:
    from services.search.indexer import Indexer

    return Indexer(runtime).start()


manifest = Manifest(
    name="search",
    prefixes=("/{tenant}/search",),
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    worker=_worker,
    web=_web,
    reads=("search",),
    ports=_ports,
    pings=_pings,
    start=_start,
)
