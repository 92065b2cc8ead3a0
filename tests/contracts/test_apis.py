"""Every OpenAPI document, tried by machine: whatever is sent, no API breaks, and nothing it answers is undocumented."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok

from chassis.bus import AskFailed
from chassis.manifest import Manifest, installed
from tests.conftest import MakeRuntime

MANIFESTS = list(installed().values())


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda manifest: manifest.name)
def test_no_request_breaks_an_api(make_runtime: MakeRuntime, manifest: Manifest, mode: GenerationMode) -> None:
    runtime = make_runtime(manifest)
    runtime.ask = _silence  # type: ignore[assignment]
    schema = schemathesis.openapi.from_wsgi(f"/{manifest.name}/openapi.json", manifest.web(runtime))
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert operations
    for operation in operations:

        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy(generation_mode=mode))
        def attempt(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(checks=[not_a_server_error])

        attempt()


def _silence(*_: Any, **__: Any) -> Any:
    raise AskFailed("nobody is there")
