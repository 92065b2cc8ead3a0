"""`up`: have every server, by the first of four ways that works."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from . import browser, containers, environment, packages
from .containers import Container
from .probes import NoAnswerError, bare
from .servers import PackagedServer, Server, packaged
from .state import Folder, Had, State, UnavailableError, kept_ports
from .telling import complain, tell

One = TypeVar("One")


class Bringup:
    """One run of `up`: what is had by now, and what cannot be had with the reason."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.before = folder.load()
        self.state = State(ports=kept_ports(self.before), password=self.before.password)
        self.servers = packaged(folder, self.state)
        self.missing: dict[str, str] = {}
        self.began = time.monotonic()
        self.telling = threading.Lock()

    def run(self) -> int:
        """Bring up everything; exit status 1 only in CI, where nothing may be missing."""
        together(self.take_given_or_ours, self.unsettled())
        self.take_browser(lambda: browser.given_or_known(self.before.servers.get(browser.NAME)))
        if self.unsettled() and containers.engine_answers():
            together(self.start_container, self.unsettled())
        self.start_from_packages()
        self.folder.save(self.state)
        environment.write(self.folder, self.state, self.missing)
        return self.report_missing()

    def unsettled(self) -> list[PackagedServer]:
        """The servers that are neither had nor given up yet."""
        return [one for one in self.servers if self.is_open(one.name)]

    def is_open(self, name: str) -> bool:
        """True while that one is neither had nor given up."""
        return name not in self.state.servers and name not in self.missing

    def settle(self, name: str, had: Had) -> None:
        """Note what is had, at once on disk too, and tell it in one line."""
        seconds = time.monotonic() - self.began
        with self.telling:
            self.state.servers[name] = had
            self.folder.save(self.state.after(self.before))
            tell(f"{name:<13} {had.version:<20} {bare(had.address):<46} {had.how:<11} {seconds:5.1f} s")

    def report_missing(self) -> int:
        """Name what cannot be had; the exit status."""
        for name, reason in self.missing.items():
            complain(f"{name}: not to be had: {reason}")
        return 1 if self.missing and os.environ.get("CI") == "true" else 0

    def take_given_or_ours(self, server: Server) -> None:
        """Use the address in the environment, else the server of ours that is there."""
        named = os.environ.get(server.variable)
        before = self.before.servers.get(server.name)
        # Whoever has sourced the env file names our own server: that one we may start again.
        if named and named not in (server.address, before.address if before and before.ours else None):
            self.take_given(server, named)
        elif before and before.ours:
            self.take_ours(server, before)

    def take_given(self, server: Server, named: str) -> None:
        """Use that address or none: a server other than the one asked for would be a surprise."""
        try:
            self.settle(server.name, Had("environment", named, server.probe(named) or "unknown version"))
        except NoAnswerError as silence:
            self.missing[server.name] = f"{server.variable} is set, but: {silence}"

    def take_ours(self, server: Server, before: Had) -> None:
        """Use our server; one that was stopped or has died is started again on its data, the way it was had."""
        try:
            server.probe(before.address)
            self.settle(server.name, before)
        except NoAnswerError:
            self.start_again(server, before)

    def start_again(self, server: Server, before: Had) -> None:
        """Start it; what does not start is made anew later."""
        try:
            containers.as_had(self.folder, server, self.state, before).start()
            self.settle(server.name, before)
        except UnavailableError as reason:
            complain(f"{server.name}: does not start again: {reason}")

    def start_container(self, server: Server) -> None:
        """Use a container made for us; what fails here is tried with packages next."""
        container = Container(self.folder, server, self.state)
        try:
            container.remove()
            self.settle(server.name, Had("docker", container.address, container.start()))
        except UnavailableError as reason:
            complain(f"{server.name}: not with Docker: {reason}")
            container.remove()

    def start_from_packages(self) -> None:
        """Install all that is missing in one go, while what needs nothing starts already."""
        needs = self.needs()
        ready = [one for one in self.unsettled() if one.name not in needs]
        with ThreadPoolExecutor(max_workers=1) as pool:
            started = pool.submit(together, self.start_anew, ready)
            self.install(needs)
            started.result()
        together(self.start_anew, self.unsettled())
        if self.is_open(browser.NAME):
            self.take_browser(browser.found)

    def needs(self) -> dict[str, list[str]]:
        """Packages still to be installed, by who needs them; who needs one that does not exist is given up."""
        ask: dict[str, Callable[[], list[str]]] = {one.name: one.packages for one in self.unsettled()}
        ask[browser.FONTS] = browser.wanted_fonts
        if self.is_open(browser.NAME):
            ask[browser.NAME] = browser.wanted_packages
        found = {}
        for name, wanted in ask.items():
            try:
                found[name] = wanted()
            except UnavailableError as reason:
                self.missing[name] = str(reason)
        return {name: wanted for name, wanted in found.items() if wanted}

    def install(self, needs: dict[str, list[str]]) -> None:
        """Install what is needed; note who must do without."""
        for name, reason in packages.install_for(needs).items():
            self.missing[name] = reason

    def start_anew(self, server: Server) -> None:
        """Start a server of the distribution's on an empty data folder."""
        try:
            server.remove()
            self.settle(server.name, Had("packages", server.address, server.start()))
        except UnavailableError as reason:
            self.missing[server.name] = str(reason)

    def take_browser(self, look: Callable[[], Had | None]) -> None:
        """Use the browser that is found that way, if any."""
        try:
            had = look()
        except UnavailableError as reason:
            self.missing[browser.NAME] = str(reason)
        else:
            if had:
                self.settle(browser.NAME, had)


def together(do: Callable[[One], None], each: Sequence[One]) -> None:
    """Do it for each at the same time; the first exception is raised when all have ended."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        for done in [pool.submit(do, one) for one in each]:
            done.result()
