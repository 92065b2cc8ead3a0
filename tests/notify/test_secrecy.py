"""Nobody who reads the database, the logs or the bus finds a number, an address, a name, a text or a code."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from twilio.request_validator import RequestValidator

from chassis.runtime import Runtime
from services.notify import manifest
from services.notify.mail import mail_from
from services.notify.ports import Ports
from tests.fakes.mailbox import Mailbox
from tests.fakes.twilio import TOKEN, FakeTwilio
from tests.notify.conftest import Browser, Make
from tests.notify.world import EMAIL, NAME, SURVEY, every, sender, tell

PHONES = {"+886912345678": "", "+886901921211": "", "+886901920503": "", "05-532-2011": "landline"}
SECRETS = [
    "912345678",
    "901921211",
    "901920503",
    "5322011",
    "532-2011",
    EMAIL,
    NAME,
    "7K4M2P",
    "pZ3kQ9xV",
    "已更換燈具",
]


def dump(runtime: Runtime) -> str:
    """Every value of every table of notify's database."""
    tables = [table.name for table in manifest.tables.sorted_tables]
    if runtime.store.dialect == "sqlite":
        connection: Any = sqlite3.connect(str(runtime.store.url.database))
    else:
        connection = psycopg2.connect(runtime.store.url.render_as_string(hide_password=False))
        connection.cursor().execute("SELECT set_config('lamppost.tenant', '*', false)")
    rows: list[Any] = []
    for table in tables:
        cursor = connection.cursor()
        cursor.execute(f"SELECT * FROM {table}")
        rows += cursor.fetchall()
    connection.close()
    assert len(rows) > 15
    return str(rows)


@pytest.fixture
def busy(make: Make, url: str, twilio: FakeTwilio, caplog: pytest.LogCaptureFixture) -> Runtime:
    """An office whose messages were sent, refused, lost, bounced, reported and decided about."""
    caplog.set_level(logging.DEBUG)
    runtime = make(url, LAMPPOST_SMS=f"{twilio.setting}&settle=0", LAMPPOST_PUBLIC_URL="https://lamp.example")
    twilio.script(times=None, answer="accept", to_suffix="345678", callbacks={"drop": ["*"]})
    with Mailbox() as box:
        runtime.ports = Ports(runtime.ports.sms, mail_from(box.setting))
        box.script("550", "rcpt-550", "drop-stored")
        for number, phone in enumerate(PHONES):
            tell(runtime, phone=phone, email=EMAIL, number=f"DL-115-{number:06}-1")
        tell(runtime, "case_closed", number="DL-115-000009-9", sequence=3, survey=SURVEY, email="not an address")
        for channel in ("sms", "email"):
            one = sender(runtime, channel)  # type: ignore[arg-type]
            one.send()
            one.ask()
    return runtime


def test_no_personal_data_at_rest_in_plain(busy: Runtime) -> None:
    states = {message.state for message in every(busy)}
    assert states >= {"accepted", "failed", "suppressed", "parked"}
    found = dump(busy)
    assert [secret for secret in SECRETS if secret in found] == []


def test_no_personal_data_in_any_log(
    busy: Runtime, browse: Browser, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    client = browse(busy)
    fields = {"MessageSid": "SM1", "MessageStatus": "sent", "To": "+886912345678"}
    address = "https://lamp.example/hooks/sms/twilio?t=douliu"
    signature = RequestValidator(TOKEN).compute_signature(address, fields)
    client.post("/hooks/sms/twilio?t=douliu", data=fields, headers={"X-Twilio-Signature": signature})
    client.post("/hooks/sms/twilio?t=douliu", data=fields)
    browse(busy, "douliu", "chief").get("/douliu/messages/")
    written = capsys.readouterr()
    logs = caplog.text + str([record.__dict__ for record in caplog.records]) + written.out + written.err
    assert logs
    assert [secret for secret in SECRETS if secret in logs] == []


def test_no_personal_data_on_the_bus(busy: Runtime) -> None:
    from tests.notify.world import outbox

    said = outbox(busy)
    assert len(said) >= 5
    assert [secret for secret in SECRETS if secret in str(said)] == []


def test_the_code_keeps_no_secret_either() -> None:
    for file in (Path(__file__).resolve().parents[2] / "services" / "notify").rglob("*.py"):
        assert "AC0123" not in file.read_text(encoding="utf-8")
