"""Opening intake for a command."""

import click

from chassis.installation import open_all
from chassis.manifest import installed
from chassis.runtime import Runtime
from chassis.store import EVERYWHERE
from chassis.store.migrations import migrate, pending


def open_intake() -> Runtime:
    """Intake's runtime on a store that is up to date. Errors: `SettingsError`, `ValueError`, `StoreDown`."""
    runtime = open_all({"intake": installed()["intake"]})["intake"]
    runtime.store.ping()
    if pending(runtime.manifest, runtime.store):
        if not runtime.settings.embedded:
            raise ValueError("the store of intake is behind the code: run `lamppost migrate intake` first")
        migrate(runtime.manifest, runtime.store)
    return runtime


def check_tenant(runtime: Runtime, tenant: str, *, everywhere: bool = False) -> None:
    """Errors: `click.UsageError` for an office that is not there."""
    known = [*runtime.tenants, *([EVERYWHERE] if everywhere else [])]
    if tenant not in known:
        raise click.UsageError(f"TENANT must be one of {', '.join(known)}, not {tenant}")
