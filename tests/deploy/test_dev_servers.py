"""The servers of the development machine are real: each is used once; `up`, `control` and `down` keep their word."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from elasticsearch import Elasticsearch
from kombu import Connection, Exchange, Queue

REPOSITORY = Path(__file__).resolve().parents[2]
DEV = REPOSITORY / "deploy" / "dev"
DEAD = {
    "LAMPPOST_TEST_AMQP": "amqp://guest:guest@127.0.0.1:1/",
    "LAMPPOST_TEST_POSTGRES": "postgresql://postgres@127.0.0.1:1/postgres",
    "LAMPPOST_TEST_ELASTICSEARCH": "http://127.0.0.1:1",
    "LAMPPOST_TEST_CHROMIUM": "/nonexistent/chromium",
}

Address = Callable[[str], str]
Commands = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(name="address")
def address_from_environment_or_dev_folder() -> Address:
    """Gives the address a variable names; where there is none the test is skipped, in CI it fails."""

    def address(variable: str) -> str:
        folder = Path(os.environ.get("LAMPPOST_DEV_DIR") or REPOSITORY / ".dev")
        found = os.environ.get(variable) or exports(folder / "env").get(variable)
        if not found:
            give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
            give_up(f"{variable} is not set and deploy/dev/up has not had it")
        return found

    return address


def exports(path: Path) -> dict[str, str]:
    """The variables of an env file; none when there is no file."""
    words = shlex.split(path.read_text()) if path.exists() else []
    return dict(word.split("=", 1) for word in words if word != "export")


@pytest.fixture(name="commands")
def commands_in_a_folder_of_their_own(tmp_path: Path) -> Iterator[Commands]:
    """Runs up, control and down on servers of this test alone, and takes them down at the end."""
    folder = tmp_path / "dev"

    def run(command: str, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name not in DEAD and name != "CI"}
        all_env = {**kept, "LAMPPOST_DEV_DIR": str(folder), **(env or {})}
        return subprocess.run([DEV / command, *arguments], env=all_env, capture_output=True, text=True, timeout=240)

    yield run
    assert run("down", "--all").returncode == 0
    assert not folder.exists()


@pytest.mark.servers
def test_rabbitmq_delivers_what_was_published(address: Address) -> None:
    name = f"dev-servers-{uuid.uuid4().hex}"
    queue = Queue(name, Exchange(name, auto_delete=True), routing_key="lamp", auto_delete=True)
    with Connection(address("LAMPPOST_TEST_AMQP"), connect_timeout=5) as broker, broker.SimpleQueue(queue) as letters:
        letters.put({"pole": "01234", "district": "斗六"})
        letter = letters.get(timeout=5)
        letter.ack()
    assert letter.payload == {"pole": "01234", "district": "斗六"}


@pytest.mark.servers
def test_postgres_measures_metres_in_a_new_database_with_postgis(address: Address) -> None:
    url = urlsplit(address("LAMPPOST_TEST_POSTGRES"))
    name = f"dev_servers_{uuid.uuid4().hex}"
    execute(url.geturl(), f"CREATE DATABASE {name}")
    try:
        new = url._replace(path=f"/{name}").geturl()
        execute(new, "CREATE EXTENSION postgis")
        taipei_101_to_station = (
            "ST_Distance('POINT(121.5645 25.0340)'::geography, 'POINT(121.5170 25.0478)'::geography)"
        )
        assert execute(new, f"SELECT {taipei_101_to_station}")[0] == pytest.approx(5032, rel=0.01)
    finally:
        execute(url.geturl(), f"DROP DATABASE {name}")


@pytest.mark.servers
def test_postgres_is_durable(address: Address) -> None:
    url = address("LAMPPOST_TEST_POSTGRES")
    settings = [execute(url, f"SHOW {name}")[0] for name in ("fsync", "synchronous_commit", "full_page_writes")]
    assert settings == ["on", "on", "on"]


def execute(url: str, statement: str) -> list[object]:
    """Run one statement outside any transaction; the first column of what it gives."""
    connection = psycopg2.connect(url, connect_timeout=5)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return [row[0] for row in cursor.fetchall()] if cursor.description else []
    finally:
        connection.close()


@pytest.mark.servers
def test_elasticsearch_finds_what_was_indexed_and_nothing_else(address: Address) -> None:
    index = f"dev-servers-{uuid.uuid4().hex}"
    whitespace = {"properties": {"tokens": {"type": "text", "analyzer": "whitespace"}}}
    with Elasticsearch(address("LAMPPOST_TEST_ELASTICSEARCH"), request_timeout=10) as client:
        client.indices.create(index=index, mappings=whitespace)
        try:
            client.index(index=index, id="lamp", document={"tokens": "路燈 燈不 不亮"})
            client.index(index=index, id="park", document={"tokens": "公園 園除 除草"}, refresh=True)
            hits = client.search(index=index, query={"match": {"tokens": "不亮"}})["hits"]["hits"]
        finally:
            client.indices.delete(index=index)
    assert [hit["_id"] for hit in hits] == ["lamp"]


@pytest.mark.browser
def test_chromium_runs(address: Address) -> None:
    said = subprocess.run(
        [address("LAMPPOST_TEST_CHROMIUM"), "--version"], capture_output=True, text=True, timeout=60, check=True
    )
    assert "Chrom" in said.stdout


@pytest.mark.browser
def test_chromium_finds_a_font_with_traditional_chinese(address: Address) -> None:
    address("LAMPPOST_TEST_CHROMIUM")
    fonts = subprocess.run(["fc-list", ":lang=zh-tw", "family"], capture_output=True, text=True, timeout=60, check=True)
    assert fonts.stdout.strip()


def test_up_names_each_address_that_does_not_answer_and_takes_no_other_server(
    commands: Commands, tmp_path: Path
) -> None:
    done = commands("up", env=DEAD)
    missing = (tmp_path / "dev" / "missing").read_text().splitlines()
    assert done.returncode == 0
    assert {line.partition(":")[0] for line in missing} == {"rabbitmq", "postgres", "elasticsearch", "chromium"}
    assert all(name in "\n".join(missing) for name in DEAD)
    assert all(line.partition(":")[0] in done.stderr for line in missing)
    assert not DEAD.keys() & exports(tmp_path / "dev" / "env").keys()


def test_up_fails_in_ci_when_something_is_missing(commands: Commands) -> None:
    assert commands("up", env={**DEAD, "CI": "true"}).returncode == 1


@pytest.mark.servers
def test_a_server_given_by_the_environment_is_used_and_never_stopped(commands: Commands, address: Address) -> None:
    given = {"LAMPPOST_TEST_AMQP": address("LAMPPOST_TEST_AMQP")}
    assert commands("up", env={**DEAD, **given}).returncode == 0
    refused = commands("control", "rabbitmq", "stop")
    assert (refused.returncode, "given by the environment" in refused.stderr) == (2, True)
    assert commands("down").returncode == 0
    assert listens(given["LAMPPOST_TEST_AMQP"])


@pytest.mark.servers
@pytest.mark.faults
def test_a_server_of_ours_keeps_port_and_data_when_crashed_and_is_gone_after_down(
    commands: Commands, address: Address, tmp_path: Path
) -> None:
    address("LAMPPOST_TEST_POSTGRES")
    others = {name: value for name, value in DEAD.items() if name != "LAMPPOST_TEST_POSTGRES"}
    assert commands("up", env=others).returncode == 0
    url = exports(tmp_path / "dev" / "env")["LAMPPOST_TEST_POSTGRES"]
    execute(url, "CREATE TABLE lamps AS SELECT 1234 AS pole")

    assert commands("control", "postgres", "restart", "immediate").returncode == 0
    assert execute(url, "SELECT pole FROM lamps") == [1234]

    assert commands("control", "postgres", "stop").returncode == 0
    assert not listens(url)
    assert commands("up", env=others).returncode == 0
    assert execute(url, "SELECT pole FROM lamps") == [1234]

    assert [commands("down").returncode, commands("down").returncode] == [0, 0]
    assert not listens(url)


def listens(url: str) -> bool:
    """True when somebody takes connections at the address of the URL."""
    parts = urlsplit(url)
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex((parts.hostname, parts.port)) == 0
