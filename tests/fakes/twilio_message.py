"""One message as Twilio keeps and shows it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from tests.fakes.packer import fewest_segments
from tests.fakes.twilio_form import Order

LIFE = ("scheduled", "accepted", "queued", "sending", "sent", "undelivered", "failed", "canceled", "delivered")


def now() -> datetime:
    """The time in UTC; the API shows it to the second, the log in full."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Message:
    """One accepted message; `code` is the error of a failed one."""

    sid: str
    account: str
    order: Order
    segments: int
    created: datetime
    status: str
    code: int | None = None
    sent: datetime | None = None
    updated: datetime | None = None
    redacted: bool = False
    deleted: bool = False

    @property
    def body(self) -> str:
        """The body as the API still shows it."""
        return self.order.body if self.order.keeps_body and not self.redacted else ""

    def resource(self) -> dict[str, Any]:
        """The message as Twilio's Message resource."""
        uri = f"/2010-04-01/Accounts/{self.account}/Messages/{self.sid}"
        return {
            "account_sid": self.account,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": rfc2822(self.created),
            "date_sent": rfc2822(self.sent),
            "date_updated": rfc2822(self.updated or self.created),
            "direction": "outbound-api",
            "error_code": self.code,
            "error_message": None if self.code is None else f"Error {self.code}",
            "from": self.order.sender,
            "messaging_service_sid": self.order.service,
            "num_media": str(self.order.media),
            "num_segments": "0" if self.status in ("scheduled", "accepted") else str(self.segments),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.order.to,
            "uri": f"{uri}.json",
        }

    def record(self) -> dict[str, Any]:
        """The message as /_admin/accepted shows it: what was accepted, whatever became of it."""
        return {
            "sid": self.sid,
            "account": self.account,
            "to": self.order.to,
            "from": self.order.sender,
            "service": self.order.service,
            "body": self.order.body,
            "StatusCallback": self.order.callback,
            "segments": self.segments,
            "time": self.created.isoformat(),
            "status": self.status,
            "media": self.order.media,
            "keeps_body": self.order.keeps_body,
        }


def rfc2822(moment: datetime | None) -> str | None:
    """A date as Twilio writes it, None for one that has not come."""
    return None if moment is None else format_datetime(moment)


def accepted(account: str, order: Order) -> Message:
    """A new message in its first status."""
    sid = ("MM" if order.media else "SM") + uuid.uuid4().hex
    status = "scheduled" if order.scheduled else "accepted" if order.service else "queued"
    return Message(sid, account, order, fewest_segments(order.body), now(), status)


def restored(record: Mapping[str, Any]) -> Message:
    """The message a record was made of."""
    names = ("to", "service", "body", "media", "keeps_body")
    order = Order(
        sender=record["from"],
        callback=record["StatusCallback"],
        validity=36000,
        scheduled=None,
        **{name: record[name] for name in names},
    )
    created = datetime.fromisoformat(record["time"])
    return Message(record["sid"], record["account"], order, record["segments"], created, record["status"])
