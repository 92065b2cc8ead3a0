"""What is counted: one Prometheus registry a service, so that five services in one process stay apart.

With `PROMETHEUS_MULTIPROC_DIR` set (several processes on one port) the figures of all of them are added up.
"""

import os
import time
from datetime import datetime
from functools import lru_cache

import structlog
from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
    multiprocess,
)
from sqlalchemy import func, select

from chassis.clock import now
from chassis.store import DeadLetter, OutboxRow, Store

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

log = structlog.get_logger(__name__)


@lru_cache
def registry(service: str) -> CollectorRegistry:
    """The registry of one service, for its web app and its worker."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return registry


@lru_cache
def metrics(service: str) -> "Metrics":
    """The chassis' own metrics of one service."""
    return Metrics(registry(service))


class Metrics:
    """Requests, their durations, and what is waiting."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "lamppost_http_requests", "Answered requests", ["method", "route", "status"], registry=registry
        )
        self.seconds = Histogram(
            "lamppost_http_seconds", "Time to answer", ["method", "route"], registry=registry, buckets=SECONDS
        )
        self.in_flight = Gauge(
            "lamppost_http_in_flight", "Being answered", registry=registry, multiprocess_mode="livesum"
        )
        self.backlog = self._latest("lamppost_outbox_backlog", "Events not yet published", registry)
        self.age = self._latest("lamppost_outbox_age_seconds", "Age of the oldest event not yet published", registry)
        self.dead = self._latest("lamppost_dead_letters", "Dead letters", registry)

    def look(self, store: Store) -> None:
        """Count what is waiting in the store. Errors: `StoreDown`."""
        with store.everywhere(durable=False) as session:
            waiting = OutboxRow.published_at.is_(None)
            count, oldest = session.execute(
                select(func.count(), func.min(OutboxRow.created_at)).select_from(OutboxRow).where(waiting)
            ).one()
            dead = session.scalar(select(func.count()).select_from(DeadLetter)) or 0
        self.backlog.set(count)
        self.age.set(_seconds_since(oldest))
        self.dead.set(dead)

    @staticmethod
    def _latest(name: str, text: str, registry: CollectorRegistry) -> Gauge:
        return Gauge(name, text, registry=registry, multiprocess_mode="mostrecent")


def exposition(service: str) -> Response:
    """Everything counted, in Prometheus' text format."""
    shown = registry(service)
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        shown = CollectorRegistry()
        multiprocess.MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
    return Response(generate_latest(shown), content_type=CONTENT_TYPE_LATEST)


def register(app: Flask, service: str) -> None:
    """Count and time every request of this app."""
    counted = metrics(service)

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()
        counted.in_flight.inc()

    @app.teardown_request
    def stop(error: BaseException | None) -> None:
        if g.pop("started", None) is not None:
            counted.in_flight.dec()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unmatched"
        method = request.method if request.method in METHODS else "other"
        counted.requests.labels(method, route, response.status_code).inc()
        if "started" in g:
            counted.seconds.labels(method, route).observe(time.perf_counter() - g.started)
        return response


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _seconds_since(moment: datetime | None) -> float:
    return max(0.0, (now() - moment).total_seconds()) if moment else 0.0
