"""`control`: stop and start one server of ours, for the tests of faults."""

from __future__ import annotations

from collections.abc import Sequence

from .containers import Container, as_had
from .rabbitmq import RabbitMQ
from .servers import Server, packaged
from .state import Folder, State
from .telling import complain

USAGE = """usage: control rabbitmq|postgres|elasticsearch  stop [immediate] | start | restart [immediate]
       control rabbitmq ctl ARGUMENTS...          (rabbitmqctl of that broker)
immediate: as a crash would, without an orderly shutdown. start returns when connections are taken.
Exit status: 0 done, 1 failed, 2 not a server that `up` started, 64 wrong usage."""


def control(folder: Folder, arguments: Sequence[str]) -> int:
    """Carry out one command; the exit status."""
    if len(arguments) < 2:
        return usage()
    name, verb, *rest = arguments
    state = folder.load()
    servers = {server.name: server for server in packaged(folder, state)}
    if name not in servers:
        return usage()
    had = state.servers.get(name)
    if had is None or not had.ours:
        return refuse(name, state)
    server = as_had(folder, servers[name], state, had)
    if name == "rabbitmq" and verb == "ctl" and isinstance(server, (RabbitMQ, Container)):
        return server.ctl(rest)
    return carry_out(folder, server, verb, rest)


def carry_out(folder: Folder, server: Server, verb: str, rest: Sequence[str]) -> int:
    """Stop, start or both."""
    stops, starts = verb in ("stop", "restart"), verb in ("start", "restart")
    if not (stops or starts) or list(rest) not in ([], ["immediate"][:stops]):
        return usage()
    with folder.lock():
        if stops:
            server.stop(immediate=bool(rest))
        if starts:
            server.start()
    return 0


def refuse(name: str, state: State) -> int:
    """Say why that server cannot be controlled."""
    had = state.servers.get(name)
    why = f"it was given by the environment ({had.address})" if had else "`up` has not started it"
    complain(f"{name} cannot be stopped or started from here: {why}")
    return 2


def usage() -> int:
    """Say how it is used."""
    complain(USAGE)
    return 64
