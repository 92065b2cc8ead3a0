"""Who looks at a page: which cases this browser may see, and which member of staff acts.

The cases are kept in the signed form cookie after number and code were right once.
"""

from collections.abc import MutableMapping
from typing import Any

from flask import g

from services.intake.act import Actor, staff

NAME = "cases"
MOST = 20


def grant(cookie: MutableMapping[str, Any], tenant: str, number: str) -> None:
    """This browser may look at the case from now on."""
    wanted = f"{tenant}/{number}"
    cookie[NAME] = [*(one for one in cookie.get(NAME, []) if one != wanted), wanted][-MOST:]


def granted(cookie: MutableMapping[str, Any], tenant: str, number: str) -> bool:
    """Whether this browser may look at the case."""
    return f"{tenant}/{number}" in cookie.get(NAME, [])


def member() -> Actor:
    """Whoever is signed in, as the actor of a case. Only behind `staff_required`."""
    return staff(g.staff.username, g.staff.name, g.staff.roles, g.staff.section or None)
