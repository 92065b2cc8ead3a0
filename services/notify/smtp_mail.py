"""E-mail by SMTP (RFC 5321), one conversation a message.

Responsibility passes with the reply to the end of the data (RFC 5321 §6.1). A conversation that breaks between the
354 and that reply is `Unknown` (RFC 1047); one that breaks earlier was surely not accepted.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from typing import Final

from services.notify.letter import check, compose
from services.notify.outcome import Accepted, Blame, Later, Outcome, Rejected, Unavailable, Unknown, masked

TALK_WITHIN: Final = 20.0  # seconds from connecting to the 354
ANSWER_WITHIN: Final = 35.0  # seconds for the data and its reply; RFC 5321 §4.5.3.2.6 would like 10 minutes
PING_WITHIN: Final = 5.0  # seconds
GO_AHEAD: Final = 354


class _Conversation(smtplib.SMTP):
    """An SMTP conversation with a deadline over all of its replies, which remembers the last reply code."""

    def __init__(self, host: str, port: int, within: float) -> None:
        self.last = 0
        self.deadline = time.monotonic() + within
        super().__init__(host, port, local_hostname=socket.gethostname(), timeout=within)

    def getreply(self) -> tuple[int, bytes]:
        if self.sock is not None:
            self.sock.settimeout(max(0.01, self.deadline - time.monotonic()))
        code, text = super().getreply()
        self.last = code
        if code == GO_AHEAD and self.sock is not None:
            self.deadline = time.monotonic() + ANSWER_WITHIN
            self.sock.settimeout(ANSWER_WITHIN)
        return code, text


class SmtpMail:
    """The `MailPort` for one mail server. `sender` is `name@domain` or `Name <name@domain>`, `login` user and password.

    With `start_tls` nothing is sent before the connection is encrypted and the server's certificate verified against
    `context` (the system's authorities by default). Safe to share: each message has its own conversation.
    """

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        login: tuple[str, str] | None = None,
        start_tls: bool = False,
        context: ssl.SSLContext | None = None,
        talk_within: float = TALK_WITHIN,
    ) -> None:
        self._host, self._port, self._sender, self._login = host, port, sender, login
        self._start_tls, self._context, self._talk_within = start_tls, context, talk_within

    def send(self, to: str, subject: str, text: str, message_id: str, headers: Mapping[str, str]) -> Outcome:
        """Hand one message over; see `MailPort.send`. Blocks at most about 55 s."""
        check(to, subject, message_id, headers)
        if not to.isascii():
            return Rejected("553", "the address has letters outside ASCII", "permanent")
        content = compose(self._sender, to, subject, text, message_id, headers).as_bytes()
        return self._converse(lambda talk: self._deliver(talk, to, content, message_id), self._talk_within)

    def ping(self) -> None:
        """Connect, encrypt and sign in as for a message; `Unavailable` says what is wrong."""
        outcome = self._converse(lambda talk: Accepted("ping"), PING_WITHIN)
        if not isinstance(outcome, Accepted):
            raise Unavailable(f"mail server: {outcome.reason}")

    def _converse(self, step: Callable[[_Conversation], Outcome], within: float) -> Outcome:
        talk = None
        try:
            talk = _Conversation(self._host, self._port, within)
            self._introduce(talk)
            return step(talk)
        except OSError as error:  # smtplib's own exceptions are OSErrors too
            return _broken(error, talk is not None and talk.last == GO_AHEAD)
        finally:
            if talk is not None:
                _leave(talk)

    def _introduce(self, talk: _Conversation) -> None:
        talk.ehlo_or_helo_if_needed()
        if self._start_tls:
            talk.starttls(context=self._context or ssl.create_default_context())
            talk.ehlo()  # RFC 3207 §4.2: what was said in the clear is forgotten
        if self._login:
            talk.login(*self._login)

    def _deliver(self, talk: _Conversation, to: str, content: bytes, message_id: str) -> Outcome:
        code, text = talk.mail(parseaddr(self._sender)[1])
        if code != 250:
            return _refused(code, text, "configuration")
        code, text = talk.rcpt(to)
        if code not in (250, 251, 252):
            return _refused(code, text, "permanent")
        code, text = talk.data(content)
        if code == 250:
            return Accepted(message_id)
        return _refused(code, text, "permanent") if code >= 400 else Unknown("unreadable reply to the data")


def _leave(talk: _Conversation) -> None:
    with contextlib.suppress(OSError):
        talk.putcmd("QUIT")  # its reply could change nothing any more
    talk.close()


def _broken(error: OSError, in_data: bool) -> Outcome:
    if in_data:
        return Unknown(f"{type(error).__name__} after the data")
    if isinstance(error, smtplib.SMTPDataError):
        return _refused(error.smtp_code, error.smtp_error, "permanent")
    if isinstance(error, smtplib.SMTPResponseException):
        return _refused(error.smtp_code, error.smtp_error, "configuration")
    if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
        return Rejected("smtp", str(error), "configuration")
    return Later("connection", type(error).__name__)


def _refused(code: int, text: bytes | str, blame: Blame) -> Outcome:
    reason = masked(text.decode("utf-8", "replace") if isinstance(text, bytes) else text)
    return Rejected(str(code), reason, blame) if 500 <= code < 600 else Later(str(code), reason)
