"""What somebody asks of an office, and everything that can be wrong with it, before it becomes a case."""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import phonenumbers

from chassis.tenants import Service, Tenant
from services.intake.lifecycle import Label

CHANNELS = ("web", "counter", "phone", "letter", "mail", "social", "open311", "hotline")
LANGUAGES = ("zh-Hant", "en")
# Longest texts, in characters; Open311 GeoReport v2 allows 4,000 for a description, a 1999 hotline writes more.
LONGEST = {"description": 8_000, "address": 1_000, "title": 120, "external_reference": 64, "media_url": 2_000}
LONGEST_OF_APPLICANT = {"name": 60, "email": 254}
# Taiwan with its islands: degrees, WGS84.
BOUNDS = {"lon": (118.0, 123.0), "lat": (21.0, 27.0)}

_ASSET_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,19}")
_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
_WEB = re.compile(r"https?://[^\s/]+\S*")
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_E164 = re.compile(r"\+[1-9]\d{6,14}")

REASONS: Mapping[str, Label] = {
    "missing": Label("請填寫這一欄。", "This is needed."),
    "place": Label("請告訴我們在哪裡：地址、地圖上的位置或編號。", "Tell us where: an address, a position, a number."),
    "too_long": Label("內容太長。", "This is too long."),
    "characters": Label("含有不能儲存的字元。", "This contains characters that cannot be stored."),
    "service": Label("這個機關沒有這項服務。", "This office has no such service."),
    "offline": Label("這項服務不能線上申辦，請洽服務課室。", "This service cannot be asked for online."),
    "channel": Label("沒有這種管道。", "There is no such channel."),
    "phone": Label(
        "電話號碼不對，例如 0912-345-678。", "This does not look like a telephone number. Example: 0912-345-678."
    ),
    "email": Label("電子郵件信箱不對。", "This does not look like an e-mail address."),
    "language": Label("沒有這種語言。", "There is no such language."),
    "coordinate": Label("不是臺灣範圍內的經緯度。", "These are no degrees within Taiwan (WGS84)."),
    "pair": Label("經度和緯度要一起填。", "Longitude and latitude are needed together."),
    "asset": Label("這項服務不問這種設施。", "This service asks for no such thing."),
    "asset_number": Label("編號只能用英文字母和數字，最多 20 個字。", "Letters and digits only, 20 at most."),
    "url": Label("網址不對。", "This is no web address."),
}

Faults = list[tuple[str, str]]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Who asks, and how to reach them. `phone` in E.164 (see `telephone`)."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str = "zh-Hant"

    @property
    def reachable(self) -> bool:
        """Whether a message can be sent."""
        return bool(self.phone or self.email)


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """A case to be. Coordinates are WGS84 degrees; `asset_number` is a text, its leading zeros count."""

    service_code: str
    channel: str
    description: str | None = None
    address: str | None = None
    asset_kind: str | None = None
    asset_number: str | None = None
    lon: float | None = None
    lat: float | None = None
    title: str | None = None
    applicant: Applicant = Applicant()
    external_reference: str | None = None
    media_url: str | None = None


class Invalid(ValueError):
    """What is wrong with a request: (field, key of `REASONS`) each."""

    def __init__(self, faults: Faults) -> None:
        super().__init__("; ".join(f"{field}: {REASONS[reason].en}" for field, reason in faults))
        self.faults = faults


def checked(office: Tenant, request: NewCase) -> NewCase:
    """The request with its texts stripped. Errors: `Invalid` with everything that is wrong."""
    request = replace(_stripped(request), applicant=_stripped(request.applicant))
    if found := list(faults(office, request)):
        raise Invalid(found)
    return request


def faults(office: Tenant, request: NewCase) -> Iterator[tuple[str, str]]:
    """Everything wrong with a request, as field and key of `REASONS`."""
    service = service_of(office, request.service_code)
    if service is None:
        yield "service_code", "service"
    else:
        yield from _service_faults(service, request)
    if request.channel not in CHANNELS:
        yield "channel", "channel"
    yield from _text_faults(request, LONGEST)
    yield from _place_faults(request)
    if request.media_url and not _WEB.fullmatch(request.media_url):
        yield "media_url", "url"
    yield from _applicant_faults(request.applicant)


def service_of(office: Tenant, code: str) -> Service | None:
    """The office's service of that code, if it has one."""
    return next((service for service in office.services if service.code == code), None)


def telephone(text: str) -> str:
    """A number as people in Taiwan write it, in E.164. Errors: `Invalid` for `phone`."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text[:40]), "TW")
    except phonenumbers.NumberParseException:
        raise Invalid([("phone", "phone")]) from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise Invalid([("phone", "phone")])
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _service_faults(service: Service, request: NewCase) -> Iterator[tuple[str, str]]:
    if service.kind == "information" or not (service.online or request.channel not in ("web", "open311")):
        yield "service_code", "offline"
    if request.asset_kind is not None and request.asset_kind != service.asset:
        yield "asset_kind", "asset"
    if service.kind == "repair" and not (request.address or request.asset_number or request.lon is not None):
        yield "address", "place"
    if service.kind == "petition" and not request.description:
        yield "description", "missing"


def _text_faults(owner: object, longest: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    for field, length in longest.items():
        value = getattr(owner, field)
        if value and len(value) > length:
            yield field, "too_long"
        elif value and _UNSTORABLE.search(value):
            yield field, "characters"


def _place_faults(request: NewCase) -> Iterator[tuple[str, str]]:
    for field, (low, high) in BOUNDS.items():
        value = getattr(request, field)
        if value is not None and not (math.isfinite(value) and low <= value <= high):
            yield field, "coordinate"
    if (request.lon is None) != (request.lat is None):
        yield ("lon" if request.lon is None else "lat"), "pair"
    if (request.asset_kind is None) != (request.asset_number is None):
        yield "asset_number", "missing"
    if request.asset_number is not None and not _ASSET_NUMBER.fullmatch(request.asset_number):
        yield "asset_number", "asset_number"


def _applicant_faults(applicant: Applicant) -> Iterator[tuple[str, str]]:
    yield from _text_faults(applicant, LONGEST_OF_APPLICANT)
    if applicant.phone and not _E164.fullmatch(applicant.phone):
        yield "phone", "phone"
    if applicant.email and not _EMAIL.fullmatch(applicant.email):
        yield "email", "email"
    if applicant.language not in LANGUAGES:
        yield "language", "language"


def _stripped(owner: T) -> T:
    texts = {field.name: getattr(owner, field.name) for field in fields(owner)}  # type: ignore[arg-type]
    changed = {name: value.strip() or None for name, value in texts.items() if isinstance(value, str) and _loose(value)}
    return replace(owner, **changed) if changed else owner  # type: ignore[type-var]


def _loose(text: str) -> bool:
    return not text or text[0].isspace() or text[-1].isspace()
