"""One running process: its HTTP server, its bus container, its relay and the service's own loops.

HTTP is up first and does not wait for the broker; a case is accepted while the broker is away.
"""

import logging
import signal
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Literal

import eventlet
from eventlet.event import Event
from nameko.containers import ServiceContainer

from chassis import clock
from chassis.bus import memory, relay
from chassis.bus.publisher import Publisher
from chassis.bus.worker import asking_only, config
from chassis.runtime import Runtime
from chassis.serve.http import HttpServer, WsgiApp

Role = Literal["all", "web", "worker"]
REPLAY = timedelta(hours=24)
HOUSEKEEPING_SECONDS = 3600
log = logging.getLogger(__name__)


class Process:
    """Runs these services until SIGTERM or SIGINT; `start()` returns once HTTP answers."""

    def __init__(self, runtimes: Mapping[str, Runtime], role: Role = "all") -> None:
        self.runtimes, self.role = dict(runtimes), role
        self.settings = next(iter(runtimes.values())).settings
        self.relays = [relay.Relay(runtime.store, Publisher(self.settings.bus)) for runtime in runtimes.values()]
        self.server: HttpServer | None = None
        self._loops: list[Callable[[], None]] = []
        self._ended = Event()
        if self.settings.embedded:
            memory.install()
        self.containers = [self._container(runtime) for runtime in runtimes.values()]

    @property
    def port(self) -> int | None:
        """The port of its HTTP server, if it has one."""
        return self.server.port if self.server else None

    def start(self, app: WsgiApp | None, port: int, host: str = "127.0.0.1") -> None:
        """Open the port, then connect to the bus in the background."""
        if app is not None:
            self.server = HttpServer(app, port, host)
            self.server.start()
        eventlet.spawn(self._connect)
        for container in self.containers:
            eventlet.spawn(self._watch, container)
        eventlet.spawn_after(HOUSEKEEPING_SECONDS, self._housekeeping)

    def wait(self) -> int:
        """Until told to stop; returns the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: eventlet.spawn(self._end, 0))
        status = int(self._ended.wait())
        self.stop()
        return status

    def stop(self) -> None:
        """Finish what is in flight: requests, handlers, the relay's batch; then let go."""
        if self.server is not None:
            self.server.stop()
        for stop in self._loops:
            stop()
        for container in self.containers:
            with eventlet.Timeout(20, False):
                container.stop()
        for one in self.relays:
            one.stop()
        for runtime in self.runtimes.values():
            runtime.store.close()

    def _container(self, runtime: Runtime) -> Any:
        worker = asking_only(runtime.name) if self.role == "web" else runtime.manifest.worker()
        return ServiceContainer(worker, config(self.settings.bus, self.runtimes))

    def _connect(self) -> None:
        for container in self.containers:
            container.start()
        if self.settings.embedded:
            self._replay()
        for one in self.relays:
            eventlet.spawn(one.run)
        if self.role != "web":
            for runtime in self.runtimes.values():
                self._begin(runtime)
        log.info("on the bus: %s", ", ".join(self.runtimes))

    def _begin(self, runtime: Runtime) -> None:
        if (stop := runtime.manifest.start(runtime)) is not None:
            self._loops.append(stop)

    def _replay(self) -> None:
        # The laptop's broker dies with its process: whatever was published lately is said again; inboxes drop repeats.
        for runtime in self.runtimes.values():
            relay.replay(runtime.store, clock.now() - REPLAY)

    def _watch(self, container: Any) -> None:
        try:
            container.wait()
        except Exception:
            log.exception("a container died")
            self._end(1)

    def _housekeeping(self) -> None:
        for runtime in self.runtimes.values():
            try:
                relay.prune(runtime.store)
            except Exception:
                log.exception("housekeeping of %s waits for another hour", runtime.name)
        eventlet.spawn_after(HOUSEKEEPING_SECONDS, self._housekeeping)

    def _end(self, status: int) -> None:
        if not self._ended.ready():
            self._ended.send(status)
