"""What notify hears: the turns of a case that its applicant must be told of (YM1)."""

from datetime import datetime
from typing import Literal

from chassis.bus import Reader


class Names(Reader):
    """A name in both languages."""

    zh: str
    en: str


class Case(Reader):
    """What a message says of a case."""

    number: str
    service: Names
    asset_number: str | None = None
    deadline: datetime | None = None


class Recipient(Reader):
    """Whom to tell. All but the language is sealed for notify."""

    name: str
    phone: str | None = None
    email: str | None = None
    language: Literal["zh-Hant", "en"] = "zh-Hant"
    link: str


class CaseOpened(Reader):
    """A case was accepted; without a recipient nobody is told."""

    case: Case
    recipient: Recipient | None = None


class CaseReturned(CaseOpened):
    """The case waits for what is missing."""

    missing: list[str]


class CaseClosed(CaseOpened):
    """The case is finished. `survey_link` is sealed for notify."""

    reply: str
    survey_link: str | None = None
