"""SMTP as the port sees it: what was surely not accepted may be repeated, what may have been is in doubt."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.notify.mail import mail_from
from services.notify.outcome import Accepted, Later, Outcome, Rejected, Unavailable, Unknown
from services.notify.smtp_mail import SmtpMail
from tests.fakes.mailbox import SENDER, Mailbox

TO, SUBJECT, TEXT, MID = "wang@example.tw", "路燈報修", "案件已受理\n.\n..兩點\n", "<n-7@douliu.example>"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


def send(port: SmtpMail) -> Outcome:
    return port.send(TO, SUBJECT, TEXT, MID, {"Auto-Submitted": "auto-generated"})


def plain(box: Mailbox) -> SmtpMail:
    return SmtpMail("127.0.0.1", box.port, SENDER, talk_within=5.0)


def test_a_letter_arrives_as_sent(box: Mailbox) -> None:
    assert mail_from(box.setting).send(TO, SUBJECT, TEXT, MID, {"X-Case": "7"}) == Accepted(MID)
    (received,) = box.received
    assert (received.sender, received.recipients) == (SENDER, (TO,))
    assert received.text.replace("\r\n", "\n") == TEXT
    assert received.letter["Subject"] == SUBJECT
    assert received.letter["Message-ID"] == MID
    assert received.letter["X-Case"] == "7"


@pytest.mark.parametrize(
    ("fault", "expected", "kept"),
    [
        ("451", Later, 0),
        ("421", Later, 0),
        ("550", Rejected, 0),
        ("552", Rejected, 0),
        ("rcpt-450", Later, 0),
        ("rcpt-550", Rejected, 0),
        ("mail-451", Later, 0),
        ("mail-553", Rejected, 0),
        ("data-451", Later, 0),
        ("data-554", Rejected, 0),
        ("drop-before-data", Later, 0),
        ("drop-unstored", Unknown, 0),
        ("drop-stored", Unknown, 1),
        ("drop-after", Accepted, 1),
    ],
)
def test_every_fault_has_its_outcome(box: Mailbox, fault: str, expected: type[Outcome], kept: int) -> None:
    box.script(fault)
    assert type(send(plain(box))) is expected
    assert len(box.received) == kept


def test_the_next_message_is_not_touched_by_a_fault(box: Mailbox) -> None:
    box.script("550", "drop-stored")
    port = plain(box)
    assert [type(send(port)) for _ in range(3)] == [Rejected, Unknown, Accepted]


@pytest.mark.parametrize(
    ("fault", "kind"), [("550", "permanent"), ("rcpt-550", "permanent"), ("data-554", "permanent")]
)
def test_a_refused_recipient_or_letter_is_permanent(box: Mailbox, fault: str, kind: str) -> None:
    box.script(fault)
    outcome = send(plain(box))
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.kind) == (fault[-3:], kind)


def test_a_refused_sender_is_our_configuration(box: Mailbox) -> None:
    box.script("mail-550")
    outcome = send(plain(box))
    assert isinstance(outcome, Rejected)
    assert outcome.kind == "configuration"


def test_a_reason_repeats_no_address(box: Mailbox) -> None:
    box.script("rcpt-550")
    outcome = send(plain(box))
    assert isinstance(outcome, Rejected)
    assert "scripted" in outcome.reason
    assert "wang" not in outcome.reason


def test_a_silent_final_reply_is_in_doubt(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.notify.smtp_mail.ANSWER_WITHIN", 0.3)
    box.script("hang-stored")
    assert isinstance(send(plain(box)), Unknown)
    assert len(box.received) == 1


def test_a_late_greeting_is_safe_to_repeat_and_keeps_to_the_time_limit() -> None:
    with Mailbox(banner=3.0) as box:
        started = time.monotonic()
        outcome = send(SmtpMail("127.0.0.1", box.port, SENDER, talk_within=0.3))
        assert isinstance(outcome, Later)
        assert time.monotonic() - started < 1.5
        assert box.received == []


def test_a_silent_server_keeps_to_the_time_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = SmtpMail("127.0.0.1", server.getsockname()[1], SENDER, talk_within=0.6)
        started = time.monotonic()
        assert isinstance(send(port), Later)
        assert time.monotonic() - started < 2


def answer_slowly(server: socket.socket, seconds: float) -> None:
    """Say 220 and then 250 to every line, each after `seconds`, until the client has enough."""
    connection, _ = server.accept()
    with connection, connection.makefile("rb") as lines, contextlib.suppress(OSError):
        time.sleep(seconds)
        connection.sendall(b"220 slow\r\n")
        for _ in lines:
            time.sleep(seconds)
            connection.sendall(b"250 slow\r\n")


def test_many_slow_replies_together_keep_to_the_time_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        talker = threading.Thread(target=answer_slowly, args=(server, 0.25), daemon=True)
        talker.start()
        started = time.monotonic()
        port = SmtpMail("127.0.0.1", server.getsockname()[1], SENDER, talk_within=0.6)
        assert send(port) == Later("connection", "SMTPServerDisconnected")
        assert time.monotonic() - started < 3
        talker.join(5)


def test_no_listener_is_safe_to_repeat() -> None:
    assert send(SmtpMail("127.0.0.1", 9, SENDER)) == Later("connection", "ConnectionRefusedError")


def test_an_address_outside_ascii_is_refused(box: Mailbox) -> None:
    outcome = plain(box).send("王@例子.tw", SUBJECT, TEXT, MID, {})
    assert isinstance(outcome, Rejected)
    assert outcome.kind == "permanent"
    assert box.received == []


def test_signing_in_over_tls() -> None:
    with Mailbox(login=("office", "s cret"), tls=True) as box:
        port = SmtpMail("127.0.0.1", box.port, SENDER, ("office", "s cret"), True, box.trust)
        assert send(port) == Accepted(MID)
        port.ping()


def test_tls_alone_is_enough_where_no_sign_in_is_asked() -> None:
    with Mailbox(tls=True) as box:
        assert send(SmtpMail("127.0.0.1", box.port, SENDER, None, True, box.trust)) == Accepted(MID)


def test_an_untrusted_certificate_sends_nothing() -> None:
    with Mailbox(login=("office", "pw"), tls=True) as box:
        outcome = mail_from(box.setting).send(TO, SUBJECT, TEXT, MID, {})
        assert outcome == Later("connection", "SSLCertVerificationError")
        assert box.received == []


def test_a_server_without_starttls_sends_nothing(box: Mailbox) -> None:
    outcome = send(SmtpMail("127.0.0.1", box.port, SENDER, start_tls=True))
    assert isinstance(outcome, Rejected)
    assert outcome.kind == "configuration"
    assert box.received == []


@pytest.mark.parametrize("login", [("office", "wrong"), None])
def test_a_wrong_or_missing_sign_in_is_our_configuration(login: tuple[str, str] | None) -> None:
    with Mailbox(login=("office", "pw"), tls=True) as box:
        port = SmtpMail("127.0.0.1", box.port, SENDER, login, True, box.trust)
        outcome = send(port)
        assert isinstance(outcome, Rejected)
        assert outcome.kind == "configuration"


def test_a_ping_raises_for_what_would_stop_a_message() -> None:
    with Mailbox(login=("office", "pw"), tls=True) as box, pytest.raises(Unavailable, match="credentials"):
        SmtpMail("127.0.0.1", box.port, SENDER, ("office", "wrong"), True, box.trust).ping()
    with pytest.raises(Unavailable, match="ConnectionRefused"):
        SmtpMail("127.0.0.1", 9, SENDER).ping()


def test_under_eventlet_a_slow_server_does_not_stop_the_others() -> None:
    with Mailbox(banner=0.4) as box:
        script = f"""
            import eventlet; eventlet.monkey_patch()
            import time
            from services.notify.mail import Accepted, mail_from
            port = mail_from({box.setting!r})
            pool, started = eventlet.GreenPool(20), time.monotonic()
            sent = list(pool.imap(lambda n: port.send("a@b.tw", "s", "t", f"<{{n}}@x>", {{}}), range(20)))
            assert all(isinstance(each, Accepted) for each in sent), sent
            print(time.monotonic() - started)
        """
        run = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, capture_output=True, text=True, timeout=60
        )
        assert run.returncode == 0, run.stderr
        assert float(run.stdout) < 4.0  # one after the other it would be 8
        assert len({received.letter["Message-ID"] for received in box.received}) == 20
