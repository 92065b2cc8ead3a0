"""The list of messages: filters and pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.fakes.twilio_form import Form, one
from tests.fakes.twilio_ledger import Ledger
from tests.fakes.twilio_message import Message
from tests.fakes.twilio_refusal import Refusal

FILTERS = frozenset({"To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize", "Page", "PageToken"})


def page(ledger: Ledger, account: str, query: Form) -> dict[str, Any]:
    """One page of the account's messages, the newest first. A page token is the SID the page begins behind."""
    if unknown := set(query) - FILTERS:
        raise Refusal(20001, ", ".join(sorted(unknown)))
    size, number = count(query, "PageSize", 50, 1000), count(query, "Page", 0, 1_000_000)
    wanted = ledger.newest_first(one(query, "To"), lambda message: matches(message, account, query))
    start = behind(wanted, one(query, "PageToken").removeprefix("PA"))
    shown = wanted[start : start + size]
    following = {"Page": number + 1, "PageToken": f"PA{shown[-1].sid}"} if start + size < len(wanted) else None
    return {
        "messages": [message.resource() for message in shown],
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(0, len(shown) - 1),
        "uri": address(account, query, {}),
        "first_page_uri": address(account, query, {"PageSize": size, "Page": 0}),
        "next_page_uri": following and address(account, query, following),
        "previous_page_uri": None if number == 0 else address(account, query, {"PageSize": size, "Page": number - 1}),
    }


def matches(message: Message, account: str, query: Form) -> bool:
    """Whether account, sender and date of sending fit. A message not yet sent has no date and fits no date filter."""
    if message.account != account or one(query, "From") not in ("", message.order.sender):
        return False
    return all(sent_within(message.sent, name, one(query, name)) for name in FILTERS if "DateSent" in name)


def sent_within(sent: datetime | None, name: str, limit: str) -> bool:
    """DateSent: on that day (or in that second); with < or >: at or before, at or after it."""
    if not limit:
        return True
    if sent is None:
        return False
    earliest, end = moment(limit)
    return (name.endswith("<") or sent >= earliest) and (name.endswith(">") or sent < end)


def moment(text: str) -> tuple[datetime, datetime]:
    """Beginning and end of the day or second that a filter names."""
    try:
        if len(text) == 10:
            day = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
            return day, day + timedelta(days=1)
        second = datetime.fromisoformat(text).astimezone(UTC)
        return second, second + timedelta(seconds=1)
    except ValueError:
        raise Refusal(20001, "DateSent") from None


def count(query: Form, name: str, absent: int, most: int) -> int:
    """A number from 0, cut at `most`."""
    text = one(query, name)
    if text and not text.isdecimal():
        raise Refusal(20001, name)
    return min(int(text), most) if text else absent


def behind(messages: list[Message], sid: str) -> int:
    """The index after the message with this SID, 0 without one."""
    return next((index + 1 for index, message in enumerate(messages) if message.sid == sid), 0)


def address(account: str, query: Form, changes: dict[str, Any]) -> str:
    """This list's address with other paging."""
    kept = {name: values[0] for name, values in query.items()}
    return f"/2010-04-01/Accounts/{account}/Messages.json?{urlencode({**kept, **changes})}"
