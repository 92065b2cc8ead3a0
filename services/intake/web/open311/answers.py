"""What Open311 clients get: services, their definitions, requests, errors (GeoReport v2)."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from chassis.clock import TAIPEI
from chassis.logs import mask
from chassis.tenants import Service, Tenant
from services.intake.lifecycle import Label
from services.intake.model import Case
from services.intake.request import service_of

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-01T00:00:00+08:00"
FORMATS = ["text/xml", "application/json"]
ATTRIBUTES = {"lamp": "pole", "park": "park", "facility": "facility"}
# What anybody may read: reports of things in public space. The rest only with the office's key.
PUBLIC_KINDS = ("repair",)

ASKED = {
    "lamp": Label("燈桿上的號碼，前面的 0 也要寫", "The number on the pole, with its leading zeros"),
    "park": Label("公園的編號", "The number of the park"),
    "facility": Label("設施的編號", "The number of the facility"),
}
AS_PRINTED = Label("英文字母和數字", "Letters and digits")
PROMISED = Label("已收到，預定 {day} 前處理完成。", "Received; to be done by {day}.")
RECEIVED = Label("已收到。", "Received.")
KEY_SERVICE = Label("API 金鑰請向{office}申請：{email}", "Ask {office} for an API key: {email}")


class ServiceOut(BaseModel):
    """One service that can be asked for."""

    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: Literal["realtime"]
    keywords: str
    group: str


class AttributeOut(BaseModel):
    """One more thing a service asks for."""

    variable: bool
    code: str
    datatype: Literal["string"]
    required: bool
    datatype_description: str
    order: int
    description: str


class DefinitionOut(BaseModel):
    """What a service asks for."""

    service_code: str
    attributes: list[AttributeOut]


class ReceiptOut(BaseModel):
    """A request was accepted."""

    service_request_id: str
    service_notice: str
    account_id: str | None = None


class RequestOut(BaseModel):
    """A request as it stands. Moments in Taipei, coordinates WGS84 degrees."""

    service_request_id: str
    status: Literal["open", "closed"]
    status_notes: str | None
    service_name: str
    service_code: str
    description: str | None
    agency_responsible: str
    service_notice: str | None
    requested_datetime: str
    updated_datetime: str
    expected_datetime: str | None
    address: str | None
    address_id: str | None
    zipcode: str | None
    lat: float | None
    long: float | None
    media_url: str | None


class ErrorOut(BaseModel):
    """One thing that is wrong; the description begins with the field's name."""

    code: int
    description: str


class EndpointOut(BaseModel):
    """Where the standard is spoken."""

    specification: str
    url: str
    changeset: str
    type: Literal["production"]
    formats: list[str]


class DiscoveryOut(BaseModel):
    """What this office offers to other systems."""

    changeset: str
    contact: str
    key_service: str
    endpoints: list[EndpointOut]


def service_out(office: Tenant, service: Service, language: str) -> ServiceOut:
    """A service in the caller's language."""
    return ServiceOut(
        service_code=service.code,
        service_name=service.name(language),
        description=service.summary(language),
        metadata=service.asset in ATTRIBUTES,
        type="realtime",
        keywords=",".join(service.keywords),
        group=office.section(service.section).name(language),
    )


def definition_out(service: Service, language: str) -> DefinitionOut:
    """What a service asks for beyond the fixed fields."""
    asked = [_attribute(service.asset, language)] if service.asset in ATTRIBUTES else []
    return DefinitionOut(service_code=service.code, attributes=asked)


def receipt_out(case: Case, language: str) -> ReceiptOut:
    """The receipt, with the date that is promised."""
    if case.deadline is None:
        notice = said(RECEIVED, language)
    else:
        notice = said(PROMISED, language).format(day=case.deadline.astimezone(TAIPEI).date().isoformat())
    return ReceiptOut(service_request_id=case.number, service_notice=notice)


def request_out(office: Tenant, case: Case, language: str, *, trusted: bool) -> RequestOut:
    """A case in the standard's words. Whoever is not `trusted` gets what was written without personal data."""
    service = service_of(office, case.service_code)
    section = next((section for section in office.sections if section.code == case.section), None)
    return RequestOut(
        service_request_id=case.number,
        status="open" if case.closed_at is None else "closed",
        status_notes=_shown(case.reply, trusted),
        service_name=service.name(language) if service else case.service_code,
        service_code=case.service_code,
        description=_shown(case.description, trusted),
        agency_responsible=section.name(language) if section else office.name(language),
        service_notice=None,
        requested_datetime=moment_out(case.opened_at),
        updated_datetime=moment_out(case.updated_at),
        expected_datetime=moment_out(case.deadline) if case.deadline and not case.paused_at else None,
        address=_shown(case.address, trusted),
        address_id=None,
        zipcode=None,
        lat=case.lat,
        long=case.lon,
        media_url=None,
    )


def discovery_out(office: Tenant, url: str, language: str) -> DiscoveryOut:
    """Where the office speaks the standard, and whom to ask for a key."""
    contact = office.contact
    key_service = said(KEY_SERVICE, language).format(office=office.name(language), email=contact.email)
    return DiscoveryOut(
        changeset=CHANGESET,
        contact=f"{office.name(language)} {contact.telephone} {contact.email}",
        key_service=key_service,
        endpoints=[
            EndpointOut(specification=SPECIFICATION, url=url, changeset=CHANGESET, type="production", formats=FORMATS)
        ],
    )


def moment_out(moment: datetime) -> str:
    """W3C, in Taipei: 2026-11-24T09:30:00+08:00."""
    return moment.astimezone(TAIPEI).isoformat(timespec="seconds")


def said(label: Label, language: str) -> str:
    """The label's text in the caller's language."""
    return label.en if language == "en" else label.zh


def _attribute(asset: str, language: str) -> AttributeOut:
    return AttributeOut(
        variable=True,
        code=ATTRIBUTES[asset],
        datatype="string",
        required=False,
        datatype_description=said(AS_PRINTED, language),
        order=1,
        description=said(ASKED[asset], language),
    )


def _shown(text: str | None, trusted: bool) -> str | None:
    return text if text is None or trusted else mask(text)
