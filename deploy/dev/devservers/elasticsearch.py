"""A genuine Elasticsearch node, put together from the jars its makers publish for Maven.

There is no distribution package. The jars hold the server and its HTTP transport, not the other modules
(no `GET /`, no language analyzers, no scripting): enough for what Lamppost asks of it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
from pathlib import Path

from . import packages, probes, processes, programs
from .state import Folder, State, UnavailableError

NAME = "elasticsearch"
SOURCE = Path(__file__).resolve().parents[1] / "elasticsearch"
HEAP = "512m"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"


def pinned_version() -> str:
    """The version in pom.xml, the one place that names it."""
    found = re.search(r"<elasticsearch.version>(.+)</", (SOURCE / "pom.xml").read_text())
    return found[1] if found else "unnamed"


class Elasticsearch:
    """The node, had through Maven and a JDK."""

    name = NAME
    variable = "LAMPPOST_TEST_ELASTICSEARCH"
    probe = staticmethod(probes.elasticsearch)

    def __init__(self, folder: Folder, state: State) -> None:
        self.folder = folder
        self.data = folder.data(NAME)
        self.version = pinned_version()
        self.jars = folder.downloads / f"elasticsearch-{self.version}"
        self.port = state.port(NAME)
        self.transport_port = state.port("elasticsearch-transport")
        self.address = f"http://127.0.0.1:{self.port}"

    @property
    def fetched(self) -> bool:
        """True when the jars are here and compiled against."""
        return (self.jars / "complete").exists()

    def packages(self) -> list[str]:
        """What the distribution must still install."""
        wanted = []
        if java_home() is None:
            jdks = ("openjdk-17-jdk-headless", "openjdk-21-jdk-headless", "default-jdk-headless")
            wanted.append(packages.first_offered(*jdks))
        if not self.fetched and not shutil.which("mvn"):
            wanted.append(packages.first_offered("maven"))
        return wanted

    def fetch(self) -> None:
        """Get the jars and compile the main class; kept from then on."""
        if self.fetched:
            return
        shutil.rmtree(self.jars, ignore_errors=True)
        (self.jars / "modules" / "transport-netty4").mkdir(parents=True)
        into = f"-DoutputDirectory={self.jars / 'classpath'}"
        run_java("mvn", "-q", "-B", "-f", str(SOURCE / "pom.xml"), COPY, into)
        self.make_module()
        classes = str(self.jars / "classes")
        run_java("javac", "-cp", f"{self.jars}/classpath/*", "-d", classes, str(SOURCE / "DevelopmentNode.java"))
        (self.jars / "complete").touch()

    def make_module(self) -> None:
        """Set the HTTP transport apart as a module: the node refuses jars that are on the class path as well."""
        module = self.jars / "modules" / "transport-netty4"
        for pattern in ("netty-*.jar", "transport-netty4-*.jar"):
            for jar in (self.jars / "classpath").glob(pattern):
                jar.rename(module / jar.name)
        descriptor = (SOURCE / "plugin-descriptor.properties").read_text()
        text = descriptor.replace("@version@", self.version)
        (module / "plugin-descriptor.properties").write_text(text)

    def prepare(self) -> None:
        """Lay out the home folder."""
        for part in ("config", "tmp"):
            (self.data / part).mkdir(parents=True, exist_ok=True)
        shutil.copy(SOURCE / "log4j2.properties", self.data / "config")
        modules = self.data / "modules"
        modules.unlink(missing_ok=True)
        modules.symlink_to(self.jars / "modules")

    def command(self) -> list[str]:
        """The command line of the node; its settings are the arguments."""
        classpath = f"{self.jars}/classes:{self.jars}/classpath/*"
        flags = [f"-Xmx{HEAP}", "-XX:+UseSerialGC", f"-Djava.io.tmpdir={self.data / 'tmp'}", "-Dfile.encoding=UTF-8"]
        ports = [f"http.port={self.port}", f"transport.port={self.transport_port}"]
        java = str(required_java_home() / "bin" / "java")
        return [java, *flags, "-cp", classpath, "DevelopmentNode", f"path.home={self.data}", *ports]

    def start(self) -> str:
        """Start the node on its data, wait until it answers, give its version."""
        process = None
        if not self.nodes():
            self.fetch()
            self.prepare()
            process = processes.spawn(self.folder, NAME, self.command(), {})
        return processes.await_answer(lambda: self.probe(self.address), 90, self.last_words, process)

    def last_words(self) -> str:
        """The end of its log."""
        return processes.last_line(self.folder.log(NAME))

    def nodes(self) -> list[int]:
        """The Java machine."""
        return processes.marked(self.folder, NAME)

    def stop(self, immediate: bool = False) -> None:
        """Stop the node in good order, or at once."""
        processes.stop(self.nodes, signal.SIGKILL if immediate else signal.SIGTERM, 20)

    def remove(self) -> bool:
        """Stop it and delete its data, not the jars; False when there was nothing."""
        there = self.data.exists() or bool(self.nodes())
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        return there


def java_home() -> Path | None:
    """A JDK that can compile and that Elasticsearch 8.19 runs on: 17 first, else the lowest above."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    usable = [home for home in homes if (home / "bin" / "javac").exists() and java_version(home) >= 17]
    return min(usable, key=java_version, default=None)


def java_version(home: Path) -> int:
    """The feature version of a JDK, 0 when it does not say."""
    try:
        found = re.search(r'^JAVA_VERSION="(\d+)', (home / "release").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


def required_java_home() -> Path:
    """The JDK; raises UnavailableError when there is none."""
    home = java_home()
    if home is None:
        raise UnavailableError("no JDK 17 or later")
    return home


def run_java(program: str, *arguments: str) -> None:
    """Run a program of Java's world with our JDK; raises UnavailableError with its first complaint."""
    home = required_java_home()
    env = {"JAVA_HOME": str(home), "PATH": f"{home}/bin:{os.environ['PATH']}"}
    programs.demand([program, *arguments], seconds=900, env=env, complaint=r"ERROR|error:")
