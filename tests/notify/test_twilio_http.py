"""Whether a broken call was ever written decides whether it may be repeated."""

from __future__ import annotations

import logging
import socket
import ssl
import subprocess
import sys
import textwrap
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import responses

from services.notify.outcome import Accepted, Later, Rejected, Unknown
from services.notify.twilio_http import API
from services.notify.twilio_sms import TwilioSms
from tests.fakes.mailbox import self_signed, server_context
from tests.fakes.twilio import SENDER, SID, TOKEN, FakeTwilio
from tests.notify.conftest import BODY, send

ROOT = Path(__file__).resolve().parents[2]


MESSAGES = f"{API}/2010-04-01/Accounts/{SID}/Messages.json"


class tls_listener:  # noqa: N801 used as a function
    """A TLS server that reads one request and hangs up without an answer."""

    def __init__(self, key: bytes = b"", certificate: bytes = b"") -> None:
        key, certificate = (key, certificate) if key else self_signed()
        self._context = server_context(key, certificate)
        self._socket = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> str:
        threading.Thread(target=self._serve, daemon=True).start()
        return f"https://127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        try:
            with self._context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(65536)
        except ssl.SSLError:
            connection.close()

    def __exit__(self, *error: object) -> None:
        self._socket.close()


def test_no_listener_is_safe_to_repeat() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
    outcome = send(TwilioSms(SID, TOKEN, SENDER, origin=address))
    assert isinstance(outcome, Later)
    assert "ConnectionRefused" in outcome.reason


def test_a_kept_connection_that_the_provider_closed_is_replaced(
    twilio: FakeTwilio, port: TwilioSms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fakes.twilio_api.Handler.timeout", 0.05)
    outcomes = []
    for _ in range(3):
        outcomes.append(send(port))
        time.sleep(0.2)
    assert [type(outcome) for outcome in outcomes] == [Accepted] * 3
    assert len(twilio.accepted()) == 3


def test_a_stand_in_is_reached_past_the_proxy_of_the_environment(
    twilio: FakeTwilio, port: TwilioSms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert isinstance(send(port), Accepted)


def test_a_proxy_that_does_not_answer_is_safe_to_repeat(official: TwilioSms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert isinstance(send(official), Later)


def test_an_unknown_host_is_safe_to_repeat() -> None:
    assert isinstance(send(TwilioSms(SID, TOKEN, SENDER, origin="http://stand-in.invalid")), Later)


def test_a_failed_handshake_is_safe_to_repeat(twilio: FakeTwilio) -> None:
    outcome = send(TwilioSms(SID, TOKEN, SENDER, origin=twilio.url.replace("http:", "https:")))
    assert isinstance(outcome, Later)
    assert "SSLError" in outcome.reason


def test_an_untrusted_certificate_is_safe_to_repeat() -> None:
    with tls_listener() as address:
        outcome = send(TwilioSms(SID, TOKEN, SENDER, origin=address))
    assert isinstance(outcome, Later)
    assert "SSLCertVerificationError" in outcome.reason


def test_a_stalled_handshake_is_safe_to_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.notify.twilio_http.CONNECT_WITHIN", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = send(TwilioSms(SID, TOKEN, SENDER, origin=f"https://127.0.0.1:{silent.getsockname()[1]}"))
    assert isinstance(outcome, Later)


def test_a_break_inside_tls_is_in_doubt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key, certificate = self_signed()
    trusted = tmp_path / "ca.pem"
    trusted.write_bytes(certificate)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    with tls_listener(key, certificate) as address:
        outcome = send(TwilioSms(SID, TOKEN, SENDER, origin=address))
    assert isinstance(outcome, Unknown)


@responses.activate
@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_gateway_page_leaves_it_open(official: TwilioSms, status: int) -> None:
    responses.post(MESSAGES, "<html>Bad gateway</html>", status=status)
    assert send(official) == Unknown(f"HTTP {status} from the provider")


@responses.activate
@pytest.mark.parametrize("status", [302, 403, 407])
def test_somebody_elses_refusal_is_our_configuration(official: TwilioSms, status: int) -> None:
    responses.post(MESSAGES, "<html>Sign in to the office network</html>", status=status)
    outcome = send(official)
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.kind) == (f"HTTP {status}", "configuration")


@responses.activate
@pytest.mark.parametrize("body", ["", "null", "[]", "{}", '{"sid": null}', '{"sid": 7, "num_segments": "1"}'])
def test_a_201_that_names_no_message_is_in_doubt(official: TwilioSms, body: str) -> None:
    responses.post(MESSAGES, body, status=201)
    assert isinstance(send(official), Unknown)


@responses.activate
def test_a_201_with_strange_details_is_accepted(official: TwilioSms) -> None:
    responses.post(MESSAGES, '{"sid": "SM1", "num_segments": "many", "date_created": "soon", "new": 1}', status=201)
    assert send(official) == Accepted("SM1", None)


@responses.activate
def test_the_real_address_is_called_once_with_our_credentials(official: TwilioSms) -> None:
    responses.post(MESSAGES, json={"sid": "SM1", "num_segments": "1"}, status=201)
    send(official)
    (call,) = responses.calls
    assert call.request.headers["Authorization"].startswith("Basic ")
    assert call.request.req_kwargs["timeout"] == (3.05, 35.0)  # type: ignore[attr-defined]


def test_no_number_or_text_reaches_a_log(twilio: FakeTwilio, port: TwilioSms, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for suffix in ("900001", "921211", "929999", "920500", "920503", "920429"):
        send(port, "+886901" + suffix)
        port.find("+886901" + suffix, BODY, datetime.now(UTC))
    port.status("SM1")
    logged = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert logged
    assert not any(secret in logged for secret in ("886901", "901921211", "已受理", TOKEN))


def test_under_eventlet_slow_calls_do_not_wait_for_each_other(twilio: FakeTwilio) -> None:
    twilio.script(latency=0.4, times=None)
    script = f"""
        import eventlet; eventlet.monkey_patch()
        import time
        from services.notify.outcome import Accepted
        from services.notify.sms import sms_from
        port = sms_from({twilio.setting!r})
        pool, started = eventlet.GreenPool(20), time.monotonic()
        sent = list(pool.imap(lambda n: port.send(f"+8869123456{{n:02d}}", "燈", None, None), range(20)))
        assert all(isinstance(each, Accepted) for each in sent), sent
        print(time.monotonic() - started)
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert float(run.stdout) < 4.0  # one after the other it would be 8
    assert len(twilio.accepted()) == 20
