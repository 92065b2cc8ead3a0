"""What the provider settings have in common, as in `twilio://SID:TOKEN@host:port?from=%2B886…&tls=off`."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import SplitResult, parse_qsl


def options(query: str, known: Collection[str]) -> dict[str, str]:
    """The options by name. ValueError names the one that is unknown, given twice or empty."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in known:
            raise ValueError(f"unknown option {name!r}, known are {', '.join(sorted(known))}")
        if name in found:
            raise ValueError(f"option {name!r} is given twice")
        if not value.strip():
            raise ValueError(f"option {name!r} is empty")
        found[name] = value
    return found


def chosen(found: dict[str, str], name: str, values: Collection[str]) -> str | None:
    """The option's value, None when absent. ValueError when it is not one of `values`."""
    value = found.get(name)
    if value is not None and value not in values:
        raise ValueError(f"option {name!r} is {value!r}, must be {' or '.join(values)}")
    return value


def host(parts: SplitResult) -> str:
    """`host` or `host:port`, an IPv6 address in brackets. ValueError names the part that is wrong."""
    name, number = hostname(parts), port(parts)
    bracketed = f"[{name}]" if ":" in name else name
    return bracketed if number is None else f"{bracketed}:{number}"


def hostname(parts: SplitResult) -> str:
    """The host's name or address; ValueError when it is missing."""
    if not parts.hostname:
        raise ValueError("host is missing")
    return parts.hostname


def port(parts: SplitResult) -> int | None:
    """The port, None when absent. ValueError names the port, which urllib does not."""
    try:
        return parts.port
    except ValueError:
        raise ValueError("port is not a number from 0 to 65535") from None
