"""How dates, money and telephone numbers are written on pages: 11 月 24 日（二）09:12, or 24 November, 09:12."""

from datetime import date, datetime

from flask_babel import gettext

from chassis.clock import TAIPEI, now
from chassis.web import language

WEEKDAYS = "一二三四五六日"
HARD_SPACE = "\u00a0"  # a number is not parted from its unit at the end of a line
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
AREA_CODES = ("836", "826", "82", "89", "49", "37")  # three and two digits after +886; all others have one


def day(value: date | datetime, lang: str | None = None) -> str:
    """11 月 24 日（二） or 24 November, in Taipei; with the year when it is not this one."""
    there = _taipei_day(value)
    year = there.year if there.year != _taipei_day(now()).year else None
    if (lang or language.current()) == "en":
        return f"{there.day} {MONTHS[there.month - 1]}" + (f" {year}" if year else "")
    words = (f"{year} 年 " if year else "") + f"{there.month} 月 {there.day} 日（{WEEKDAYS[there.weekday()]}）"
    return words.replace(" ", HARD_SPACE)


def clock(value: datetime) -> str:
    """09:12, in Taipei."""
    return value.astimezone(TAIPEI).strftime("%H:%M")


def moment(value: datetime, lang: str | None = None) -> str:
    """11 月 24 日（二）09:12 or 24 November, 09:12, in Taipei."""
    lang = lang or language.current()
    return day(value, lang) + (", " if lang == "en" else "") + clock(value)


def when(value: date | datetime) -> dict[str, str]:
    """What the templates' `when()` shows: {"iso", "text"}; a moment for a datetime, else a day."""
    if isinstance(value, datetime):
        return {"iso": value.astimezone(TAIPEI).isoformat(timespec="seconds"), "text": moment(value)}
    return {"iso": value.isoformat(), "text": day(value)}


def twd(amount: int) -> str:
    """1,200 元, or NT$ 1,200."""
    return str(gettext("%(amount)s 元", amount=f"{amount:,}"))


def telephone(number: str) -> str:
    """A Taiwanese number as people write it: 05-532-2000, 0912-345-678. Others stay as they are (E.164)."""
    if not number.startswith("+886"):
        return number
    rest = number.removeprefix("+886")
    if rest.startswith("9"):
        return f"0{rest[:3]}-{rest[3:6]}-{rest[6:]}"
    area = next((code for code in AREA_CODES if rest.startswith(code)), rest[:1])
    local = rest.removeprefix(area)
    return f"0{area}-{local[:-4]}-{local[-4:]}"


FILTERS = {"day": day, "clock": clock, "moment": moment, "when": when, "twd": twd, "telephone": telephone}


def _taipei_day(value: date | datetime) -> date:
    return value.astimezone(TAIPEI).date() if isinstance(value, datetime) else value
