"""A stand-in Twilio for the tests of the stand-in, and a client without the SDK."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from twilio.rest import Client

from tests.fakes.hook import Hook
from tests.fakes.twilio import SENDER, SID, TOKEN, FakeTwilio

TO = "+886912345678"


OTHER, OTHER_TOKEN = "AC" + "9" * 32, "e" * 32


SERVICE = "MG" + "5" * 32


TABLE = f"/2010-04-01/Accounts/{SID}/Messages.json"


Post = Any


def sdk(twilio: FakeTwilio) -> Client:
    client = Client(SID, TOKEN)
    client.api.base_url = twilio.url
    client.http_client.session.trust_env = False
    return client


@pytest.fixture(scope="module")
def server() -> Iterator[FakeTwilio]:
    with FakeTwilio(accounts={SID: TOKEN, OTHER: OTHER_TOKEN}) as fake:
        yield fake


@pytest.fixture
def twilio(server: FakeTwilio) -> FakeTwilio:
    server.reset()
    return server


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as hook:
        yield hook


@pytest.fixture(scope="module")
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.auth = (SID, TOKEN)
        yield session


@pytest.fixture
def post(twilio: FakeTwilio, http: requests.Session) -> Post:
    def posted(**form: Any) -> requests.Response:
        fields = {"To": TO, "From": SENDER, "Body": "路燈"} | {name.strip("_"): value for name, value in form.items()}
        wanted = {name: value for name, value in fields.items() if value is not None}
        return http.post(twilio.url + TABLE, data=wanted, timeout=10)

    return posted
