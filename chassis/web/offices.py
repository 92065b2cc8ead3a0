"""The office in the path: `<office:tenant>`. Views never see it as an argument; it is in `g.office` and `g.tenant`."""

from typing import Any, ClassVar

from flask import Flask, g, request
from werkzeug.routing import BaseConverter, ValidationError

from chassis.tenants import Tenant, Tenants

ARGUMENT = "tenant"


class OfficeConverter(BaseConverter):
    """Turns a code into its `Tenant`; an unknown one matches nothing (404)."""

    regex = "[a-z][a-z0-9]{1,30}"
    tenants: ClassVar[Tenants]

    def to_python(self, value: str) -> Tenant:
        """Errors: `ValidationError`, which the router takes as no match."""
        try:
            return self.tenants[value]
        except KeyError:
            raise ValidationError from None

    def to_url(self, value: Tenant | str) -> str:
        """The code."""
        return value if isinstance(value, str) else value.code


def register(app: Flask, tenants: Tenants) -> None:
    """Let this app's routes name an office, and fill it into the links made on its pages."""
    app.url_map.converters["office"] = type("Converter", (OfficeConverter,), {"tenants": tenants})

    @app.url_value_preprocessor
    def take(endpoint: str | None, values: dict[str, Any] | None) -> None:
        office = values.get(ARGUMENT) if values else None
        if isinstance(office, Tenant) and values is not None:
            del values[ARGUMENT]
            g.office, g.tenant = office, office.code

    @app.before_request
    def recognise() -> None:
        # A page that does not exist still belongs to an office: its name and telephone are shown.
        code = request.path.split("/")[1]
        if request.url_rule is None and code in tenants:
            g.office, g.tenant = tenants[code], code

    @app.url_defaults
    def give(endpoint: str, values: dict[str, Any]) -> None:
        if "tenant" in g and ARGUMENT not in values and app.url_map.is_endpoint_expecting(endpoint, ARGUMENT):
            values[ARGUMENT] = g.tenant
