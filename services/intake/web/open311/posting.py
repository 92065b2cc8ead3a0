"""Posting a request: the form becomes a case, once, whatever the network does (`Idempotency-Key`)."""

from dataclasses import replace
from typing import Any

from flask import Response, g, request
from sqlalchemy import select

from chassis import clock
from chassis.bus import AskFailed
from chassis.runtime import Runtime
from chassis.store import IdempotencyKey
from chassis.tenants import Service
from chassis.web import idempotency
from chassis.web.language import current
from services.intake.act import Act, machine
from services.intake.counters import next_number
from services.intake.opening import open_case
from services.intake.request import REASONS, Applicant, Invalid, NewCase, checked, service_of, telephone
from services.intake.web.open311.answers import ATTRIBUTES, receipt_out
from services.intake.web.open311.errors import NO_ATTRIBUTE, NO_SERVICE, UNDER_WAY, several, wrong
from services.intake.web.open311.forms import RequestForm
from services.intake.web.open311.media import written

GIS_SECONDS = 0.8
# What a fault's field is called in the standard.
FIELDS = {"lon": "long", "address": "address_string", "name": "first_name", "asset_kind": "service_code"}


def post(runtime: Runtime, kind: str, form: RequestForm, key_name: str) -> Response:
    """Accept the request. Errors: `Problem` 400 naming each field, 409."""
    wanted = _located(runtime, _read(form))
    key, print_ = idempotency.key(), idempotency.fingerprint(form)
    # A repeated key is looked for first, so that it takes no number.
    number = None if key and _seen(runtime, key) else next_number(runtime.store, g.office, clock.now())
    # Without a key to keep, the case is one statement.
    with runtime.store.session(g.tenant, alone=key is None) as session:
        if kept := idempotency.once(session, key, print_):
            return kept.response()
        if number is None:
            raise wrong("Idempotency-Key", UNDER_WAY, 409)
        act = Act(runtime, session, machine(key_name), clock.now())
        opened = open_case(act, wanted, number)
        receipt = written(kind, "service_requests", [receipt_out(opened.case, current())], 201)
        return idempotency.remember(session, key, print_, receipt).response()


def _read(form: RequestForm) -> NewCase:
    service = service_of(g.office, form.service_code)
    if service is None:
        raise wrong("service_code", NO_SERVICE)
    asset = _asset(service, form)
    try:
        return checked(g.office, _new_case(form, asset))
    except Invalid as error:
        names = FIELDS | {"asset_number": f"attribute[{ATTRIBUTES.get(service.asset, 'pole')}]"}
        found = [(names.get(field, field), REASONS[reason]) for field, reason in error.faults]
        raise several(found) from None


def _asset(service: Service, form: RequestForm) -> tuple[str, str] | None:
    for kind in form.attributes:
        if kind != service.asset:
            raise wrong(f"attribute[{ATTRIBUTES[kind]}]", NO_ATTRIBUTE)
    return next(iter(form.attributes.items()), None)


def _new_case(form: RequestForm, asset: tuple[str, str] | None) -> NewCase:
    return NewCase(
        service_code=form.service_code,
        channel="open311",
        description=form.description,
        address=form.address_string,
        asset_kind=asset[0] if asset else None,
        asset_number=asset[1] if asset else None,
        lon=form.long,
        lat=form.lat,
        media_url=form.media_url,
        applicant=Applicant(
            name=form.person,
            phone=telephone(form.phone) if form.phone else None,
            email=form.email,
            language=current(),
        ),
    )


def _located(runtime: Runtime, wanted: NewCase) -> NewCase:
    """Where the asset stands, if the client did not say; gis may be away, or not know it: then nobody knows yet."""
    if wanted.asset_number is None or wanted.lon is not None:
        return wanted
    try:
        told: Any = runtime.ask(
            "gis",
            "asset",
            timeout=GIS_SECONDS,
            tenant=g.tenant,
            kind=wanted.asset_kind,
            number=wanted.asset_number,
        )
    except AskFailed:
        return wanted
    found = told["found"]
    if found is None:
        return wanted
    return replace(wanted, lon=found["lon"], lat=found["lat"], address=wanted.address or found.get("address"))


def _seen(runtime: Runtime, key: str) -> bool:
    same = (IdempotencyKey.route == request.endpoint, IdempotencyKey.key == key)
    with runtime.store.session(g.tenant, alone=True) as session:
        return session.scalars(select(IdempotencyKey.id).where(*same)).first() is not None
