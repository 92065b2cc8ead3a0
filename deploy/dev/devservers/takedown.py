"""`down`: stop just what `up` started."""

from __future__ import annotations

import shutil

from .containers import Container, engine_answers
from .servers import Server, packaged
from .state import Folder, State, UnavailableError
from .telling import complain, tell


def down(folder: Folder, everything: bool) -> int:
    """Stop our servers, delete their data, the downloads too if asked; exit status 1 when one would not end."""
    state = folder.load()
    status = max(remove(server) for server in ways(folder, state))
    if status == 0:
        folder.save(State(ports=state.ports, password=state.password))
        forget(folder, everything)
    return status


def ways(folder: Folder, state: State) -> list[Server]:
    """Every server in every way we may have started it: a start that was cut short left no note."""
    servers: list[Server] = list(packaged(folder, state))
    if any(had.how == "docker" for had in state.servers.values()) or engine_answers():
        servers += [Container(folder, server, state) for server in servers]
    return servers


def remove(server: Server) -> int:
    """Stop one and delete its data; tell it only when there was something to stop."""
    try:
        if server.remove():
            tell(f"{server.name:<13} stopped")
        return 0
    except UnavailableError as reason:
        complain(f"{server.name}: {reason}")
        return 1


def forget(folder: Folder, everything: bool) -> None:
    """Delete the files that told of the servers, or all there is."""
    if everything:
        shutil.rmtree(folder.root, ignore_errors=True)
        return
    for stale in (folder.root / "env", folder.root / "missing", *folder.root.glob("*.log")):
        stale.unlink(missing_ok=True)
