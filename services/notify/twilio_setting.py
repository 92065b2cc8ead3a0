"""The setting `twilio://SID:TOKEN@host[:port]?from=%2B886…[&service=MG…][&tls=off][&settle=120]`, part by part."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from services.notify.setting import chosen, host, options
from services.notify.twilio_http import API
from services.notify.twilio_sms import SETTLE, TwilioSms

_ACCOUNT: Final = re.compile(r"AC[0-9a-f]{32}")
_SERVICE: Final = re.compile(r"MG[0-9a-f]{32}")
_SENDER: Final = re.compile(r"\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


def twilio_from(setting: str) -> TwilioSms:
    """The port for the setting. ValueError names the wrong part and repeats no secret."""
    try:
        parts = _split(setting)
        found = options(parts.query, {"from", "service", "tls", "settle"})
        sender, service = _sender(found), _service(found)
        origin, settle = _origin(parts, found), _settle(found)
        return TwilioSms(_account(parts), _token(parts), sender, service, origin, settle=settle)
    except ValueError as error:
        raise ValueError(f"SMS setting: {error}") from None


def _split(setting: str) -> SplitResult:
    try:
        parts = urlsplit(setting)
    except ValueError:  # its text repeats the credentials
        raise ValueError("cannot be read as an address") from None
    if parts.path not in ("", "/") or parts.fragment:
        raise ValueError("nothing may stand between the host and the question mark, nor behind a #")
    return parts


def _account(parts: SplitResult) -> str:
    sid = unquote(parts.username or "")
    if not _ACCOUNT.fullmatch(sid):
        raise ValueError("account SID (before the colon) must be AC and 32 digits 0-9a-f")
    return sid


def _token(parts: SplitResult) -> str:
    token = unquote(parts.password or "")
    if not token:
        raise ValueError("auth token (between the colon and the @) is missing")
    return token


def _sender(found: dict[str, str]) -> str | None:
    sender = found.get("from")
    if sender is None and "service" not in found:
        raise ValueError("option 'from' (or 'service') is missing")
    if sender is not None and not _SENDER.fullmatch(sender):
        raise ValueError("option 'from' must be +886…, with the + written %2B, a short code or a name of 11 letters")
    return sender


def _service(found: dict[str, str]) -> str | None:
    service = found.get("service")
    if service is not None and not _SERVICE.fullmatch(service):
        raise ValueError("option 'service' must be MG and 32 digits 0-9a-f")
    return service


def _settle(found: dict[str, str]) -> float:
    seconds = found.get("settle", str(int(SETTLE)))
    if not re.fullmatch(r"[0-9]{1,4}", seconds):
        raise ValueError("option 'settle' must be seconds, 0 to 9999")
    return float(seconds)


def _origin(parts: SplitResult, found: dict[str, str]) -> str:
    scheme = "http" if chosen(found, "tls", ("on", "off")) == "off" else "https"
    origin = f"{scheme}://{host(parts)}"
    if origin.startswith(API.replace("https", "http", 1)):
        raise ValueError("option 'tls' may be off only for a stand-in, not for Twilio itself")
    return origin
