"""What travels: CloudEvents 1.0 attributes, plus `tenant`, `sequence` (counted per subject) and `traceparent`."""

from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """Something a service says. One model an event, in the service's `events.py`; the docstring tells when it fires.

    `source` is the service, `type` the routing key with its major version (`case_opened.v1`). Adding an optional field
    keeps the version; anything else is `v2` beside `v1`. `examples` are full payloads: every reader is tested on them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    source: ClassVar[str]
    type: ClassVar[str]
    examples: ClassVar[tuple[dict[str, Any], ...]]


class Reader(BaseModel):
    """What a service wants to know of another's event: only the fields it uses; all others are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Envelope(BaseModel):
    """A CloudEvent as it stands on the wire (structured mode, JSON)."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str = "application/json"
    tenant: str
    sequence: int
    traceparent: str | None = None
    data: dict[str, Any]
