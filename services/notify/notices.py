"""From an event to its messages: one by each channel the applicant left, or none. The same event adds none again.

A number that cannot take an SMS, or an address that is none, still gets its row, so that staff see who was not told.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.bus import Heard
from chassis.store.engine import wake
from chassis.store.tenancy import ScopedSession
from chassis.store.together import write_once
from services.notify import inbox, messages, texts
from services.notify.addresses import fingerprint, mailbox, mobile
from services.notify.model import Channel, Message
from services.notify.segments import segments

NOT_MOBILE = ("not-mobile", "not a Taiwanese mobile number")
NOT_ADDRESS = ("not-address", "not an e-mail address")


@dataclass(frozen=True, slots=True)
class _Line:
    """A way to reach somebody; `wrong` is why it cannot be used."""

    channel: Channel
    address: str
    wrong: tuple[str, str] | None


def opened(heard: Heard[inbox.CaseOpened], now: datetime) -> None:
    """The case was accepted."""
    if matter := _matter(heard):
        _tell(heard, "case_opened", matter, texts.opened(matter), now)


def returned(heard: Heard[inbox.CaseReturned], now: datetime) -> None:
    """Something is missing."""
    if matter := _matter(heard):
        _tell(heard, "case_returned", matter, texts.returned(matter, heard.data.missing), now)


def closed(heard: Heard[inbox.CaseClosed], now: datetime) -> None:
    """The case has ended."""
    if matter := _matter(heard):
        survey = heard.open(heard.data.survey_link, "notify") if heard.data.survey_link else None
        _tell(heard, "case_closed", matter, texts.closed(matter, heard.data.reply, survey), now)


def _matter(heard: Heard[Any]) -> texts.Matter | None:
    recipient: inbox.Recipient | None = heard.data.recipient
    if recipient is None:
        return None
    name, link = heard.open(recipient.name, "notify"), heard.open(recipient.link, "notify")
    reader = texts.Reader(name, recipient.language, link)
    return texts.Matter(heard.runtime.tenant(heard.tenant), heard.data.case, reader, heard.time)


def _tell(heard: Heard[Any], purpose: str, matter: texts.Matter, told: texts.Told, now: datetime) -> None:
    for line in _lines(heard):
        row = _row(heard, purpose, line, matter, told) | messages.fresh(purpose, now)
        if write_once(heard.session, Message, row):
            wake(heard.session, messages.signal(line.channel))
            if line.wrong:
                _give_up(heard.session, row["id"], line.wrong, now)


def _give_up(session: ScopedSession, message_id: str, wrong: tuple[str, str], now: datetime) -> None:
    if message := messages.alone(session, message_id):
        messages.fail(session, message, "suppressed", *wrong, now)


def _lines(heard: Heard[Any]) -> list[_Line]:
    recipient: inbox.Recipient = heard.data.recipient
    lines: list[_Line] = []
    if recipient.phone and (phone := heard.open(recipient.phone, "notify").strip()):
        number = mobile(phone)
        lines.append(_Line("sms", number or phone, None if number else NOT_MOBILE))
    if recipient.email and (email := heard.open(recipient.email, "notify").strip()):
        address = mailbox(email)
        lines.append(_Line("email", address or email, None if address else NOT_ADDRESS))
    return lines


def _row(heard: Heard[Any], purpose: str, line: _Line, matter: texts.Matter, told: texts.Told) -> dict[str, Any]:
    runtime = heard.runtime
    text = told.sms if line.channel == "sms" else told.mail
    return {
        "id": str(uuid.uuid4()),
        "tenant": heard.tenant,
        "event_id": heard.id,
        "sequence": heard.sequence,
        "purpose": purpose,
        "channel": line.channel,
        "case_number": matter.case.number[:40],
        "language": matter.reader.language,
        "recipient": runtime.sealer.seal(line.address, audience="notify", tenant=heard.tenant),
        "recipient_hash": fingerprint(runtime.keys.pepper, heard.tenant, line.channel, line.address),
        "subject": None if line.channel == "sms" else told.subject,
        "text": runtime.sealer.seal(text, audience="notify", tenant=heard.tenant),
        "segments": segments(text) if line.channel == "sms" else None,
    }
