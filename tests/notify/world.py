"""Events as intake says them, heard by notify; senders that work in the test's own thread; what is in the store."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from chassis import clock
from chassis.runtime import Runtime
from chassis.store import OutboxRow
from services.notify.couriers import Courier, MailCourier, SmsCourier
from services.notify.mail import RecordingMail
from services.notify.model import Attempt, Channel, Message
from services.notify.outcome import Outcome
from services.notify.ports import Ports
from services.notify.sender import Sender
from services.notify.service import Notify
from services.notify.sms import RecordingSms

PHONE = "+886912345678"
EMAIL = "wang.hsiao-ming@example.tw"
NAME = "王小明"
LINK = "http://127.0.0.1:8000/douliu/cases/DL-115-004217-6?code=7K4M2P"
SURVEY = "http://127.0.0.1:8000/s/pZ3kQ9xV"
HANDLERS = {"case_opened": "on_case_opened", "case_returned": "on_case_returned", "case_closed": "on_case_closed"}


def seal(runtime: Runtime, text: str | None, tenant: str) -> str | None:
    return None if text is None else runtime.sealer.seal(text, audience="notify", tenant=tenant)


def envelope(
    runtime: Runtime,
    purpose: str = "case_opened",
    *,
    tenant: str = "douliu",
    number: str = "DL-115-004217-6",
    phone: str | None = PHONE,
    email: str | None = None,
    name: str = NAME,
    language: str = "zh-Hant",
    link: str = LINK,
    sequence: int = 1,
    told: bool = True,
    survey: str | None = None,
    **data: Any,
) -> dict[str, Any]:
    """A CloudEvent as it comes from the bus."""
    recipient = {
        "name": seal(runtime, name, tenant),
        "phone": seal(runtime, phone, tenant),
        "email": seal(runtime, email, tenant),
        "language": language,
        "link": seal(runtime, link, tenant),
    }
    case = {
        "number": number,
        "service": {"zh": "路燈報修", "en": "Streetlight repair"},
        "asset_number": "01234",
        "deadline": "2026-11-24T09:30:00Z",
    }
    more = {"case_returned": {"missing": ["請補一張現場照片"]}, "case_closed": {"reply": "已更換燈具，恢復照明。"}}
    body = more.get(purpose, {}) | ({"survey_link": seal(runtime, survey, tenant)} if survey else {}) | data
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "/intake",
        "type": f"{purpose}.v1",
        "subject": number,
        "time": "2026-11-18T01:12:00Z",
        "tenant": tenant,
        "sequence": sequence,
        "data": {"case": case, "recipient": recipient if told else None, **body},
    }


def hear(runtime: Runtime, body: dict[str, Any]) -> None:
    """Deliver an event to its handler, as the bus does."""
    handler = getattr(Notify, HANDLERS[body["type"].removesuffix(".v1")])
    handler(SimpleNamespace(runtime=runtime), body)


def tell(runtime: Runtime, purpose: str = "case_opened", **more: Any) -> dict[str, Any]:
    """Make an event and deliver it."""
    body = envelope(runtime, purpose, **more)
    hear(runtime, body)
    return body


def every(runtime: Runtime, tenant: str | None = None) -> list[Message]:
    """All messages, of one office or of all, the oldest first."""
    query = select(Message).order_by(Message.created_at, Message.channel.desc(), Message.id)
    with runtime.store.session(tenant or "*") as session:
        return list(session.scalars(query))


def only(runtime: Runtime) -> Message:
    (message,) = every(runtime)
    return message


def attempts_of(runtime: Runtime) -> list[Attempt]:
    with runtime.store.everywhere() as session:
        return list(session.scalars(select(Attempt).order_by(Attempt.message_id, Attempt.n)))


def said(runtime: Runtime) -> list[tuple[str, dict[str, Any]]]:
    """(type, data) of every event notify has said."""
    return [(envelope["type"], envelope["data"]) for envelope in outbox(runtime)]


def outbox(runtime: Runtime) -> list[dict[str, Any]]:
    with runtime.store.everywhere() as session:
        return list(session.scalars(select(OutboxRow.envelope).order_by(OutboxRow.position)))


def open_text(runtime: Runtime, message: Message) -> str:
    return runtime.sealer.open(message.text, audience="notify", tenant=message.tenant)


def record(runtime: Runtime, sms: Iterable[Outcome] = (), mail: Iterable[Outcome] = ()) -> Ports:
    """Give the runtime ports that keep what they are given and answer as told."""
    runtime.ports = Ports(RecordingSms(sms), RecordingMail(mail))
    return runtime.ports


class Shifted:
    """A clock that can be set forward."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def __call__(self) -> datetime:
        return clock.now() + self.by

    def forward(self, **by: float) -> None:
        self.by += timedelta(**by)


def at_once(work: Callable[..., None], *arguments: Any) -> None:
    work(*arguments)


def sender(runtime: Runtime, channel: Channel = "sms", now: Callable[[], datetime] = clock.now) -> Sender:
    """A sender that makes its calls one after the other, in this thread."""
    courier: Courier = SmsCourier(runtime) if channel == "sms" else MailCourier(runtime)
    return Sender(runtime, courier, spawn=at_once, now=now)
