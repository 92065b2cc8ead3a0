"""The stand-in answers as Twilio is documented to, so that what passes against it means something."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.conftest import OTHER, OTHER_TOKEN, SERVICE, TABLE, TO, Post
from tests.fakes.twilio import SENDER, SID, TOKEN, FakeTwilio


@pytest.mark.parametrize(
    "auth", [None, (SID, "wrong"), ("", ""), (OTHER, OTHER_TOKEN), (SID, OTHER_TOKEN), ("AC" + "0" * 32, TOKEN)]
)
def test_only_the_account_itself_gets_in(twilio: FakeTwilio, auth: tuple[str, str] | None) -> None:
    for verb, path in (("GET", TABLE), ("POST", TABLE), ("GET", f"/2010-04-01/Accounts/{SID}.json")):
        answer = requests.request(verb, twilio.url + path, auth=auth, timeout=10, proxies={"http": ""})
        assert answer.status_code == 401
        assert answer.json()["code"] == 20003
    assert twilio.accepted() == []


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic /w==", "Bearer x", "basic"])
def test_a_strange_authorization_header_is_refused(twilio: FakeTwilio, http: requests.Session, header: str) -> None:
    answer = requests.get(twilio.url + TABLE, headers={"Authorization": header}, timeout=10)
    assert answer.status_code == 401


def test_a_message_has_the_shape_of_the_resource(post: Post) -> None:
    answer = post(Body="好" * 71)
    message = answer.json()
    assert answer.status_code == 201
    assert re.fullmatch(r"SM[0-9a-f]{32}", message["sid"])
    assert message["uri"] == f"/2010-04-01/Accounts/{SID}/Messages/{message['sid']}.json"
    expected = {"status": "queued", "num_segments": "2", "num_media": "0", "price": None, "error_code": None}
    expected |= {"direction": "outbound-api", "to": TO, "from": SENDER, "account_sid": SID, "date_sent": None}
    assert {name: message[name] for name in expected} == expected
    created = parsedate_to_datetime(message["date_created"])
    assert created.utcoffset() == timedelta(0)
    assert abs(created.timestamp() - time.time()) < 5


def test_a_messaging_service_accepts_and_counts_later(post: Post) -> None:
    message = post(MessagingServiceSid=SERVICE, From=None).json()
    assert (message["status"], message["num_segments"], message["from"]) == ("accepted", "0", None)
    assert message["messaging_service_sid"] == SERVICE


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": None}, 21604),
        ({"To": "0912345678"}, 21211),
        ({"To": "+886 912 345 678"}, 21211),
        ({"To": "+88691234567"}, 21211),
        ({"To": "+8869123456789"}, 21211),
        ({"To": "nobody"}, 21211),
        ({"To": "+88655321234"}, 21614),
        ({"From": None}, 21603),
        ({"From": "0912-345-678"}, 21212),
        ({"From": "a name too long"}, 21212),
        ({"Body": None}, 21602),
        ({"Body": "  "}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"MessagingServiceSid": "MG1"}, 21705),
        ({"StatusCallback": "/relative"}, 21609),
        ({"StatusCallback": "http://my_host/x"}, 21609),
        ({"StatusCallback": "ftp://host/x"}, 21609),
        ({"StatusCallback": "http://host/" + "x" * 4000}, 21609),
        ({"ValidityPeriod": "0"}, 90007),
        ({"ValidityPeriod": "36001"}, 90007),
        ({"ValidityPeriod": "1.5"}, 90007),
        ({"Attempt": "none"}, 20001),
        ({"SmartEncoded": "perhaps"}, 20001),
        ({"ContentRetention": "some"}, 20001),
        ({"ScheduleType": "fixed"}, 20001),
        ({"ScheduleType": "fixed", "SendAt": "2030-01-01T00:00:00Z"}, 35118),
        ({"IdempotencyKey": "7"}, 20001),
        ({"to": TO}, 20001),
        ({"Body": ["one", "two"]}, 20001),
    ],
    ids=str,
)
def test_bad_fields_are_refused_as_twilio_refuses_them(
    twilio: FakeTwilio, post: Post, form: dict[str, Any], code: int
) -> None:
    answer = post(**form)
    assert answer.status_code == 400
    assert answer.json() | {"message": "", "more_info": ""} == {
        "code": code,
        "message": "",
        "more_info": "",
        "status": 400,
    }
    assert twilio.accepted() == []


@pytest.mark.parametrize(
    "form",
    [
        {"Body": "x" * 1600},
        {"ValidityPeriod": "36000", "SmartEncoded": "true", "Attempt": "2", "RiskCheck": "enable"},
        {"From": "Douliu"},
        {"From": "12345"},
        {"StatusCallback": "https://lamp.example/hooks/sms?n=1&k=%2F#rc=5&rp=5xx,ct,rt"},
    ],
    ids=str,
)
def test_good_fields_are_accepted(twilio: FakeTwilio, post: Post, form: dict[str, Any]) -> None:
    assert post(**form).status_code == 201
    assert len(twilio.accepted()) == 1


def test_bytes_that_are_not_utf8_are_refused(twilio: FakeTwilio, http: requests.Session) -> None:
    for data in (b"Body=\xff", b"Body=%FF"):
        assert http.post(twilio.url + TABLE, data=data, timeout=10).json()["code"] == 20001


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200).filter(str.strip), st.integers(0, 99999))
def test_what_is_accepted_is_what_was_sent(twilio: FakeTwilio, post: Post, body: str, number: int) -> None:
    to = f"+8869120{number:05d}"
    sid = post(Body=body, To=to).json()["sid"]
    last = twilio.accepted()[-1]
    assert (last["sid"], last["to"], last["body"]) == (sid, to, body)


def test_the_sdk_reads_one_message_and_deletes_it(twilio: FakeTwilio, http: requests.Session, post: Post) -> None:
    address = twilio.url + post().json()["uri"]
    assert http.get(address, timeout=10).json()["body"] == "路燈"
    assert http.post(address, data={"Body": ""}, timeout=10).json()["body"] == ""
    assert http.post(address, data={"Status": "canceled"}, timeout=10).status_code == 400
    assert http.delete(address, timeout=10).status_code == 204
    assert http.get(address, timeout=10).json()["code"] == 20404
    assert [kept["body"] for kept in twilio.accepted()] == ["路燈"]


def test_a_scheduled_message_waits_and_can_be_canceled(http: requests.Session, twilio: FakeTwilio, post: Post) -> None:
    form = {"ScheduleType": "fixed", "SendAt": "2030-01-01T00:00:00Z", "MessagingServiceSid": SERVICE}
    message = post(**form).json()
    assert message["status"] == "scheduled"
    assert twilio.drain(1)
    canceled = http.post(twilio.url + message["uri"], data={"Status": "canceled"}, timeout=10)
    assert canceled.json()["status"] == "canceled"


def test_bodies_are_not_kept_when_asked_so(twilio: FakeTwilio, http: requests.Session, post: Post) -> None:
    address = twilio.url + post(ContentRetention="discard").json()["uri"]
    assert http.get(address, timeout=10).json()["body"] == ""
