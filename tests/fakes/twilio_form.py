"""What Twilio checks before it accepts a message, with the codes it refuses by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import phonenumbers

from tests.fakes.twilio_refusal import Refusal

Form = Mapping[str, Sequence[str]]

PARAMETERS = frozenset(
    {"To", "StatusCallback", "ApplicationSid", "MaxPrice", "ProvideFeedback", "Attempt", "ValidityPeriod"}
    | {"ForceDelivery", "ContentRetention", "AddressRetention", "SmartEncoded", "PersistentAction", "TrafficType"}
    | {"ShortenUrls", "ScheduleType", "SendAt", "SendAsMms", "ContentVariables", "MessageIntent", "RiskCheck"}
    | {"From", "FallbackFrom", "MessagingServiceSid", "Body", "MediaUrl", "ContentSid"}
)
LISTS = frozenset({"MediaUrl", "PersistentAction"})
BOOLEANS = ("ProvideFeedback", "ForceDelivery", "SmartEncoded", "ShortenUrls", "SendAsMms")
WORDS = {
    "ContentRetention": ("retain", "discard"),
    "AddressRetention": ("retain", "obfuscate"),
    "TrafficType": ("free",),
    "ScheduleType": ("fixed",),
    "RiskCheck": ("enable", "disable"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """A request to send one message that passed every check."""

    to: str
    sender: str | None
    service: str | None
    body: str
    callback: str | None
    validity: int
    media: int
    scheduled: datetime | None
    keeps_body: bool


def read_order(form: Form) -> Order:
    """The order in a form; raises Refusal at the first field that is wrong."""
    known(form)
    words(form)
    return Order(
        to=recipient(one(form, "To")),
        sender=sender(one(form, "From"), one(form, "MessagingServiceSid")),
        service=service(one(form, "MessagingServiceSid")),
        body=body(form),
        callback=callback(one(form, "StatusCallback")),
        validity=number(form, "ValidityPeriod", 36000, 36000),
        media=len(form.get("MediaUrl", ())),
        scheduled=schedule(form),
        keeps_body=one(form, "ContentRetention") != "discard",
    )


def one(form: Form, name: str) -> str:
    """The parameter's value, empty when it is absent."""
    return form.get(name, ("",))[0]


def known(form: Form) -> None:
    """Only Twilio's parameters, and only the list-valued ones more than once."""
    for name, values in form.items():
        if name not in PARAMETERS or (len(values) > 1 and name not in LISTS):
            raise Refusal(20001, name)


def words(form: Form) -> None:
    """Booleans and enumerations hold one of their words; Attempt is a number."""
    for name in BOOLEANS:
        if one(form, name).lower() not in ("", "true", "false"):
            raise Refusal(20001, name)
    for name, allowed in WORDS.items():
        if one(form, name) not in ("", *allowed):
            raise Refusal(20001, name)
    number(form, "Attempt", 1, 1_000_000)


def recipient(to: str) -> str:
    """An E.164 number that exists in some numbering plan and is not a fixed line."""
    if not to:
        raise Refusal(21604)
    try:
        parsed = phonenumbers.parse(to)
    except phonenumbers.NumberParseException:
        raise Refusal(21211, to) from None
    if not re.fullmatch(r"\+[1-9]\d{6,14}", to) or not phonenumbers.is_valid_number(parsed):
        raise Refusal(21211, to)
    if phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE:
        raise Refusal(21614, to)
    return to


def sender(number_or_name: str, messaging_service: str) -> str | None:
    """A number, short code or name; needed unless a Messaging Service chooses one."""
    if not number_or_name:
        if not messaging_service:
            raise Refusal(21603)
        return None
    if not re.fullmatch(r"\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}", number_or_name):
        raise Refusal(21212, number_or_name)
    return number_or_name


def service(sid: str) -> str | None:
    """A Messaging Service SID, if any."""
    if sid and not re.fullmatch(r"MG[0-9a-f]{32}", sid):
        raise Refusal(21705, sid)
    return sid or None


def body(form: Form) -> str:
    """At most 1,600 characters; needed unless media or a content template is given."""
    text = one(form, "Body")
    if not text.strip() and not form.get("MediaUrl") and not one(form, "ContentSid"):
        raise Refusal(21602)
    if len(text) > 1600:
        raise Refusal(21617)
    return text


def callback(url: str) -> str | None:
    """A full URL of at most 4,000 characters whose host has no underscore."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise Refusal(21609, url) from None
    if parts.scheme not in ("http", "https") or not host or "_" in host or len(url) > 4000 or not url.isascii():
        raise Refusal(21609, url)
    return url


def number(form: Form, name: str, absent: int, most: int) -> int:
    """A whole number from 1 to `most`."""
    text = one(form, name)
    if not text:
        return absent
    if not re.fullmatch(r"\d{1,9}", text) or not 1 <= int(text) <= most:
        raise Refusal(90007 if name == "ValidityPeriod" else 20001, text)
    return int(text)


def schedule(form: Form) -> datetime | None:
    """SendAt and ScheduleType come together and only with a Messaging Service."""
    at, kind = one(form, "SendAt"), one(form, "ScheduleType")
    if not at and not kind:
        return None
    if not (at and kind):
        raise Refusal(20001, "SendAt" if kind else "ScheduleType")
    if not one(form, "MessagingServiceSid"):
        raise Refusal(35118)
    try:
        return datetime.fromisoformat(at).astimezone(UTC)
    except ValueError:
        raise Refusal(20001, "SendAt") from None
