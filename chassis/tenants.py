"""Tenants are files: `deploy/tenants/<code>.toml`, one an office. `check()` says everything that is wrong with one."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

CODE = r"^[a-z][a-z0-9]{1,30}$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def __call__(self, language: str) -> str:
        """The text in `zh-Hant` or `en`."""
        return self.en if language.startswith("en") else self.zh


class Contact(_Strict):
    """How to reach the office."""

    telephone: str = Field(pattern=r"^\+886\d{7,9}$")
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    address: Words


class Sender(_Strict):
    """Who a message is from: signature of an SMS, address of a mail."""

    sms: str = Field(min_length=1, max_length=10)
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


class Quota(_Strict):
    """Messages a day."""

    sms_per_day: int = Field(ge=0)
    email_per_day: int = Field(ge=0)


class QuietHours(_Strict):
    """When messages that can wait are held back, Asia/Taipei."""

    start: time
    end: time


class WorkingCalendar(_Strict):
    """Office hours, and days that differ from the national calendar (typhoon days, make-up workdays)."""

    office_hours: tuple[time, time]
    closed: tuple[date, ...] = ()
    open: tuple[date, ...] = ()


class Retention(_Strict):
    """How long things are kept."""

    cases_years: int = Field(ge=1)
    messages_days: int = Field(ge=1)
    drafts_hours: int = Field(ge=1)


class Section(_Strict):
    """A section (課室) of the office."""

    code: str = Field(pattern=CODE)
    name: Words
    telephone: str
    extension: str


class Service(_Strict):
    """A service of the starting catalogue (DL1, AP1): what it is, what to bring, how long it takes (working days)."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_-]{1,40}$")
    name: Words
    summary: Words
    section: str
    kind: Literal["repair", "application", "petition", "booking", "information"]
    days: int = Field(ge=0, le=365)
    fee: int = Field(default=0, ge=0)
    online: bool = True
    asset: Literal["lamp", "park", "facility", "none"] = "none"
    icon: str = "document"
    featured: bool = False
    documents: tuple[Words, ...] = ()
    steps: tuple[Words, ...] = ()
    keywords: tuple[str, ...] = ()


class Notice(_Strict):
    """An announcement on the home page."""

    date: date
    title: Words
    body: Words


class StandardText(_Strict):
    """A text that staff send often: what is missing (`return`), how it ended (`close`)."""

    code: str
    kind: Literal["return", "close"]
    text: Words


Longitude = Annotated[float, Field(ge=118, le=123)]
Latitude = Annotated[float, Field(ge=21, le=27)]


class Tenant(_Strict):
    """One office. Coordinates are WGS84: west, south, east, north."""

    code: str = Field(pattern=CODE)
    prefix: str = Field(pattern=r"^[A-Z]{2}$")
    languages: tuple[Literal["zh-Hant", "en"], ...] = ("zh-Hant", "en")
    areas: tuple[str, ...] = ()
    bounding_box: tuple[Longitude, Latitude, Longitude, Latitude]
    colour: str = Field(default="#14304a", pattern=r"^#[0-9a-fA-F]{6}$")
    name: Words
    head: Words
    contact: Contact
    sender: Sender
    quota: Quota
    quiet_hours: QuietHours
    calendar: WorkingCalendar
    retention: Retention
    sections: tuple[Section, ...] = Field(min_length=1)
    services: tuple[Service, ...] = Field(min_length=1)
    notices: tuple[Notice, ...] = ()
    templates: tuple[StandardText, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> "Tenant":
        problems = list(_inconsistencies(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def service(self, code: str) -> Service:
        """Errors: `KeyError` for an unknown service code."""
        return {service.code: service for service in self.services}[code]

    def section(self, code: str) -> Section:
        """Errors: `KeyError` for an unknown section code."""
        return {section.code: section for section in self.sections}[code]


class Tenants(Mapping[str, Tenant]):
    """All offices by code, in the order of their codes."""

    def __init__(self, tenants: list[Tenant]) -> None:
        self._by_code = {tenant.code: tenant for tenant in sorted(tenants, key=lambda tenant: tenant.code)}

    def __getitem__(self, code: str) -> Tenant:
        return self._by_code[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_code)

    def __len__(self) -> int:
        return len(self._by_code)

    def of_area(self, area: str) -> Tenant | None:
        """The office whose file names this area (as other systems write it), if any."""
        return next((tenant for tenant in self.values() if area in tenant.areas), None)


def load(folder: Path) -> Tenants:
    """Every tenant file of a folder. Errors: `ValueError` listing everything wrong with any of them."""
    files = sorted(folder.glob("*.toml"))
    problems = [f"{file.name}: {problem}" for file in files for problem in check(file)]
    if not files:
        problems = [f"LAMPPOST_TENANTS: no tenant file (*.toml) in {folder}"]
    if problems:
        raise ValueError("\n".join(problems))
    tenants = [Tenant.model_validate(_read(file)) for file in files]
    if twice := _twice(tenant.prefix for tenant in tenants):
        raise ValueError(f"prefix: used by two offices: {', '.join(twice)}")
    return Tenants(tenants)


def check(file: Path) -> list[str]:
    """Everything that is wrong with a tenant file, a line each, naming the field; empty when it is right."""
    try:
        tenant = Tenant.model_validate(_read(file))
    except ValidationError as error:
        return [f"{'.'.join(map(str, found['loc'])) or 'file'}: {found['msg']}" for found in error.errors()]
    except (OSError, ValueError) as error:
        return [f"file: {error}"]
    return [] if tenant.code == file.stem else [f"code: {tenant.code} must be the name of the file, {file.stem}"]


def _read(file: Path) -> dict[str, object]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _inconsistencies(tenant: Tenant) -> Iterator[str]:
    sections = {section.code for section in tenant.sections}
    for service in (service for service in tenant.services if service.section not in sections):
        yield f"services.{service.code}.section: no section {service.section}"
    yield from (f"services.{code}: named twice" for code in _twice(service.code for service in tenant.services))
    yield from (f"sections.{code}: named twice" for code in _twice(section.code for section in tenant.sections))
    if sum(service.featured for service in tenant.services) > 8:
        yield "services: more than 8 are featured"
    west, south, east, north = tenant.bounding_box
    if not (west < east and south < north):
        yield "bounding_box: must be west, south, east, north"
    if _contrast_on_white(tenant.colour) < 4.5:
        yield f"colour: {tenant.colour} has less contrast than 4.5:1 on white (WCAG 2.1, 1.4.3)"
    if tenant.calendar.office_hours[0] >= tenant.calendar.office_hours[1]:
        yield "calendar.office_hours: must open before it closes"


def _twice(codes: Iterable[str]) -> list[str]:
    return [code for code, count in Counter(codes).items() if count > 1]


def _contrast_on_white(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
