"""Posting cases by Open311, as a machine that does not give up: the same key until it has an answer."""

import re
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import requests

from tests.platform import Platform

PATIENCE_SECONDS = 120
_local = threading.local()


def api_key(platform: Platform, tenant: str = "douliu") -> str:
    """A new API key of an office."""
    printed = platform.command("key", "create", tenant, f"load-{secrets.token_hex(4)}").stdout
    return max(re.findall(r"\S+", printed), key=len)


def post_case(base: str, key: str, place: int, *, keep_trying: bool = True) -> str | None:
    """Register one case; its number, or None when nobody answered 201 and it was not to be tried again."""
    sent = {
        "api_key": key,
        "service_code": "streetlight",
        "attribute[pole]": f"{place % 13000 + 1:05}",
        "lat": "23.709",
        "long": "120.541",
        "description": f"load {place}",
        "first_name": "小明",
        "last_name": "王",
        "phone": f"09{place % 100000000:08}",
    }
    headers = {"Idempotency-Key": secrets.token_hex(16)}
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        number = _once(f"{base}/open311/v2/requests.json", sent, headers)
        if number is not None or not keep_trying:
            return number
        assert time.monotonic() < end, "nobody answers"
        time.sleep(0.1)


def post_many(platform: Platform, count: int, *, at_once: int = 8, tenant: str = "douliu") -> list[str]:
    """Register many cases, several at once; their numbers in no particular order."""
    key, base = api_key(platform, tenant), f"{platform.url}/{tenant}"
    with ThreadPoolExecutor(at_once) as pool:
        numbers = list(pool.map(lambda place: post_case(base, key, place), range(count)))
    return [number for number in numbers if number]


def until_still(count: Callable[[], int], wanted: int, seconds: float, quiet: float = 10) -> int:
    """Wait until the count is there, or until it has not moved for a while; returns it."""
    end, last, moved = time.monotonic() + seconds, -1, time.monotonic()
    while time.monotonic() < end:
        now = count()
        if now >= wanted:
            return now
        if now != last:
            last, moved = now, time.monotonic()
        elif time.monotonic() - moved > quiet:
            return now
        time.sleep(0.25)
    return count()


def _once(url: str, sent: dict[str, str], headers: dict[str, str]) -> str | None:
    session = getattr(_local, "session", None)
    if session is None:
        session = _local.session = requests.Session()
    try:
        answer = session.post(url, data=sent, headers=headers, timeout=30)
    except requests.RequestException:
        return None
    if answer.status_code != 201:
        assert answer.status_code in (409, 502, 503), answer.text
        return None
    return str(answer.json()[0]["service_request_id"])
