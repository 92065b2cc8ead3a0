"""Addresses that lead to assets, and from them to intake's forms. Paths begin with `/`; numbers are percent-encoded."""

from urllib.parse import quote

LAMP_SERVICE = "streetlight"  # the `service_code` of streetlight repair
LAMP_FORM = "/{tenant}/services/{service}?pole={number}"


def asset(tenant: str, kind: str, number: str) -> str:
    """The asset's own page."""
    return f"/{tenant}/assets/{kind}/{quote(number, safe='')}"


def report_lamp(tenant: str, number: str) -> str:
    """Intake's form for a dead lamp, with the pole filled in."""
    return LAMP_FORM.format(tenant=tenant, service=LAMP_SERVICE, number=quote(number, safe=""))


def service(tenant: str, code: str) -> str:
    """A service of intake's catalogue."""
    return f"/{tenant}/services/{quote(code, safe='')}"


def sticker(tenant: str, kind: str, number: str) -> str:
    """What the QR code on the spot leads to (AP7, SL7): a lamp's to its report form, short; any other to its page."""
    return f"/l/{tenant}/{quote(number, safe='')}" if kind == "lamp" else asset(tenant, kind, number)
