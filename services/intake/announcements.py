"""What a case says of itself on the bus: its state, and whom to tell, sealed for the one service that needs it."""

from functools import lru_cache

from chassis.sealing import Unsealable
from chassis.tenants import Tenant
from services.intake import events
from services.intake.act import Act
from services.intake.model import Case
from services.intake.request import service_of


def state_of(act: Act, case: Case) -> events.CaseState:
    """The case as every event carries it. The description is sealed for search; a clock that stands has no deadline."""
    return events.CaseState(
        number=case.number,
        version=case.version,
        status=case.status,
        channel=case.channel,
        service_code=case.service_code,
        service=_service_name(act.office, case.service_code),
        section=case.section,
        address=case.address,
        asset_kind=case.asset_kind,
        asset_number=case.asset_number,
        lon=case.lon,
        lat=case.lat,
        opened_at=case.opened_at,
        deadline=None if case.paused_at else case.deadline,
        closed_at=case.closed_at,
        updated_at=case.updated_at,
        description=seal(act, case.description, "search"),
    )


def recipient_of(act: Act, case: Case, code: str | None = None) -> events.Recipient | None:
    """Whom to tell about the case; None when nobody can be, or nobody shall be, told. `code` opens the link."""
    if not act.tell or not (case.phone or case.email):
        return None
    return events.Recipient(
        name=act.runtime.sealer.seal(case.name or "", audience="notify", tenant=act.office.code),
        phone=seal(act, case.phone, "notify"),
        email=seal(act, case.email, "notify"),
        language="en" if case.language == "en" else "zh-Hant",
        link=act.runtime.sealer.seal(link_of(act, case, code), audience="notify", tenant=act.office.code),
    )


def link_of(act: Act, case: Case, code: str | None = None) -> str:
    """Where the applicant follows the case: with the code in the link, so that one touch opens it."""
    code = code or _kept_code(act, case)
    path = f"/{act.office.code}/cases/{case.number}"
    return act.runtime.link(f"{path}?code={code}" if code else path)


def seal(act: Act, text: str | None, audience: str) -> str | None:
    """A text for one audience's eyes; None stays None."""
    if not text:
        return None
    return act.runtime.sealer.seal(text, audience=audience, tenant=act.office.code)


def _kept_code(act: Act, case: Case) -> str | None:
    if case.code_sealed is None:
        return None
    try:
        return act.runtime.sealer.open(case.code_sealed, audience="intake", tenant=act.office.code)
    except Unsealable:  # the key was changed since: the applicant types the code of the first message
        return None


def _service_name(office: Tenant, code: str) -> events.BothLanguages:
    service = service_of(office, code)
    return _both(service.name.zh, service.name.en) if service else _both(code, code)


@lru_cache(maxsize=1024)
def _both(zh: str, en: str) -> events.BothLanguages:
    return events.BothLanguages(zh=zh, en=en)
