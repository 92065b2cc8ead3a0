"""What survey hears: cases that ended, whose applicants may be asked how it was."""

from datetime import datetime

from chassis.bus import Reader


class Names(Reader):
    """A name in both languages."""

    zh: str
    en: str


class Case(Reader):
    """The case the question is about."""

    number: str
    service_code: str
    service: Names
    section: str
    closed_at: datetime | None = None


class Recipient(Reader):
    """Whom the office writes to; of this only the language in which to ask."""

    language: str = "zh-Hant"


class CaseClosed(Reader):
    """Without a token's hash nobody was invited."""

    case: Case
    survey_token_hash: str | None = None
    recipient: Recipient | None = None
