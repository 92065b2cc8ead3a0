"""Who answers which address: the table every manifest declares, used by the laptop's dispatcher and the proxy."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chassis.manifest import Manifest
from chassis.serve.http import WsgiApp

WILD = "{tenant}"


def table(manifests: Mapping[str, Manifest]) -> list[tuple[tuple[str, ...], str]]:
    """(pattern, service), the most particular pattern first."""
    rows = [
        (_split(prefix), name)
        for name, manifest in manifests.items()
        for prefix in (*manifest.prefixes, f"/{name}", f"/{WILD}/api/{name}")
    ]
    return sorted(rows, key=lambda row: (-len(row[0]), sum(part == WILD for part in row[0]), row[0]))


def owner(path: str, rows: Iterable[tuple[tuple[str, ...], str]]) -> str | None:
    """The service that answers this path."""
    parts = _split(path)
    return next((name for pattern, name in rows if _fits(pattern, parts)), None)


def dispatcher(manifests: Mapping[str, Manifest], apps: Mapping[str, WsgiApp]) -> WsgiApp:
    """One WSGI application that hands each request to the service that owns its address."""
    rows = table(manifests)
    fallback = apps[rows[-1][1]]

    def dispatch(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        name = owner(str(environ.get("PATH_INFO", "/")), rows)
        return (apps[name] if name else fallback)(environ, start_response)

    return dispatch


def nginx(manifests: Mapping[str, Manifest], upstream: Callable[[str], str]) -> str:
    """The `location` blocks of a reverse proxy, in the order in which they must be tried."""
    blocks = [f"location ~ ^{_regex(pattern)} {{ proxy_pass {upstream(name)}; }}" for pattern, name in table(manifests)]
    return "\n".join(blocks) + "\n"


def _split(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part)


def _fits(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    return len(pattern) <= len(parts) and all(want in (WILD, part) for want, part in zip(pattern, parts, strict=False))


def _regex(pattern: tuple[str, ...]) -> str:
    body = "".join("/[a-z][a-z0-9]*" if part == WILD else f"/{part}" for part in pattern)
    return f"{body}(/|$)" if body else "/"
