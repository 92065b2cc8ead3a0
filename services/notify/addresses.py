"""Where a message may go: Taiwanese mobile numbers in E.164, e-mail addresses; how they are shown and recognised."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

import phonenumbers

TAIWAN: Final = 886
_MOBILE: Final = re.compile(r"9\d{8}")  # every number the NCC gave out for mobile use, 099 included
_EMAIL: Final = re.compile(r"[^\s@<>,;:\"()\[\]\x00-\x1f\x7f]{1,64}@[^\s@<>,;:\"()\[\]\x00-\x1f\x7f]{1,255}")


def mobile(phone: str) -> str | None:
    """The number in E.164 when it is a Taiwanese mobile number, else None."""
    try:
        number = phonenumbers.parse(phone, "TW")
    except phonenumbers.NumberParseException:
        return None
    if number.country_code != TAIWAN or not _MOBILE.fullmatch(str(number.national_number)):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mailbox(email: str) -> str | None:
    """The address without the blanks around it when it looks like one, else None."""
    address = email.strip()
    return address if _EMAIL.fullmatch(address) else None


def spoken(phone: str) -> str:
    """An office's number as people write it; what is no number stays as it is."""
    try:
        number = phonenumbers.parse(phone, "TW")
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).replace(" ", "-")


def masked(address: str) -> str:
    """Enough to recognise, too little to use: 0912-***-678, lin***@douliu.example."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:3] if len(name) > 3 else name[:1]}***@{domain}"
    digits = re.sub(r"\D", "", address)
    local = f"0{digits[3:]}" if digits.startswith("886") else digits
    return f"{local[:4]}-***-{local[-3:]}" if len(local) >= 9 else "***"


def fingerprint(pepper: bytes, tenant: str, channel: str, address: str) -> str:
    """HMAC-SHA256, hex: the same recipient of the same office has the same one, and nobody can dial it."""
    text = f"{tenant} {channel} {address.casefold()}"
    return hmac.new(pepper, text.encode(), hashlib.sha256).hexdigest()
