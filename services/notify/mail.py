"""The e-mail port: one protocol, three implementations, one setting that chooses.

`console:` sends nothing, `smtp://[user:pw@]host:port?from=…[&tls=start]` hands over to a mail server; `RecordingMail`
is for tests. The caller gives each notification one Message-ID and keeps it for every attempt, so that a receiver can
drop the second copy when the first was in doubt.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from services.notify.letter import check
from services.notify.outcome import Accepted, Outcome
from services.notify.setting import chosen, hostname, options, port

log = logging.getLogger(__name__)


class MailPort(Protocol):
    """A way to send e-mail, one recipient a message. Raises for wrong arguments only, not for what a server does."""

    def send(self, to: str, subject: str, text: str, message_id: str, headers: Mapping[str, str]) -> Outcome:
        """Hand one plain-text message over; `message_id` is `<name@domain>`, and the reference once accepted.

        ValueError names the header that holds a line break, is not one address, or is the port's own to set.
        """

    def ping(self) -> None:
        """Raise `Unavailable` unless the server answers and accepts our credentials."""


class ConsoleMail:
    """Accepts everything and sends nothing: on a laptop the message table is the outbox."""

    def send(self, to: str, subject: str, text: str, message_id: str, headers: Mapping[str, str]) -> Outcome:
        """Accept, with a log line that holds neither address nor text."""
        check(to, subject, message_id, headers)
        log.info("mail accepted by the console", extra={"reference": message_id})
        return Accepted(message_id)

    def ping(self) -> None:
        """Always there."""


@dataclass(frozen=True, slots=True)
class SentMail:
    """One call of `RecordingMail.send` and the answer it gave."""

    to: str
    subject: str
    text: str
    message_id: str
    headers: Mapping[str, str]
    outcome: Outcome = field(compare=False)


class RecordingMail:
    """Keeps what was sent, for tests. `answers` are given first, one a call; after them every message is accepted."""

    def __init__(self, answers: Iterable[Outcome] = ()) -> None:
        self.sent: list[SentMail] = []
        self._answers = iter(answers)

    def send(self, to: str, subject: str, text: str, message_id: str, headers: Mapping[str, str]) -> Outcome:
        """Record the call and give the next answer."""
        check(to, subject, message_id, headers)
        outcome = next(self._answers, None) or Accepted(message_id)
        self.sent.append(SentMail(to, subject, text, message_id, dict(headers), outcome))
        return outcome

    def ping(self) -> None:
        """Always there."""


def mail_from(setting: str) -> MailPort:
    """The port a setting names: `console:` or `smtp://[user:pw@]host[:port]?from=…[&tls=start]`.

    The port is 587 with tls=start, else 25. ValueError names the wrong part and repeats no secret.
    """
    if setting == "console:":
        return ConsoleMail()
    try:
        return _smtp_from(setting)
    except ValueError as error:
        raise ValueError(f"mail setting: {error}") from None


def _smtp_from(setting: str) -> MailPort:
    from services.notify.smtp_mail import SmtpMail

    parts = _split(setting)
    found = options(parts.query, {"from", "tls"})
    start_tls = chosen(found, "tls", ("start",)) is not None
    number = port(parts) or (587 if start_tls else 25)
    return SmtpMail(hostname(parts), number, _sender(found), _login(parts), start_tls)


def _split(setting: str) -> SplitResult:
    try:
        parts = urlsplit(setting)
    except ValueError:  # its text repeats the credentials
        raise ValueError("cannot be read as an address") from None
    if parts.scheme != "smtp":
        raise ValueError("must be console: or start with smtp://")
    if parts.path not in ("", "/") or parts.fragment:
        raise ValueError("nothing may stand between the host and the question mark, nor behind a #")
    return parts


def _sender(found: dict[str, str]) -> str:
    if "from" not in found:
        raise ValueError("option 'from' is missing")
    sender = found["from"]
    if not sender.isprintable() or not parseaddr(sender)[1].isascii() or "@" not in parseaddr(sender)[1]:
        raise ValueError("option 'from' must be name@domain or Name <name@domain>")
    return sender


def _login(parts: SplitResult) -> tuple[str, str] | None:
    if parts.username is None:
        return None
    login = unquote(parts.username), unquote(parts.password or "")
    if not all(login) or not "".join(login).isascii():
        raise ValueError("user and password (before the @) must both be there, in ASCII")
    return login
