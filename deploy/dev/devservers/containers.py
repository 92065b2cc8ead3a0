"""The same servers as containers, where a Docker engine answers."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import processes, programs
from .elasticsearch import HEAP, pinned_version
from .servers import Server
from .state import Folder, Had, State

DISK = "cluster.routing.allocation.disk.threshold_enabled"


@dataclass(frozen=True)
class Recipe:
    """A pinned image, the port it listens on inside, its settings, and arguments for its server."""

    image: str
    port: int
    settings: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()


def recipe(name: str, password: str) -> Recipe:
    """How to run the server of that name."""
    heap = f"ES_JAVA_OPTS=-Xms{HEAP} -Xmx{HEAP}"
    return {
        "rabbitmq": Recipe("rabbitmq:3.13.7", 5672),
        "postgres": Recipe(
            "postgis/postgis:16-3.4", 5432, (f"POSTGRES_PASSWORD={password}",), ("-c", "max_connections=300")
        ),
        "elasticsearch": Recipe(
            f"elasticsearch:{pinned_version()}",
            9200,
            ("discovery.type=single-node", "xpack.security.enabled=false", f"{DISK}=false", heap),
        ),
    }[name]


def engine_answers() -> bool:
    """True when there is a Docker client and an engine behind it."""
    if not shutil.which("docker"):
        return False
    return programs.run(["docker", "info"], seconds=20)[0] == 0


class Container:
    """One server in a container of ours, with the port, password and address of the packaged one it stands for."""

    def __init__(self, folder: Folder, server: Server, state: State) -> None:
        self.folder = folder
        self.name = server.name
        self.variable = server.variable
        self.address = server.address
        self.probe: Callable[[str], str] = server.probe
        self.port = state.port(server.name)
        self.recipe = recipe(server.name, state.password)
        self.title = f"lamppost-{server.name}-{hashlib.sha256(bytes(folder.root)).hexdigest()[:12]}"

    def exists(self) -> bool:
        """True when the container was made, running or not."""
        return bool(docker("ps", "-aq", "--filter", f"name=^{self.title}$"))

    def start(self) -> str:
        """Start the container (made on first start), wait until the server answers, give its version."""
        if self.exists():
            docker("start", self.title)
        else:
            self.make()
        version = processes.await_answer(lambda: self.probe(self.address), 120, self.last_words)
        return version or self.recipe.image

    def last_words(self) -> str:
        """The end of its log."""
        return (programs.run(["docker", "logs", "--tail", "1", self.title])[1] or ["empty log"])[-1]

    def make(self) -> None:
        """Run the image for the first time, reachable from this machine only."""
        settings = [part for setting in self.recipe.settings for part in ("-e", setting)]
        published = f"127.0.0.1:{self.port}:{self.recipe.port}"
        options = ["-d", "--name", self.title, "-p", published, *settings]
        docker("run", *options, self.recipe.image, *self.recipe.arguments)

    def stop(self, immediate: bool = False) -> None:
        """Stop the server, or kill it; its data stays."""
        if docker("ps", "-q", "--filter", f"name=^{self.title}$"):
            docker(*(("kill", self.title) if immediate else ("stop", "-t", "30", self.title)))

    def remove(self) -> bool:
        """Delete the container with its data; False when it was never made."""
        there = self.exists()
        if there:
            docker("rm", "-f", "-v", self.title)
        return there

    def ctl(self, arguments: Sequence[str]) -> int:
        """Run rabbitmqctl inside; its exit status."""
        return programs.hand_over(["docker", "exec", self.title, "rabbitmqctl", *arguments], {})


def as_had(folder: Folder, server: Server, state: State, had: Had) -> Server:
    """The server the way it was had."""
    return Container(folder, server, state) if had.how == "docker" else server


def docker(*arguments: str) -> list[str]:
    """Run the Docker client; the lines it says. Raises UnavailableError with its last complaint."""
    return programs.demand(["docker", *arguments], seconds=900)
