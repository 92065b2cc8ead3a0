"""kill -9 at the marked places while cases go through: nothing lost, nothing sent twice, or parked with its reason."""

import re
from collections import Counter
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from tests.fakes.twilio_remote import RemoteTwilio, twilio_process
from tests.load import post_many, until_still
from tests.platform import Platform, case_numbers, city, until

CASES = 1000
KILLS = 50
SETTLED = ("accepted", "delivered", "failed", "parked", "suppressed", "expired")


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_fifty_kills_lose_nothing_and_send_nothing_twice(tmp_path: Path) -> None:
    with twilio_process() as provider:
        setting = f"{provider.setting}&settle=2"
        with city(tmp_path, LAMPPOST_SMS=setting) as platform:
            notify = "after_accept:0.025,after_publish:0.01,after_commit:0.002"
            platform.start("notify", "--processes", "2", LAMPPOST_FAILPOINT=notify)
            platform.start("intake", "--processes", "2", LAMPPOST_FAILPOINT="after_commit:0.015,after_publish:0.05")
            numbers = post_many(platform, CASES)
            wait_until_settled(platform, CASES)
            killed = kills(platform)
            assert killed >= KILLS, f"only {killed} kills"
            account_for_all(platform, provider, numbers)


def wait_until_settled(platform: Platform, count: int) -> None:
    """Every message has come to an end, whichever."""
    settled = until_still(lambda: messages(platform, SETTLED), count, seconds=420, quiet=120)
    assert settled == count, by_state(platform)
    until(lambda: messages(platform, ("waiting", "sending")) == 0, seconds=60)


def account_for_all(platform: Platform, provider: RemoteTwilio, numbers: list[str]) -> None:
    sent = Counter(number for one in provider.accepted() for number in set(case_numbers(one["body"])))
    parked = dict(rows(platform, "SELECT case_number, reason FROM message WHERE state = 'parked'"))
    assert len(set(numbers)) == len(numbers) == CASES
    assert {number for number, times in sent.items() if times > 1} == set()
    assert set(numbers) - set(sent) == set(parked) - set(sent)
    assert all(parked.values()), "parked without a reason"


def kills(platform: Platform) -> int:
    """How many processes died by kill -9."""
    return sum(len(re.findall(r"ended with -9", platform.log(name))) for name in ("intake", "notify"))


def messages(platform: Platform, states: tuple[str, ...]) -> int:
    return sum(count for state, count in by_state(platform).items() if state in states)


def by_state(platform: Platform) -> dict[str, int]:
    return dict(rows(platform, "SELECT state, count(*) FROM message GROUP BY state"))


def rows(platform: Platform, query: str) -> list[tuple[str, int]]:
    with closing(psycopg2.connect(platform.environment["LAMPPOST_NOTIFY_STORE"])) as connection:
        cursor = connection.cursor()
        cursor.execute("SET lamppost.tenant = '*'")
        cursor.execute(query)
        return cursor.fetchall()
