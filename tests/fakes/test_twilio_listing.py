"""The list of messages is filtered and paged as the SDK expects."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime

import requests

from tests.fakes.conftest import OTHER, OTHER_TOKEN, TABLE, TO, Post, sdk
from tests.fakes.twilio import SID, FakeTwilio


def test_the_list_is_filtered_and_paged_for_the_sdk(twilio: FakeTwilio, post: Post) -> None:
    sids = [
        post(To=f"+88691234567{number % 2}", From=("111", "222")[number % 3 > 0]).json()["sid"] for number in range(9)
    ]
    assert twilio.drain()
    client = sdk(twilio)
    assert [message.sid for message in client.messages.list(page_size=2)] == sids[::-1]
    assert [message.sid for message in client.messages.list(to="+886912345670", page_size=2)] == sids[::-2]
    assert [message.sid for message in client.messages.list(from_="111")] == sids[6::-3]
    assert len(client.messages.list(limit=4, page_size=3)) == 4
    sent = client.messages(sids[0]).fetch().date_sent
    assert len(client.messages.list(date_sent=sent.date().isoformat())) == 9
    assert len(client.messages.list(date_sent_after=sent - timedelta(minutes=1))) == 9
    assert client.messages.list(date_sent_after=sent + timedelta(minutes=1)) == []
    assert client.messages.list(date_sent_before=sent - timedelta(minutes=1)) == []


def test_a_queued_message_has_no_date_of_sending_to_filter_by(twilio: FakeTwilio, post: Post) -> None:
    twilio.script(callbacks={"delay": 60})
    post()
    client = sdk(twilio)
    assert len(client.messages.list(to=TO)) == 1
    assert client.messages.list(to=TO, date_sent_after=parsedate_to_datetime("Thu, 01 Jan 2015 00:00:00 +0000")) == []


def test_accounts_do_not_see_each_other(twilio: FakeTwilio, post: Post) -> None:
    post()
    table = TABLE.replace(SID, OTHER)
    answer = requests.get(twilio.url + table, auth=(OTHER, OTHER_TOKEN), timeout=10)
    assert answer.json()["messages"] == []
