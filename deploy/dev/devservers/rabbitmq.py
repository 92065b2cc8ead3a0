"""A RabbitMQ broker of our own: own node, own name server (epmd), own cookie, loopback only."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

from . import probes, processes, programs
from .state import Folder, State, UnavailableError

NAME = "rabbitmq"
SCRIPTS = Path("/usr/lib/rabbitmq/bin")  # not /usr/sbin: that wrapper insists on the user rabbitmq

# Idle schedulers of the Erlang machine spin by default; two cores are too few for that.
ERLANG = "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"


class RabbitMQ:
    """The broker, had from the distribution's package."""

    name = NAME
    variable = "LAMPPOST_TEST_AMQP"
    probe = staticmethod(probes.amqp)

    def __init__(self, folder: Folder, state: State) -> None:
        self.folder = folder
        self.data = folder.data(NAME)
        self.port = state.port(NAME)
        self.distribution_port = state.port("rabbitmq-distribution")
        self.epmd_port = state.port("rabbitmq-epmd")
        self.address = f"amqp://guest:guest@127.0.0.1:{self.port}/"

    def packages(self) -> list[str]:
        """What the distribution must still install."""
        return [] if (SCRIPTS / "rabbitmq-server").exists() and shutil.which("erl") else ["rabbitmq-server"]

    def environment(self) -> dict[str, str]:
        """Where everything of this node is; the same for the node and for rabbitmqctl."""
        home = self.data / "home"
        return {
            "HOME": str(home),  # the cookie lives there
            "RABBITMQ_NODENAME": f"lamppost{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_MNESIA_BASE": str(self.data / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.data / "log"),
            "RABBITMQ_PID_FILE": str(self.data / "pid"),
            "RABBITMQ_CONFIG_FILE": str(self.data / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self.data / "rabbitmq-env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.data / "enabled_plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG,
            "ERL_CRASH_DUMP": str(self.data / "log" / "erl_crash.dump"),
            "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            # Without a supervising shell in between: the Erlang machine itself takes the signals.
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def prepare(self) -> None:
        """Lay out the data folder."""
        for part in ("home", "mnesia", "log"):
            (self.data / part).mkdir(parents=True, exist_ok=True)
        (self.data / "rabbitmq.conf").write_text("disk_free_limit.absolute = 100MB\n")
        (self.data / "rabbitmq-env.conf").touch()
        (self.data / "enabled_plugins").write_text("[].\n")

    def start(self) -> str:
        """Start the broker on its data, wait until it greets, and give its version."""
        process = None
        if not self.nodes():
            self.prepare()
            command = [str(SCRIPTS / "rabbitmq-server")]
            process = processes.spawn(self.folder, NAME, command, self.environment())
        return processes.await_answer(lambda: self.probe(self.address), 60, self.last_words, process)

    def last_words(self) -> str:
        """The end of its log."""
        return processes.last_line(self.folder.log(NAME))

    def nodes(self) -> list[int]:
        """The Erlang machine of the broker, without its helpers and the name server."""
        ours = processes.marked(self.folder, NAME)
        return [pid for pid in ours if processes.program(pid).startswith("beam")]

    def stop(self, immediate: bool = False) -> None:
        """Stop the broker in good order, or at once as a power cut would; the name server stays."""
        processes.stop(self.nodes, signal.SIGKILL if immediate else signal.SIGTERM, 30)

    def remove(self) -> bool:
        """Stop all of it and delete its data; False when there was nothing."""
        there = self.data.exists() or bool(processes.marked(self.folder, NAME))
        self.stop()
        processes.stop(lambda: processes.marked(self.folder, NAME), signal.SIGTERM, 3)
        shutil.rmtree(self.data, ignore_errors=True)
        return there

    def ctl(self, arguments: Sequence[str]) -> int:
        """Run rabbitmqctl against this broker; its exit status."""
        script = SCRIPTS / "rabbitmqctl"
        if not script.exists():
            raise UnavailableError("rabbitmqctl is not installed")
        return programs.hand_over([str(script), *arguments], self.environment())
