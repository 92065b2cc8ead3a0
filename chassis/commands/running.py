"""`run` (all services, one process, one port) and `serve` (one service, for a machine of its own)."""

import os
import sys
import time
from collections.abc import Mapping
from typing import get_args

import click

from chassis import logs
from chassis.installation import open_all
from chassis.manifest import Manifest, installed
from chassis.runtime import Runtime
from chassis.serve import family
from chassis.serve.process import Process, Role
from chassis.store import Store
from chassis.store.migrations import migrate, pending

HOST = "127.0.0.1"


@click.command()
@click.option("--port", default=8000, show_default=True, help="The one port everything answers on.")
@click.option("--host", default=HOST, show_default=True)
def run(port: int, host: str) -> None:
    """Serve everything in one process: a laptop's platform."""
    from chassis.serve.addresses import dispatcher

    logs.configure()
    os.environ.setdefault("LAMPPOST_PUBLIC_URL", f"http://{host}:{port}")
    manifests = installed()
    runtimes = open_all(manifests)
    for name, runtime in runtimes.items():
        migrate(manifests[name], runtime.store)
    apps = {name: manifests[name].web(runtime).wsgi_app for name, runtime in runtimes.items()}
    process = Process(runtimes)
    process.start(dispatcher(manifests, apps), port, host)
    _welcome(runtimes, f"http://{host}:{process.port}")
    sys.exit(process.wait())


@click.command()
@click.argument("service")
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default=HOST, show_default=True)
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--role", default="all", show_default=True, type=click.Choice(get_args(Role)))
def serve(service: str, port: int, host: str, processes: int, role: Role) -> None:
    """Serve one service against its own store and the bus."""
    manifest = _manifest(service)
    if processes > 1:
        again = [sys.executable, "-m", "chassis.command", "serve", service, "--port", str(port), "--host", host]
        sys.exit(family.run([*again, "--role", role], processes))
    logs.configure()
    runtime = open_all({service: manifest})[service]
    _must_be_migrated(manifest, runtime.store)
    process = Process({service: runtime}, role)
    process.start(None if role == "worker" else manifest.web(runtime).wsgi_app, port, host)
    where = f"on http://{host}:{process.port}/" if role != "worker" else "as a worker"
    click.echo(f"{service} {where} (process {os.getpid()})", err=True)
    sys.exit(process.wait())


def _manifest(service: str) -> Manifest:
    manifests = installed()
    if service not in manifests:
        raise click.UsageError(f"SERVICE must be one of {', '.join(manifests)}, not {service}")
    return manifests[service]


def _must_be_migrated(manifest: Manifest, store: Store) -> None:
    if store.reachable() and pending(manifest, store):
        raise ValueError(
            f"the store of {manifest.name} is behind the code: run `lamppost migrate {manifest.name}` first"
        )


def _welcome(runtimes: Mapping[str, Runtime], address: str) -> None:
    import psutil

    this = psutil.Process()
    seconds, memory = time.time() - this.create_time(), this.memory_info().rss / 2**20
    click.echo(f"\nLamppost is ready after {seconds:.1f} s, {memory:.0f} MB for all services.\n")
    tenants = list(next(iter(runtimes.values())).tenants)
    for tenant in tenants:
        click.echo(f"  {address}/{tenant}/")
        for runtime in runtimes.values():
            for line in runtime.manifest.greets(runtime, tenant):
                click.echo(f"    {address}{line}")
    click.echo(f"\n  {address}/{tenants[0]}/messages/ (signed in): every SMS and mail of that office\n")


COMMANDS = (run, serve)
