"""A message as the person who looks may see it.

Where nothing leaves the machine (the laptop's console) the page is the telephone: everything is shown. Elsewhere
clerks see enough of a number to recognise it, and nobody at the office sees the secrets in a resident's links: whoever
has the survey's link can answer it in the resident's place.
"""

import re
from typing import Any, Final

from flask import g, url_for

from chassis.runtime import Runtime
from chassis.sealing import Unsealable
from chassis.web.formats import telephone, when
from services.notify import decisions
from services.notify.addresses import masked
from services.notify.model import Message
from services.notify.web import words

HIDDEN: Final = "•••"
_LINK: Final = re.compile(r"https?://\S+")
_SECRET: Final = re.compile(r"(?<=/s/)[^\s/?#]+|(?<=\?)\S+")


def public(runtime: Runtime) -> bool:
    """Whether the outbox is open to whoever runs this laptop's platform."""
    return bool(runtime.settings.embedded and runtime.ports.console)


def shown(runtime: Runtime, message: Message) -> dict[str, Any]:
    """What the list shows of a message."""
    word, tone = words.state(message)
    return {
        "channel": message.channel,
        "to": recipient(runtime, message),
        "word": word,
        "tone": tone,
        "when": when(message.created_at),
        "case": case_link(message),
        "number": message.case_number,
        "purpose": words.purpose(message.purpose),
        "reason": words.reason(message)
        if message.state not in ("waiting", "sending", "accepted", "delivered")
        else None,
        "subject": message.subject,
        "text": text(runtime, message),
        "href": url_for("outbox.show", message_id=message.id),
    }


def recipient(runtime: Runtime, message: Message) -> str:
    """Number or address: whole for chief, head and the laptop, else masked."""
    address = _opened(runtime, message, message.recipient)
    if address is None:
        return HIDDEN
    if public(runtime) or (g.staff is not None and g.staff.may("chief", "head")):
        return telephone(address) if message.channel == "sms" else address
    return masked(address)


def text(runtime: Runtime, message: Message) -> str:
    """What was written, the secrets in links hidden where they are somebody's."""
    opened = _opened(runtime, message, message.text)
    if opened is None:
        return HIDDEN
    return opened if public(runtime) else discreet(opened)


def discreet(text: str) -> str:
    """The text without the codes and tokens in its links."""
    return _LINK.sub(lambda link: _SECRET.sub(HIDDEN, link[0]), text)


def case_link(message: Message) -> str | None:
    """The case on the desk, for staff."""
    return f"/{g.tenant}/desk/cases/{message.case_number}" if g.staff and message.case_number else None


def may(message: Message) -> dict[str, bool]:
    """What the person may decide about it now."""
    decides = g.staff is not None and g.staff.may("chief", "head")
    return {
        "resume": decides and decisions.may_resume(message),
        "give_up": decides and decisions.may_give_up(message),
    }


def _opened(runtime: Runtime, message: Message, sealed: str) -> str | None:
    try:
        return runtime.sealer.open(sealed, audience="notify", tenant=message.tenant)
    except Unsealable:
        return None
