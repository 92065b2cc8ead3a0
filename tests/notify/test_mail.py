"""One setting chooses the mail port, and says which part of it is wrong."""

from __future__ import annotations

import logging

import pytest

from services.notify.mail import ConsoleMail, MailPort, RecordingMail, mail_from
from services.notify.outcome import Accepted, Later, Rejected
from services.notify.smtp_mail import SmtpMail

GOOD = "smtp://office:s%40cret@mail.example:2525?from=lamppost%40douliu.example"
TO, SUBJECT, TEXT, MID = "wang@example.tw", "路燈報修", "案件已受理", "<n-7@douliu.example>"


def test_console_is_chosen() -> None:
    assert isinstance(mail_from("console:"), ConsoleMail)


@pytest.mark.parametrize(
    "setting",
    [
        GOOD,
        f"{GOOD}&tls=start",
        "smtp://127.0.0.1?from=a@b.tw",
        "smtp://[::1]:25/?from=a@b.tw",
        "smtp://m?from=%E6%96%97%E5%85%AD%E5%B8%82%E5%85%AC%E6%89%80+%3Ca%40b.tw%3E",
    ],
)
def test_smtp_is_chosen(setting: str) -> None:
    assert isinstance(mail_from(setting), SmtpMail)


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("", "console: or start with smtp://"),
        ("console", "console: or start with smtp://"),
        ("mail.example:25?from=a@b.tw", "console: or start with smtp://"),
        ("smtp://?from=a@b.tw", "host is missing"),
        ("smtp://m:x?from=a@b.tw", "port"),
        ("smtp://m:70000?from=a@b.tw", "port"),
        ("smtp://m/inbox?from=a@b.tw", "between the host and the question mark"),
        ("smtp://m", "'from' is missing"),
        ("smtp://m?from=", "'from' is empty"),
        ("smtp://m?from=nobody", "'from' must be"),
        ("smtp://m?from=a@b.tw%0D%0ABcc:%20x@y.z", "'from' must be"),
        ("smtp://m?from=a@b.tw&tls=yes", "'tls' is 'yes'"),
        ("smtp://m?from=a@b.tw&form=x", "unknown option 'form'"),
        ("smtp://user@m?from=a@b.tw", "user and password"),
        ("smtp://:pw@m?from=a@b.tw", "user and password"),
        ("smtp://user:%E5%AF%86@m?from=a@b.tw", "user and password"),
        ("smtp://[::1?from=a@b.tw", "cannot be read"),
    ],
)
def test_the_wrong_part_is_named(setting: str, named: str) -> None:
    with pytest.raises(ValueError, match=named) as caught:
        mail_from(setting)
    assert str(caught.value).startswith("mail setting: ")


def test_no_error_repeats_the_password() -> None:
    with pytest.raises(ValueError, match="port") as caught:
        mail_from(GOOD.replace("2525", "port"))
    assert "cret" not in str(caught.value)


def test_the_console_accepts_and_leaves_no_personal_data_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert ConsoleMail().send(TO, SUBJECT, TEXT, MID, {}) == Accepted(MID)
    assert MID in str(caplog.records[0].__dict__)
    assert not any(secret in str(caplog.records[0].__dict__) for secret in (TO, SUBJECT, TEXT))


def test_recording_keeps_what_was_sent_and_answers_as_told() -> None:
    port = RecordingMail([Later("451", "greylisted"), Rejected("550", "unknown user", "permanent")])
    outcomes = [port.send(TO, SUBJECT, TEXT, MID, {"X-Case": "7"}) for _ in range(3)]
    assert outcomes == [Later("451", "greylisted"), Rejected("550", "unknown user", "permanent"), Accepted(MID)]
    last = port.sent[-1]
    assert (last.to, last.subject, last.text, last.message_id) == (TO, SUBJECT, TEXT, MID)
    assert last.headers == {"X-Case": "7"}


@pytest.mark.parametrize(
    "port", [ConsoleMail(), RecordingMail(), mail_from("smtp://m?from=a@b.tw")], ids=lambda port: type(port).__name__
)
def test_every_port_refuses_a_forged_header(port: MailPort) -> None:
    with pytest.raises(ValueError, match="header 'Subject'"):
        port.send(TO, "a\r\nBcc: x@y.z", TEXT, MID, {})
    with pytest.raises(ValueError, match="header 'X-Case'"):
        port.send(TO, SUBJECT, TEXT, MID, {"X-Case": "1\nBcc: x@y.z"})


@pytest.mark.parametrize("port", [ConsoleMail(), RecordingMail()], ids=lambda port: type(port).__name__)
def test_local_ports_always_answer_a_ping(port: MailPort) -> None:
    port.ping()
