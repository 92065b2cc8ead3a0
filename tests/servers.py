"""The real servers of `deploy/dev/up`: where they are, and databases and virtual hosts of one's own."""

import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

ROOT = Path(__file__).resolve().parent.parent
CONTROL = ROOT / "deploy" / "dev" / "control"


def address(server: str) -> str | None:
    """`AMQP`, `POSTGRES`, `ELASTICSEARCH` or `CHROMIUM`: from the environment, else from what `deploy/dev/up` wrote."""
    name = f"LAMPPOST_TEST_{server}"
    return os.environ.get(name) or _written().get(name)


def required(server: str) -> str:
    """The address; without it the test is skipped with the reason, and fails where CI=true."""
    found = address(server)
    if found is None:
        reason = f"no {server} (run deploy/dev/up)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def control(*arguments: str) -> str:
    """Stop, start or ask one of our own servers: `control("rabbitmq", "stop")`."""
    done = subprocess.run([CONTROL, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"control {arguments}: {done.stdout}{done.stderr}"
    return done.stdout


@contextmanager
def database(name: str) -> Iterator[str]:
    """A database of one's own, with a role that is no superuser, and PostGIS for gis; yields its address."""
    admin = required("POSTGRES")
    unique = f"test_{name}_{secrets.token_hex(4)}"
    password = secrets.token_hex(8)
    _sql(admin, f"CREATE ROLE {unique} LOGIN PASSWORD '{password}'", f"CREATE DATABASE {unique} OWNER {unique}")
    where = urlsplit(admin)
    if name == "gis":
        _sql(admin.rsplit("/", 1)[0] + f"/{unique}", "CREATE EXTENSION IF NOT EXISTS postgis")
    try:
        yield f"postgresql://{unique}:{password}@{where.hostname}:{where.port}/{unique}"
    finally:
        _sql(admin, f"DROP DATABASE IF EXISTS {unique} WITH (FORCE)", f"DROP ROLE IF EXISTS {unique}")


@contextmanager
def virtual_host() -> Iterator[str]:
    """A RabbitMQ virtual host of one's own where the broker is ours; yields its address."""
    broker = required("AMQP")
    if not _controlled("rabbitmq"):
        yield broker
        return
    name = f"test-{secrets.token_hex(4)}"
    user = urlsplit(broker).username or "guest"
    control("rabbitmq", "ctl", "add_vhost", name)
    control("rabbitmq", "ctl", "set_permissions", "-p", name, user, ".*", ".*", ".*")
    try:
        yield re.sub(r"/[^/]*$", f"/{name}", broker)
    finally:
        control("rabbitmq", "ctl", "delete_vhost", name)


def _controlled(server: str) -> bool:
    names = os.environ.get("LAMPPOST_TEST_CONTROLLED") or _written().get("LAMPPOST_TEST_CONTROLLED", "")
    return server in names.split()


def _sql(url: str, *statements: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        for statement in statements:
            connection.cursor().execute(statement)
    finally:
        connection.close()


def _written() -> dict[str, str]:
    file = Path(os.environ.get("LAMPPOST_DEV_DIR", ROOT / ".dev")) / "env"
    if not file.is_file():
        return {}
    lines = re.findall(r"^export (\w+)=(.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: value.strip("'\"") for name, value in lines}
