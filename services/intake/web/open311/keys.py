"""Who may do what: the key of another system, and the jurisdiction it means."""

from flask import g, request

from chassis import clock
from services.intake.apikeys import Doorkeeper
from services.intake.web.open311.errors import ELSEWHERE, NO_KEY, WRONG_KEY, wrong
from services.intake.web.open311.forms import Keyed


def must_be_here(asked: Keyed) -> None:
    """The jurisdiction, if one is named, is the office of the address. Errors: `Problem` 404."""
    if asked.jurisdiction_id not in (None, g.tenant):
        raise wrong("jurisdiction_id", ELSEWHERE, 404)


def must_have_key(keeper: Doorkeeper, asked: Keyed) -> str:
    """The name of the key that was given, in the form or the address. Errors: `Problem` 403."""
    key = asked.api_key or request.args.get("api_key")
    name = keeper.name_of(g.tenant, key, clock.now()) if key else None
    if name is None:
        raise wrong("api_key", WRONG_KEY if key else NO_KEY, 403)
    return name


def trusted(keeper: Doorkeeper, asked: Keyed) -> bool:
    """Whether a reader has the office's key; one without key may read what is public. Errors: `Problem` 403."""
    return bool(asked.api_key and must_have_key(keeper, asked))
