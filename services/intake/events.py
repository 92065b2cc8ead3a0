"""What intake says. Every case event carries the whole case as it stands, so that a reader needs no other.

Sealed fields are Fernet tokens that only the named audience can open (`chassis.sealing`).
"""

from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from chassis.bus import Event

SEALED = "gAAAAABpH_8example-of-a-sealed-field=="


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class BothLanguages(_Part):
    """A text in zh-Hant and English."""

    zh: str
    en: str


class CaseState(_Part):
    """A case as it stands after the change. `version` counts its changes from 1 and equals the event's sequence."""

    number: str
    version: int
    status: str
    channel: str
    service_code: str
    service: BothLanguages
    section: str
    address: str | None = None
    asset_kind: str | None = None
    asset_number: str | None = None
    lon: float | None = None
    lat: float | None = None
    opened_at: datetime
    deadline: datetime | None = None
    closed_at: datetime | None = None
    updated_at: datetime
    description: str | None = Field(default=None, description="sealed for search")


class Recipient(_Part):
    """Whom to tell, and where they can look. Everything but the language is sealed for notify."""

    name: str
    phone: str | None = None
    email: str | None = None
    language: Literal["zh-Hant", "en"]
    link: str


class IntakeEvent(Event):
    """An event of intake."""

    source: ClassVar[str] = "intake"


class CaseEvent(IntakeEvent):
    """A change of a case."""

    case: CaseState


class CaseOpened(CaseEvent):
    """A case was accepted and has a number (YM1 receipt, YS2)."""

    type: ClassVar[str] = "case_opened.v1"
    examples: ClassVar[tuple[dict[str, Any], ...]]

    recipient: Recipient | None = None


class CaseTaken(CaseEvent):
    """A member of staff took the case in hand (YM5)."""

    type: ClassVar[str] = "case_taken.v1"
    examples: ClassVar[tuple[dict[str, Any], ...]]

    handler: str = Field(description="username")


class CaseReturned(CaseEvent):
    """The case waits for its applicant: what is missing is said at once; the clock stands (YM1 returned, YM3)."""

    type: ClassVar[str] = "case_returned.v1"
    examples: ClassVar[tuple[dict[str, Any], ...]]

    missing: list[str]
    recipient: Recipient | None = None


class CaseSupplemented(CaseEvent):
    """The applicant has sent what was missing; the clock runs again."""

    type: ClassVar[str] = "case_supplemented.v1"
    examples: ClassVar[tuple[dict[str, Any], ...]]


class CaseClosed(CaseEvent):
    """The case is finished, with a reply (YM1 closed). Carries the invitation to say how it was (AP6).

    The survey's link travels to the applicant and the hash of its token to survey, so that neither waits for the other.
    """

    type: ClassVar[str] = "case_closed.v1"
    examples: ClassVar[tuple[dict[str, Any], ...]]

    reply: str
    recipient: Recipient | None = None
    survey_link: str | None = Field(default=None, description="sealed for notify")
    survey_token_hash: str | None = Field(default=None, description="SHA-256 of the token in the link, hex")


class CaseReopened(CaseEvent):
    """A closed case was taken up again."""

    type: ClassVar[str] = "case_reopened.v1"
    examples: ClassVar[tuple[dict[str, Any], ...]]

    reason: str


class CaseWithdrawn(CaseEvent):
    """The applicant withdrew the case."""

    type: ClassVar[str] = "case_withdrawn.v1"
    examples: ClassVar[tuple[dict[str, Any], ...]]


class ServicePublished(IntakeEvent):
    """A service of the catalogue was published or changed (DL1)."""

    type: ClassVar[str] = "service_published.v1"
    examples: ClassVar[tuple[dict[str, Any], ...]]

    code: str
    name: BothLanguages
    summary: BothLanguages
    section: BothLanguages
    documents: list[BothLanguages]
    steps: list[BothLanguages]
    keywords: list[str]
    days: int = Field(description="working days promised")
    kind: str
    path: str = Field(description="local path of its page")
    version: int
    updated_at: datetime


_CASE: dict[str, Any] = {
    "number": "DL-115-004217-6",
    "version": 1,
    "status": "received",
    "channel": "web",
    "service_code": "streetlight",
    "service": {"zh": "路燈報修", "en": "Streetlight repair"},
    "section": "works",
    "address": "虎溪里慶生路 128 號前",
    "asset_kind": "lamp",
    "asset_number": "01234",
    "lon": 120.5412,
    "lat": 23.7093,
    "opened_at": "2026-11-18T01:12:00Z",
    "deadline": "2026-11-23T09:30:00Z",
    "updated_at": "2026-11-18T01:12:00Z",
    "description": SEALED,
}
_BARE: dict[str, Any] = {
    "number": "AP-104-000031-2",
    "version": 1,
    "status": "received",
    "channel": "hotline",
    "service_code": "petition_1999",
    "service": {"zh": "1999 陳情", "en": "1999 request"},
    "section": "civil",
    "opened_at": "2015-04-15T00:22:00Z",
    "updated_at": "2015-04-15T00:22:00Z",
}
_RECIPIENT: dict[str, Any] = {
    "name": SEALED,
    "phone": SEALED,
    "email": None,
    "language": "zh-Hant",
    "link": SEALED,
}


def _case(version: int, status: str, **changes: Any) -> dict[str, Any]:
    return {**_CASE, "version": version, "status": status, **changes}


CaseOpened.examples = ({"case": _CASE, "recipient": _RECIPIENT}, {"case": _BARE, "recipient": None})
CaseTaken.examples = ({"case": _case(2, "in_progress"), "handler": "lin.works"},)
CaseReturned.examples = (
    {"case": _case(3, "returned", deadline=None), "missing": ["請補一張現場照片"], "recipient": _RECIPIENT},
)
CaseSupplemented.examples = ({"case": _case(4, "in_progress")},)
CaseClosed.examples = (
    {
        "case": _case(5, "closed", closed_at="2026-11-20T06:00:00Z"),
        "reply": "已更換燈具，恢復照明。",
        "recipient": _RECIPIENT,
        "survey_link": SEALED,
        "survey_token_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    },
    {"case": {**_BARE, "version": 2, "status": "closed"}, "reply": "已處理"},
)
CaseReopened.examples = ({"case": _case(6, "in_progress"), "reason": "又不亮了"},)
CaseWithdrawn.examples = ({"case": _case(2, "withdrawn")},)
ServicePublished.examples = (
    {
        "code": "streetlight",
        "name": {"zh": "路燈報修", "en": "Streetlight repair"},
        "summary": {"zh": "報燈桿號碼就好", "en": "The number on the pole is all we need"},
        "section": {"zh": "工務課", "en": "Public Works Section"},
        "documents": [],
        "steps": [{"zh": "派工", "en": "A crew is sent"}],
        "keywords": ["街燈"],
        "days": 3,
        "kind": "repair",
        "path": "/douliu/services/streetlight",
        "version": 1,
        "updated_at": "2026-11-18T01:12:00Z",
    },
)

EVENTS: tuple[type[IntakeEvent], ...] = (
    CaseOpened,
    CaseTaken,
    CaseReturned,
    CaseSupplemented,
    CaseClosed,
    CaseReopened,
    CaseWithdrawn,
    ServicePublished,
)
