"""One e-mail message to one recipient: refusing what could forge headers, then composing it (RFC 5322, MIME)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Final

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_RECIPIENT: Final = re.compile(r"[^\s@<>,;:\"()\[\]]+@[^\s@<>,;:\"()\[\]]+")
_MESSAGE_ID: Final = re.compile(r"<[^\s@<>]+@[^\s@<>]+>")
_OURS: Final = frozenset({"from", "to", "cc", "bcc", "subject", "date", "message-id", "sender", "mime-version"})


class _WholePolicy(EmailPolicy):
    """7-bit MIME in which a plain ASCII header stays on one line.

    The standard policy writes a word too long for a line as an encoded word, which makes the address in
    List-Unsubscribe (RFC 8058) unreadable to mail programs.
    """

    def fold(self, name: str, value: str) -> str:
        line = f"{name}: {value}"
        return super().fold(name, value) if not line.isascii() or len(line) > 990 else line + self.linesep

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


_POLICY: Final = _WholePolicy(linesep=SMTP.linesep, cte_type="7bit")


def check(to: str, subject: str, message_id: str, headers: Mapping[str, str]) -> None:
    """Refuse anything that could add a header or a recipient; ValueError names the header."""
    for name, value in [("To", to), ("Subject", subject), ("Message-ID", message_id), *headers.items()]:
        if not _NAME.fullmatch(name) or _CONTROL.search(value):
            raise ValueError(f"header {name!r}: line breaks and control characters are not allowed")
    if not _RECIPIENT.fullmatch(to):
        raise ValueError("header 'To': must be one address, name@domain")
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("header 'Message-ID': must be <name@domain>")
    for name in headers:
        if name.lower() in _OURS or name.lower().startswith("content-"):
            raise ValueError(f"header {name!r}: is set by the port itself")


def compose(sender: str, to: str, subject: str, text: str, message_id: str, headers: Mapping[str, str]) -> EmailMessage:
    """A plain-text message dated now, its parts already checked by `check`."""
    message = EmailMessage(policy=_POLICY)
    date = format_datetime(datetime.now(UTC))
    fixed = {"From": sender, "To": to, "Subject": subject, "Date": date, "Message-ID": message_id}
    for name, value in {**fixed, **headers}.items():
        message[name] = value
    message.set_content(text, charset="utf-8")
    return message
