"""The nameko side of a service: its class of handlers and RPCs, and the container that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nameko.extensions import DependencyProvider

from chassis.bus.gateway import Gateway

if TYPE_CHECKING:
    from chassis.runtime import Runtime

MAX_WORKERS = 10
MAX_WORKERS_EMBEDDED = 2  # one SQLite connection a store: more would only stand in line before a person who asks
HEARTBEAT_SECONDS = 30


class RuntimeProvider(DependencyProvider):  # type: ignore[misc]
    """Gives each worker its service's runtime."""

    def get_dependency(self, worker_ctx: Any) -> Runtime:
        runtime: Runtime = self.container.config["runtime"][self.container.service_name]
        return runtime


class Worker:
    """Base of every service's `service.py` class: `self.runtime`, `self.ask`, and nothing else."""

    name: str
    runtime: Runtime = RuntimeProvider()
    ask = Gateway()


def config(bus: str, runtimes: dict[str, Runtime]) -> dict[str, Any]:
    """nameko's configuration for the services of this process."""
    return {
        "AMQP_URI": bus,
        "heartbeat": HEARTBEAT_SECONDS,
        "max_workers": MAX_WORKERS_EMBEDDED if bus.startswith("memory") else MAX_WORKERS,
        "runtime": runtimes,
    }


def asking_only(name: str) -> type[Worker]:
    """A worker without handlers: for `--role web`, which asks others but hears nothing."""
    return type(f"{name.title()}Web", (Worker,), {"name": name})
