"""What a resident reads: receipt, returned for papers, closed (YM1, YS2), as an SMS and as a mail.

The same event gives the same text, whoever composes it and whenever. An SMS never costs more than `LONGEST` segments:
what a clerk wrote is shortened, number and links never are; the mail has all of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chassis.clock import TAIPEI
from chassis.tenants import Tenant
from services.notify.addresses import spoken
from services.notify.inbox import Case
from services.notify.phrases import Phrases, phrases
from services.notify.segments import segments

LONGEST: Final = 4  # segments
LONGEST_NAME: Final = 40
LONGEST_SUBJECT: Final = 200
_WEEKDAYS: Final = "一二三四五六日"
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Told:
    """What is told: the SMS, and subject and text of the mail."""

    sms: str
    subject: str
    mail: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads it: the name a mail begins with, `zh-Hant` or `en`, and the link to the case."""

    name: str
    language: str
    link: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What every message of a case needs: the office that signs, the case, the reader, and the moment it is told of."""

    office: Tenant
    case: Case
    reader: Reader
    at: datetime

    @property
    def words(self) -> Phrases:
        """The sentences in the reader's language."""
        return phrases(self.reader.language)

    def fill(self, phrase: str, **more: str) -> str:
        """The phrase with office, service, case and link in it."""
        return phrase.format(**(self._fixed() | more))

    def _fixed(self) -> dict[str, str]:
        name = self.case.service.en if self.reader.language == "en" else self.case.service.zh
        office = self.office.name(self.reader.language) if self.reader.language == "en" else self.office.sender.sms
        return {
            "office": office,
            "sign": self.words.sign.format(office=office),
            "service": one_line(name)[:LONGEST_NAME],
            "case": self.case.number,
            "link": self.reader.link,
        }


def opened(matter: Matter) -> Told:
    """The receipt: number, deadline, where to look."""
    words, case = matter.words, matter.case
    asset = words.asset.format(number=one_line(case.asset_number)) if case.asset_number else ""
    by = words.by.format(day=_day(case.deadline, matter)) if case.deadline else ""
    body = [matter.fill(words.opened_mail), _facts(matter), matter.fill(words.farewell)]
    sms = matter.fill(words.opened_sms, asset=asset, by=by)
    return Told(sms, _subject(matter, words.opened_subject), _mail(matter, body))


def returned(matter: Matter, missing: Sequence[str]) -> Told:
    """Everything that is missing at once (YM3), and that the clock stands."""
    words = matter.words
    sms = _listed(matter, [one_line(item).rstrip("。.；; ") for item in missing])
    paper = "\n".join(f"{number}. {one_line(item)}" for number, item in enumerate(missing, 1))
    mail = _mail(matter, [matter.fill(words.returned_mail, missing=paper), matter.fill(words.facts)])
    return Told(sms, _subject(matter, words.returned_subject), mail)


def closed(matter: Matter, reply: str, survey_link: str | None) -> Told:
    """The reply, and the way to say how it was (AP6)."""
    words = matter.words
    asks = words.survey_sms.format(link=survey_link) if survey_link else ""

    def sms(answer: str, look: bool) -> str:
        seen = matter.fill(words.look_sms) if look or not survey_link else ""
        return matter.fill(words.closed_sms, reply=answer, look=seen, survey=asks)

    whole = one_line(reply)
    short = sms(whole, look=False)
    if segments(short) > LONGEST:
        short = fitted(whole, words.more, lambda answer: sms(answer, look=True))
    body = [matter.fill(words.closed_mail, reply=paragraphs(reply)), matter.fill(words.facts)]
    body += [words.survey_mail.format(link=survey_link)] if survey_link else []
    return Told(short, _subject(matter, words.closed_subject), _mail(matter, body))


def fitted(text: str, more: str, build: Callable[[str], str], longest: int = LONGEST) -> str:
    """`build(text)` if it fits into `longest` segments, else with the longest beginning of the text that does."""
    if segments(build(text)) <= longest:
        return build(text)
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if segments(build(_cut(text, middle, more))) <= longest:
            fits = middle
        else:
            too_long = middle
    return build(_cut(text, fits, more))


def one_line(text: str) -> str:
    """The text on one line, without control characters."""
    return " ".join(_visible(text).split())


def paragraphs(text: str) -> str:
    """The text with its lines, without control characters."""
    return "\n".join(_visible(line).strip() for line in text.splitlines()).strip()


def _listed(matter: Matter, items: Sequence[str]) -> str:
    words = matter.words

    def sms(missing: str) -> str:
        return matter.fill(words.returned_sms, missing=missing)

    if segments(whole := sms(words.between.join(items))) <= LONGEST:
        return whole
    for count in range(len(items) - 1, 0, -1):
        named = words.several.format(first=words.between.join(items[:count]), count=len(items))
        if segments(sms(named)) <= LONGEST:
            return sms(named)
    return fitted(items[0] if items else "", words.more, sms)


def _cut(text: str, length: int, more: str) -> str:
    end = length
    while 0 < end < len(text) and (unicodedata.combining(text[end]) or text[end] in "\u200d\ufe0f"):
        end -= 1  # a mark stays with its letter
    return text[:end].rstrip("\u200d ") + more


def _subject(matter: Matter, phrase: str) -> str:
    return one_line(matter.fill(phrase))[:LONGEST_SUBJECT]


def _facts(matter: Matter) -> str:
    words, case = matter.words, matter.case
    lines = [matter.fill(words.facts)]
    lines += [words.asset_fact.format(number=one_line(case.asset_number))] if case.asset_number else []
    if case.deadline:
        time = case.deadline.astimezone(TAIPEI).strftime("%H:%M")
        deadline = words.opened_by.format(day=_day(case.deadline, matter), time=time)
        lines.append(words.deadline_fact.format(deadline=deadline))
    return "\n".join(lines)


def _mail(matter: Matter, body: Sequence[str]) -> str:
    words, name = matter.words, one_line(matter.reader.name)[:LONGEST_NAME]
    greeting = words.greeting.format(name=name) if name else words.nameless
    return "\n\n".join([greeting, *body, _signature(matter.office, matter.reader.language)]) + "\n"


def _signature(office: Tenant, language: str) -> str:
    contact = office.contact
    return f"{office.name(language)}\n{spoken(contact.telephone)}\n{contact.address(language)}"


def _day(moment: datetime, matter: Matter) -> str:
    day, today = moment.astimezone(TAIPEI).date(), matter.at.astimezone(TAIPEI).date()
    if matter.reader.language == "en":
        year = f" {day.year}" if day.year != today.year else ""
        return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"
    year = f"{day.year}年" if day.year != today.year else ""
    return f"{year}{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"


def _visible(text: str) -> str:
    return "".join(sign if unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn") else " " for sign in text)
