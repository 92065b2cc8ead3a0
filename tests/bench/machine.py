"""What this was measured on."""

import platform
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from kombu import Connection

from tests import servers

LIBRARIES = ("sqlalchemy", "psycopg2-binary", "flask", "eventlet", "nameko", "kombu", "amqp")


def machine() -> dict[str, Any]:
    """Cores, memory in MB, load before the run, versions of Python, libraries and servers."""
    return {
        "processor": _processor(),
        "cores": psutil.cpu_count(),
        "memory_mb": psutil.virtual_memory().total // 2**20,
        "load_before": psutil.getloadavg()[0],
        "python": platform.python_version(),
        "postgresql": _postgresql(),
        "rabbitmq": _rabbitmq(),
        **{name: version(name) for name in LIBRARIES},
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _postgresql() -> str:
    with closing(psycopg2.connect(servers.required("POSTGRES"))) as connection:
        return ".".join(map(str, divmod(connection.server_version, 10000)))


def _rabbitmq() -> str:
    with Connection(servers.required("AMQP")) as connection:
        connection.connect()
        return str(connection.connection.server_properties["version"])
