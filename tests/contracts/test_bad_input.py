"""Every door that takes something, of every service, given rubbish: 4xx, never 5xx, and nothing is written."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis.bus import AskFailed
from chassis.manifest import Manifest, installed
from chassis.runtime import Runtime
from chassis.store import OutboxRow
from tests.conftest import MakeRuntime
from tests.contracts.test_walls import SAMPLES, doors

MANIFESTS = list(installed().values())
FORM = "application/x-www-form-urlencoded"
RUBBISH = [
    ("broken UTF-8", FORM, b"name=%ff%fe&description=\xff"),
    ("NUL", FORM, b"name=a%00b&phone=%00"),
    ("a megabyte of text", FORM, b"description=" + b"x" * 1_100_000),
    ("unknown fields", FORM, b"surprise=1&csrf_token=nonsense"),
    ("no token", FORM, b"name=a"),
    ("broken JSON", "application/json", b'{"name": '),
    ("wrong types", "application/json", b'{"name": [1, {"a": null}]}'),
    ("half a multipart", "multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=a"),
    ("no body", FORM, b""),
]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda manifest: manifest.name)
def test_rubbish_is_refused_and_changes_nothing(make_runtime: MakeRuntime, manifest: Manifest) -> None:
    runtime = make_runtime(manifest)
    runtime.ask = _silence  # type: ignore[assignment]
    client = manifest.web(runtime).test_client()
    for path in _taking(runtime):
        for what, kind, body in RUBBISH:
            answer = client.post(path, data=body, content_type=kind)
            assert 300 <= answer.status_code < 500, (path, what, answer.status_code)
    with runtime.store.everywhere() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 0


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda manifest: manifest.name)
def test_strange_addresses_are_not_found(make_runtime: MakeRuntime, manifest: Manifest) -> None:
    runtime = make_runtime(manifest)
    runtime.ask = _silence  # type: ignore[assignment]
    client = manifest.web(runtime).test_client()
    for path in (
        "/%ff",
        "/douliu/%00",
        "/douliu/" + "x" * 5000,
        "/DOULIU/",
        "/douliu/../etc/passwd",
        "/nowhere/search",
    ):
        assert client.get(path).status_code in (301, 302, 308, 400, 404, 414), path
    for method, path in doors(manifest.web(runtime)):
        if method == "GET":
            for query in ("?q=%ff", "?after=%00&limit=-1", "?lang=%F0%9F%92%A1", "?page=99999999999999999999"):
                assert client.get(path + query).status_code != 500, path + query


def _taking(runtime: Runtime) -> Iterator[str]:
    for method, path in doors(runtime.manifest.web(runtime)):
        if method == "POST":
            yield path
    if runtime.name == "notify":
        yield "/hooks/sms/twilio"
    if runtime.name == "survey":
        yield f"/s/{SAMPLES['token']}"


def _silence(*_: Any, **__: Any) -> Any:
    raise AskFailed("nobody is there")
