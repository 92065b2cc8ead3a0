"""A mail server that keeps what it accepts and breaks where it is told to.

`with Mailbox() as box:` listens on a free port; `mail_from(box.setting)` sends there, `box.received` is what came.
Faults, one a message, in the order they were scripted (`box.script("drop-stored")`):

| fault | what the client sees | kept |
|---|---|---|
| "4xx"/"5xx" code, such as "451", "550" | that reply to the end of the data | no |
| "rcpt-" and a code, such as "rcpt-550" | that reply to RCPT TO | no |
| "mail-" and a code | that reply to MAIL FROM | no |
| "data-" and a code | that reply to DATA, instead of 354 | no |
| "drop-before-data" | the connection ends instead of the 354 | no |
| "drop-unstored" | the connection ends instead of the final reply | no |
| "drop-stored" | the connection ends instead of the final reply | yes |
| "hang-stored" | no final reply for `hang` seconds | yes |
| "drop-after" | 250, then the connection ends | yes |

`Mailbox(banner=seconds)` greets late. The server's thread runs asyncio: in a process patched by eventlet it cannot
live, so start it in the test process and the patched one beside it.
"""

from __future__ import annotations

import asyncio
import ssl
import tempfile
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Any, cast
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SENDER = "lamppost@douliu.example"


@dataclass(frozen=True, slots=True)
class Received:
    """One accepted message: the envelope and the letter in it."""

    sender: str
    recipients: tuple[str, ...]
    letter: EmailMessage
    raw: bytes

    @property
    def text(self) -> str:
        """The body, decoded."""
        return cast(str, self.letter.get_content())


class Mailbox:
    """The server and what it accepted. `login` demands that user and password, `tls` offers STARTTLS with a certificate
    of its own, which `trust` verifies; `banner` is the seconds before its greeting."""

    def __init__(self, login: tuple[str, str] | None = None, tls: bool = False, banner: float = 0.0) -> None:
        self.received: list[Received] = []
        self.hang = 3600.0
        self.banner = 0.0
        self._late, self._login = banner, login
        self._faults: deque[str] = deque()
        key, certificate = self_signed() if tls else (b"", b"")
        self.trust = ssl.create_default_context(cadata=certificate.decode()) if tls else None
        self._listener = _Listener(
            self,
            tls_context=server_context(key, certificate) if tls else None,
            auth_required=login is not None,
            auth_require_tls=tls,
            authenticator=self._authenticate,
        )

    def script(self, *faults: str) -> None:
        """Break with these faults, one a message."""
        self._faults.extend(faults)

    @property
    def fault(self) -> str:
        """The fault of the message now under way, empty for none."""
        return self._faults[0] if self._faults else ""

    def spend(self) -> str:
        """The fault, used up."""
        return self._faults.popleft() if self._faults else ""

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listener.port)

    @property
    def setting(self) -> str:
        """The value of LAMPPOST_MAIL that sends here."""
        login = ":".join(map(quote, self._login)) + "@" if self._login else ""
        tls = "&tls=start" if self.trust else ""
        return f"smtp://{login}127.0.0.1:{self.port}?from={quote(SENDER)}{tls}"

    def __enter__(self) -> Mailbox:
        self._listener.start()
        self.banner = self._late  # only now: starting waits for a greeting
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._listener.hang_up(), self._listener.loop).result(10)
        self._listener.stop()

    async def handle_MAIL(  # noqa: N802 the names are aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """aiosmtpd's hook for MAIL FROM."""
        if self.fault.startswith("mail-"):
            return f"{self.spend()[5:]} scripted"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """aiosmtpd's hook for RCPT TO."""
        if self.fault.startswith("rcpt-"):
            return f"{self.spend()[5:]} scripted for <{address}>"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """aiosmtpd's hook for the end of the data."""
        fault = self.spend()
        if fault.isdecimal():
            return f"{fault} scripted"
        if fault != "drop-unstored":
            self._keep(envelope)
        if fault == "hang-stored":
            await asyncio.sleep(self.hang)
        if fault in ("drop-unstored", "drop-stored"):
            cut(server)
            await asyncio.sleep(self.hang)  # until the lost connection cancels this
        return "250 OK"

    def _keep(self, envelope: Envelope) -> None:
        raw = envelope.original_content or b""
        letter = message_from_bytes(raw, policy=policy.default)
        self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), letter, raw))

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, way: str, given: Any) -> AuthResult:
        wanted = self._login and LoginPassword(*(word.encode() for word in self._login))
        return AuthResult(success=given == wanted, handled=False)


class _Server(SMTP):
    box: Mailbox

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        fault = self.box.fault
        if fault == "drop-before-data":
            self.box.spend()
            cut(self)
        elif fault.startswith("data-"):
            await self.push(f"{self.box.spend()[5:]} scripted")
        else:
            await super().smtp_DATA(arg)
            if fault == "drop-after" and self.transport:
                self.transport.close()

    async def _handle_client(self) -> None:
        await asyncio.sleep(self.box.banner)
        await super()._handle_client()


class _Listener(Controller):
    """aiosmtpd's controller on a port the system chooses."""

    def __init__(self, box: Mailbox, **options: Any) -> None:
        self.box = box
        self.conversations: list[_Server] = []
        super().__init__(box, hostname="127.0.0.1", port=0, **options)

    def factory(self) -> SMTP:
        server = _Server(self.handler, **self.SMTP_kwargs)
        server.box = self.box
        self.conversations.append(server)
        return server

    async def hang_up(self) -> None:
        """End every conversation and let it notice, so that stopping leaves no socket behind."""
        while talking := [each for each in self.conversations if each.transport]:
            for each in talking:
                cut(each)
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.005)

    def _trigger_server(self) -> None:
        self.port = cast(asyncio.Server, self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def cut(server: SMTP) -> None:
    """End the connection at once."""
    cast(asyncio.Transport, server.transport).abort()


def self_signed() -> tuple[bytes, bytes]:
    """Key and certificate for 127.0.0.1, in PEM, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(hours=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return secret, certificate.public_bytes(pem)


def server_context(key: bytes, certificate: bytes) -> ssl.SSLContext:
    """A server's TLS context; the standard library reads keys from files only."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "both.pem")
        file.write_bytes(key + certificate)
        context.load_cert_chain(file)
    return context
