"""`doctor`: every setting with where it came from, and everything that is wrong with this installation."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from sqlalchemy import text

import chassis
from chassis.bus.publisher import BrokerDown, Publisher
from chassis.installation import audiences, open_all
from chassis.logs import mask
from chassis.manifest import installed
from chassis.runtime import Runtime
from chassis.settings import Setting
from chassis.store.migrations import pending

OPEN_TABLES = text(
    "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE relkind = 'r'"
    " AND nspname = current_schema() AND NOT (relrowsecurity AND relforcerowsecurity)"
    " AND relname NOT IN ('alembic_version', 'spatial_ref_sys')"
)
ABOVE_LOCKS = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `problem` is None when it is right."""

    what: str
    problem: str | None


@click.command()
@click.option("--json", "as_json", is_flag=True)
def doctor(as_json: bool) -> None:
    """Say what is wrong with this installation."""
    runtimes = open_all(installed())
    settings = next(iter(runtimes.values())).settings.every
    findings = list(_look(runtimes))
    _print(settings, findings, as_json)
    sys.exit(1 if any(finding.problem for finding in findings) else 0)


def _look(runtimes: dict[str, Runtime]) -> Iterator[Finding]:
    yield _try("bus", lambda: _bus(next(iter(runtimes.values())).settings.bus))
    yield _try("page assets", _assets)
    for name, runtime in runtimes.items():
        yield _try(f"{name}: keys", lambda runtime=runtime: _keys(runtime))  # type: ignore[misc]
        yield _try(f"{name}: store", runtime.store.ping)
        yield _try(f"{name}: migrated", lambda runtime=runtime: _migrated(runtime))  # type: ignore[misc]
        yield _try(f"{name}: tenant locks", lambda runtime=runtime: _locked(runtime))  # type: ignore[misc]
        for what, ping in runtime.manifest.pings(runtime).items():
            yield _try(f"{name}: {what}", ping)


def _try(what: str, look: Callable[[], None]) -> Finding:
    try:
        look()
    except Exception as error:
        return Finding(what, str(error) or type(error).__name__)
    return Finding(what, None)


def _bus(url: str) -> None:
    if url.startswith("memory:"):
        return
    publisher = Publisher(url)
    try:
        publisher.connect()
    except BrokerDown as error:
        raise ValueError(f"LAMPPOST_BUS: {error}") from error
    finally:
        publisher.close()


def _assets() -> None:
    if not (Path(chassis.__file__).parent / "web" / "static" / "built" / "lamppost.css").is_file():
        raise ValueError("the style sheet is not built: run `make install`")


def _keys(runtime: Runtime) -> None:
    missing = audiences({runtime.name: runtime.manifest}) - set(runtime.keys.fields)
    if missing:
        raise ValueError(f"LAMPPOST_KEYS: no key for {', '.join(sorted(missing))} in [fields]")


def _migrated(runtime: Runtime) -> None:
    if pending(runtime.manifest, runtime.store):
        raise ValueError(f"behind the code: run `lamppost migrate {runtime.name}`")


def _locked(runtime: Runtime) -> None:
    if runtime.store.dialect != "postgresql":
        return
    with runtime.store.everywhere() as session:
        if session.execute(ABOVE_LOCKS).scalar():
            raise ValueError("the store's role stands above row-level security: use one that is no superuser")
        if tables := session.execute(OPEN_TABLES).scalars().all():
            raise ValueError(f"row-level security is off on {', '.join(tables)}")


def _print(settings: tuple[Setting, ...], findings: list[Finding], as_json: bool) -> None:
    if as_json:
        shown = [{**asdict(setting), "value": _hidden(setting.value)} for setting in settings]
        click.echo(json.dumps({"settings": shown, "findings": [asdict(finding) for finding in findings]}, indent=2))
        return
    for setting in settings:
        click.echo(f"{setting.name} = {_hidden(setting.value)}   ({setting.origin})")
    for finding in findings:
        click.echo(
            f"{'not right' if finding.problem else 'right    '}  {finding.what}  {finding.problem or ''}".rstrip()
        )


def _hidden(value: str) -> str:
    head, at, tail = value.rpartition("@")
    scheme, slashes, login = head.partition("://")
    return f"{scheme}{slashes}{login.partition(':')[0]}:•••@{tail}" if at and slashes else mask(value)


COMMANDS = (doctor,)
