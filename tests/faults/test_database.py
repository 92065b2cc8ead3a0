"""PostgreSQL is restarted under load: whoever was answered 201 finds the case afterwards."""

import threading
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from tests import servers
from tests.load import api_key, post_case
from tests.platform import Platform, city, until

CLIENTS = 8
RESTARTS = 3


@pytest.mark.faults
@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_no_answered_case_is_missing_after_restarts(tmp_path: Path, how: str) -> None:
    with city(tmp_path) as platform:
        platform.start("intake")
        answered = Answered(platform)
        with answered:
            for place in range(1, RESTARTS + 1):
                until(lambda place=place: len(answered.numbers) >= place * 100, what="load")  # type: ignore[misc]
                servers.control("postgres", "restart", *(["immediate"] if how == "immediate" else []))
            until(lambda: len(answered.numbers) >= (RESTARTS + 1) * 100, seconds=60, what="recovery")
        assert set(answered.numbers) <= stored(platform)
        assert len(set(answered.numbers)) == len(answered.numbers)


class Answered:
    """Clients that post until told to stop, and write down every number they were answered."""

    def __init__(self, platform: Platform) -> None:
        self.base, self.key = f"{platform.url}/douliu", api_key(platform)
        self.numbers: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._post, args=(place,)) for place in range(CLIENTS)]

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def _post(self, place: int) -> None:
        while not self._stop.is_set():
            number = post_case(self.base, self.key, place, keep_trying=False)
            if number:
                self.numbers.append(number)
            place += CLIENTS


def stored(platform: Platform) -> set[str]:
    with closing(psycopg2.connect(platform.environment["LAMPPOST_INTAKE_STORE"])) as connection:
        cursor = connection.cursor()
        cursor.execute("SET lamppost.tenant = '*'")
        cursor.execute("SELECT number FROM cases")
        return {number for (number,) in cursor.fetchall()}
