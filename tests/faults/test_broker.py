"""The broker goes away while cases come in, and comes back: every receipt is sent, none twice."""

from collections import Counter
from pathlib import Path

import pytest

from tests import servers
from tests.fakes.twilio_remote import twilio_process
from tests.load import post_many, until_still
from tests.platform import case_numbers, city

CASES = 1000


@pytest.mark.faults
@pytest.mark.timeout(420)
def test_a_thousand_cases_without_a_broker_become_a_thousand_receipts(tmp_path: Path) -> None:
    with twilio_process() as provider, city(tmp_path, LAMPPOST_SMS=provider.setting) as platform:
        platform.start("notify")
        platform.start("intake")
        servers.control("rabbitmq", "stop")
        try:
            numbers = post_many(platform, CASES)
            assert provider.count() == 0
        finally:
            servers.control("rabbitmq", "start")
        assert len(set(numbers)) == CASES
        until_still(provider.count, CASES, seconds=240, quiet=60)
        told = Counter(number for one in provider.accepted() for number in set(case_numbers(one["body"])))
        assert set(told) == set(numbers)
        assert set(told.values()) == {1}
