"""A PostgreSQL cluster of our own with PostGIS at hand, loopback only, as durable as in production."""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import signal
from functools import cached_property
from pathlib import Path

from . import packages, probes, processes, programs
from .state import Folder, State, UnavailableError

NAME = "postgres"
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
shared_buffers = 128MB
log_min_messages = warning
"""


class PostgreSQL:
    """The server, had from the distribution's packages. It refuses root: then the user postgres runs it."""

    name = NAME
    variable = "LAMPPOST_TEST_POSTGRES"
    probe = staticmethod(probes.postgres)

    def __init__(self, folder: Folder, state: State) -> None:
        self.folder = folder
        self.port = state.port(NAME)
        self.password = state.password
        self.address = f"postgresql://postgres:{state.password}@127.0.0.1:{self.port}/postgres"

    def packages(self) -> list[str]:
        """What the distribution must still install: the newest version that has PostGIS, or what is there."""
        if binaries(with_postgis=True):
            return []
        there = binaries(with_postgis=False)
        number = there.parent.name if there else r"[0-9]+"
        offered = packages.names(rf"^postgresql-{number}-postgis-3$")
        if not offered:
            raise UnavailableError("the distribution has no package postgresql-N-postgis-3")
        return [offered[-1].removesuffix("-postgis-3"), offered[-1]]

    @property
    def user(self) -> str | None:
        """Whom the server runs as, when not the caller."""
        return "postgres" if os.geteuid() == 0 else None

    @cached_property
    def data(self) -> Path:
        """The cluster's folder: in ours, or in the home of the user postgres when that one cannot enter ours."""
        inside = self.folder.data(NAME)
        if self.user is None or not exists(self.user) or reachable(inside.parent, self.user):
            return inside
        return Path(pwd.getpwnam(self.user).pw_dir) / f"lamppost-{hashlib.sha256(bytes(inside)).hexdigest()[:12]}"

    def start(self) -> str:
        """Start the server on its data (made on first start), wait until it connects, give its version."""
        tools = binaries(with_postgis=True)
        if tools is None:
            raise UnavailableError("PostgreSQL with PostGIS is not installed")
        process = None
        if not self.postmasters():
            self.prepare(tools)
            self.clear_after_crash()
            command = [str(tools / "postgres"), "-D", str(self.data), "-p", str(self.port)]
            process = processes.spawn(self.folder, NAME, command, {"LC_ALL": "C.UTF-8"}, self.user)
        processes.await_answer(lambda: self.probe(self.address), 60, self.last_words, process)
        return version(tools)

    def last_words(self) -> str:
        """The end of its log."""
        return processes.last_line(self.folder.log(NAME))

    def prepare(self, tools: Path) -> None:
        """Make the cluster once; an unfinished one is begun anew."""
        if (self.data / "lamppost.ready").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700, parents=True)
        if self.user:
            shutil.chown(self.data, self.user, self.user)
        self.initdb(tools)
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        (self.data / "lamppost.ready").touch()

    def initdb(self, tools: Path) -> None:
        """Make an empty cluster whose superuser postgres has our password."""
        secret = self.data.with_suffix(".password")
        try:
            secret.touch(mode=0o600)
            secret.write_text(self.password)
            if self.user:
                shutil.chown(secret, self.user)
            command = [str(tools / "initdb"), "-D", str(self.data), "-U", "postgres", "-A", "scram-sha-256"]
            command += ["--pwfile", str(secret), "-E", "UTF8", "--locale", "C.UTF-8"]
            programs.demand(command, user=self.user, complaint="error:")
        finally:
            secret.unlink(missing_ok=True)

    def clear_after_crash(self) -> None:
        """See off the workers that a killed postmaster left, then its lock file.

        Its process number in there may be another's by now, or a zombie's, and would keep the next one out.
        """
        processes.stop(lambda: processes.living_in(self.data), signal.SIGQUIT, 10)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def postmasters(self) -> list[int]:
        """The process that rules the cluster; its workers end when it does."""
        data = str(self.data).encode()
        ours = processes.marked(self.folder, NAME)
        return [pid for pid in ours if data in processes.read(pid, "cmdline").split(b"\0")]

    def stop(self, immediate: bool = False) -> None:
        """Fast shutdown, or the immediate one, after which the next start recovers from the log."""
        processes.stop(self.postmasters, signal.SIGQUIT if immediate else signal.SIGINT, 60)

    def remove(self) -> bool:
        """Stop it and delete its data; False when there was nothing."""
        there = self.data.exists() or bool(self.postmasters())
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        return there


def binaries(with_postgis: bool) -> Path | None:
    """The programs of the newest installed version (that has PostGIS, if asked)."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    for initdb in reversed(found):
        control = Path("/usr/share/postgresql") / initdb.parts[-3] / "extension" / "postgis.control"
        if control.exists() or not with_postgis:
            return initdb.parent
    return None


def version(tools: Path) -> str:
    """Version of the server and of PostGIS."""
    said = programs.demand([str(tools / "postgres"), "--version"])[0]
    control = Path("/usr/share/postgresql") / tools.parent.name / "extension" / "postgis.control"
    postgis = re.search(r"default_version = '([^']+)'", control.read_text())
    return f"{said.split()[2]}+postgis{postgis[1] if postgis else ''}"


def exists(user: str) -> bool:
    """True when the machine has that user; the package makes it."""
    return any(entry.pw_name == user for entry in pwd.getpwall())


def reachable(folder: Path, user: str) -> bool:
    """True when that user may enter the folder."""
    return programs.run(["test", "-x", str(folder)], user=user)[0] == 0
