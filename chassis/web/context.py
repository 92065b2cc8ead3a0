"""What every template may use: the office, the language, the ways around, who is signed in, files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Flask, g, request
from flask_babel import gettext

from chassis.tenants import Tenant
from chassis.web import language, statics
from chassis.web.formats import telephone
from chassis.web.staff import StaffIdentity


class NavLink(NamedTuple):
    """One entry of the main menu; `current` marks where we are."""

    label: str
    href: str
    current: bool


Nav = Callable[[], Sequence[NavLink]]


@dataclass(frozen=True)
class OfficeView:
    """An office as templates see it."""

    tenant: Tenant

    @property
    def code(self) -> str:
        """`douliu`."""
        return self.tenant.code

    @property
    def colour(self) -> str:
        """`#14304a`."""
        return self.tenant.colour

    @property
    def languages(self) -> tuple[str, ...]:
        """`zh-Hant`, `en`, the office's own first."""
        return self.tenant.languages

    @property
    def telephone(self) -> str:
        """As people write it: 05-532-2000."""
        return telephone(self.tenant.contact.telephone)

    def name(self, lang: str) -> str:
        """The office's name."""
        return self.tenant.name(lang)

    def head(self, lang: str) -> str:
        """The title of its head: 市長, 區長."""
        return self.tenant.head(lang)

    def address(self, lang: str) -> str:
        """Where it is."""
        return self.tenant.contact.address(lang)


def default_nav() -> list[NavLink]:
    """The menu: residents' pages, or the desk for staff of this office. Paths lead across services."""
    if g.get("tenant") is None:
        return []
    return [NavLink(label, href, _is_here(href)) for label, href in _staff_links() or _resident_links()]


def register(app: Flask, service: str, nav: Nav | None) -> None:
    """Give every template its context."""
    asset = statics.asset_url(service, statics.digest_of())
    links = nav or default_nav

    @app.context_processor
    def context() -> dict[str, Any]:
        office: Tenant | None = g.get("office")
        return {
            "office": OfficeView(office) if office else None,
            "lang": language.current(),
            "other_languages": language.others(),
            "nav": links(),
            "home_url": f"/{office.code}/" if office else None,
            "staff": g.get("staff"),
            "sign_out_url": _sign_out_url(),
            "asset": asset,
            "office_css": statics.office_css_url(service, office) if office else None,
            "footer_links": (),
            "errors": {},
        }


def _resident_links() -> list[tuple[str, str]]:
    office = g.tenant
    return [
        (gettext("服務項目"), f"/{office}/services"),
        (gettext("地圖"), f"/{office}/map"),
        (gettext("查案件"), f"/{office}/cases"),
    ]


def _staff_links() -> list[tuple[str, str]]:
    staff: StaffIdentity | None = g.get("staff")
    if staff is None:
        return []
    links = [(gettext("佇列"), f"/{g.tenant}/desk/")]
    if staff.may("chief", "head"):
        links.append((g.office.head(language.current()), f"/{g.tenant}/desk/head"))
        links.append((gettext("滿意度"), f"/{g.tenant}/surveys/"))
    return [*links, (gettext("訊息"), f"/{g.tenant}/messages/")]


def _sign_out_url() -> str | None:
    return f"/{g.tenant}/desk/sign-out" if g.get("staff") and g.get("tenant") else None


def _is_here(href: str) -> bool:
    here = request.path.rstrip("/")
    target = href.rstrip("/")
    if target.endswith("/desk"):
        return here == target or (here.startswith(f"{target}/") and not here.startswith(f"{target}/head"))
    return here == target or here.startswith(f"{target}/")
