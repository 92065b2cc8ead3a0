"""`migrate`, `demo load`, `tenant check`, `events`, `addresses`."""

import json
import sys
from pathlib import Path

import click

from chassis import tenants
from chassis.installation import open_all
from chassis.manifest import Manifest, installed
from chassis.runtime import Runtime
from chassis.store.migrations import migrate as migrate_store


@click.command()
@click.argument("service", required=False)
def migrate(service: str | None) -> None:
    """Bring the store of SERVICE, or of every service, to the newest version."""
    for name, runtime in open_all(_chosen(service)).items():
        before, now = migrate_store(runtime.manifest, runtime.store)
        click.echo(f"{name}: {now} (nothing to do)" if before == now else f"{name}: {before or 'empty'} → {now}")


@click.group()
def demo() -> None:
    """Demonstration data."""


@demo.command()
@click.argument("tenant", required=False)
def load(tenant: str | None) -> None:
    """Load the demonstration data of TENANT, or of every office; what is there already stays."""
    runtimes = open_all(installed())
    offices = next(iter(runtimes.values())).tenants
    if tenant is not None and tenant not in offices:
        raise click.UsageError(f"TENANT must be one of {', '.join(offices)}, not {tenant}")
    for runtime in runtimes.values():
        migrate_store(runtime.manifest, runtime.store)
        for code in [tenant] if tenant else offices:
            _load(runtime, code)


@click.group()
def tenant() -> None:
    """Offices."""


@tenant.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def check(file: Path, as_json: bool) -> None:
    """Say everything that is wrong with a tenant file."""
    problems = tenants.check(file)
    if as_json:
        click.echo(json.dumps({"file": file.name, "problems": problems}, ensure_ascii=False))
    else:
        click.echo("\n".join(problems) or f"{file.name}: nothing is wrong")
    sys.exit(1 if problems else 0)


@click.command()
def events() -> None:
    """Print EVENTS.md: what every service says and hears."""
    from chassis.bus.catalogue import markdown

    click.echo(markdown(installed()), nl=False)


@click.command()
def addresses() -> None:
    """Print the location blocks of a reverse proxy (nginx), one upstream a service."""
    from chassis.serve.addresses import nginx

    click.echo(nginx(installed(), lambda name: f"http://{name}"), nl=False)


def _chosen(service: str | None) -> dict[str, Manifest]:
    manifests = installed()
    if service is None:
        return manifests
    if service not in manifests:
        raise click.UsageError(f"SERVICE must be one of {', '.join(manifests)}, not {service}")
    return {service: manifests[service]}


def _load(runtime: Runtime, tenant: str) -> None:
    from rich.progress import Progress

    if runtime.manifest.demo is None:
        return
    with Progress(disable=not sys.stdout.isatty()) as progress:
        task = progress.add_task(f"{runtime.name} · {tenant}", total=None)
        for done, total, _ in runtime.manifest.demo(runtime, tenant):
            progress.update(task, completed=done, total=total)


COMMANDS = (migrate, demo, tenant, events, addresses)
