"""The folder that holds everything `up` made, and what is remembered in it between two commands."""

from __future__ import annotations

import fcntl
import json
import os
import random
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]

# Below the kernel's ephemeral range (32768 and up): a client that keeps knocking on a stopped server's port
# could otherwise be given that very port as its own and talk to itself.
PORTS = range(20000, 30000)


class UnavailableError(Exception):
    """Something that cannot be had here; the message is one line that says why."""


@dataclass
class Had:
    """What is there: how it was had (`environment`, `docker`, `packages`, `installed`), address, version."""

    how: str
    address: str
    version: str

    @property
    def ours(self) -> bool:
        """True for a server that `up` started, so that it may be stopped."""
        return self.how != "environment"


@dataclass
class State:
    """What outlives a command: the servers, and their ports and password, which outlive even `down`."""

    servers: dict[str, Had] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    password: str = field(default_factory=lambda: secrets.token_hex(8))

    def port(self, name: str) -> int:
        """The port of that name, chosen on first use and then kept."""
        if name not in self.ports:
            self.ports[name] = free_port(set(self.ports.values()))
        return self.ports[name]

    def after(self, before: State) -> State:
        """What to remember half way: what is known by now, and the rest as before."""
        return State(servers=before.servers | self.servers, ports=self.ports, password=self.password)


def free_port(taken: set[int]) -> int:
    """A random loopback port nobody listens on now."""
    for port in random.sample(PORTS, 200):
        if port not in taken and is_free(port):
            return port
    raise UnavailableError(f"no free port between {PORTS.start} and {PORTS.stop}")


def kept_ports(before: State) -> dict[str, int]:
    """The ports to go on with: those of servers that are there, and the others' if nobody took them since."""
    there = {name for name, had in before.servers.items() if had.ours}
    ports = before.ports.items()
    return {name: port for name, port in ports if name.split("-")[0] in there or is_free(port)}


def is_free(port: int) -> bool:
    """True when the loopback port can be bound."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@dataclass(frozen=True)
class Folder:
    """The folder of one set of servers (`.dev` in the repository, or `LAMPPOST_DEV_DIR`)."""

    root: Path

    @classmethod
    def chosen(cls) -> Folder:
        """The folder that the environment names, else `.dev`; made, and invisible to git."""
        root = Path(os.environ.get("LAMPPOST_DEV_DIR") or REPOSITORY / ".dev").resolve()
        root.mkdir(parents=True, exist_ok=True)
        (root / ".gitignore").write_text("*\n")
        return cls(root)

    @property
    def downloads(self) -> Path:
        """What is kept by `down`."""
        return self.root / "downloads"

    def data(self, name: str) -> Path:
        """The data folder of one server."""
        return self.root / name

    def log(self, name: str) -> Path:
        """The log of one server."""
        return self.root / f"{name}.log"

    def load(self) -> State:
        """What was remembered; a state that cannot be read counts as none."""
        try:
            stored = json.loads((self.root / "state.json").read_text())
            servers = {name: Had(**had) for name, had in stored.pop("servers").items()}
            return State(servers=servers, **stored)
        except (OSError, ValueError, KeyError, TypeError):
            return State()

    def save(self, state: State) -> None:
        """Remember; the file is whole at every moment."""
        self.write("state.json", json.dumps(asdict(state), indent=1) + "\n")

    def write(self, name: str, text: str) -> None:
        """Put a file of the owner's alone in place at one stroke."""
        fresh = self.root / f"{name}.new"
        fresh.touch(mode=0o600)
        fresh.write_text(text)
        fresh.replace(self.root / name)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Let one command at a time change this folder; the others wait."""
        with (self.root / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
