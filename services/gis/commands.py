"""`lamppost import assets FILE`: lamps, parks and facilities from a CSV or GeoJSON file."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from chassis import clock
from chassis.installation import open_all
from chassis.runtime import Runtime
from chassis.store.migrations import pending
from services.gis.asset_import import Progress, Report, import_table
from services.gis.model import KINDS, Kind
from services.gis.table_file import read


@click.group(name="import")
def import_group() -> None:
    """Bring data in from a file."""


@import_group.command(name="assets")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True, help="The office they belong to.")
@click.option("--kind", required=True, type=click.Choice(KINDS))
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def import_assets(file: Path, tenant: str, kind: Kind, as_json: bool) -> None:
    """Import the assets in FILE. Rows that cannot be are named with line and reason; the others are imported."""
    runtime = _runtime()
    if tenant not in runtime.tenants:
        raise click.UsageError(f"--tenant must be one of {', '.join(runtime.tenants)}, not {tenant}")
    table = read(file.read_bytes())
    with _bar(file.name) as progress:
        report = import_table(runtime.store, runtime.tenant(tenant), kind, table, clock.now(), progress)
    _tell(report, as_json)


def _runtime() -> Runtime:
    from services.gis import manifest

    runtime = open_all({manifest.name: manifest})[manifest.name]
    if pending(manifest, runtime.store):
        raise ValueError("the store of gis is behind the code: run `lamppost migrate gis` first")
    return runtime


@contextmanager
def _bar(name: str) -> Iterator[Progress]:
    """A progress bar, on a terminal only."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    shown = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=shown, disable=not shown.is_terminal) as progress:
        task = progress.add_task(name, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _tell(report: Report, as_json: bool) -> None:
    if as_json:
        refused = [one._asdict() for one in report.refused]
        click.echo(json.dumps({**vars(report), "refused": refused}, ensure_ascii=False))
    else:
        for one in report.refused:
            click.echo(f"line {one.line}: {one.reason}", err=True)
        swapped = f", {report.swapped} with their axes put right" if report.swapped else ""
        click.echo(
            f"{report.rows} rows ({report.encoding}): {report.added} added, {report.changed} changed,"
            f" {report.same} the same, {len(report.refused)} refused{swapped}"
        )
    sys.exit(0 if len(report.refused) < report.rows or not report.rows else 1)


COMMANDS = (import_group,)
