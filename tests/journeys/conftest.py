"""The platform the journeys go through, on a laptop and on real servers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.fakes.twilio_remote import twilio_process
from tests.platform import Platform, city, laptop, until

SERVICES = ("gis", "notify", "search", "survey", "intake")


@pytest.fixture(scope="session", params=["laptop", "city"])
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Both ways to run, with the demo offices: `lamppost run`, and five services on real servers."""
    folder = tmp_path_factory.mktemp(request.param)
    with _laptop(folder) if request.param == "laptop" else _city(folder) as running:
        until(lambda: _finds_lamps(running), seconds=120, what="a quick answer, once the demo's events have been heard")
        yield running


@contextmanager
def _laptop(folder: Path) -> Iterator[Platform]:
    with laptop(folder) as platform:
        platform.command("demo", "load")
        platform.run()
        yield platform


@contextmanager
def _city(folder: Path) -> Iterator[Platform]:
    with twilio_process() as provider, city(folder, LAMPPOST_SMS=provider.setting) as platform:
        platform.provider = provider
        platform.command("demo", "load")
        for service in SERVICES:
            platform.start(service)
        until(lambda: all(platform.ready(name) for name in SERVICES), what="all five ready")
        yield platform


def _finds_lamps(platform: Platform) -> bool:
    asked = f"{platform.url}/douliu/services/streetlight/apply/pole.json?number=01234"
    answer = requests.get(asked, timeout=10)
    return answer.status_code == 200 and answer.elapsed.total_seconds() < 0.5
