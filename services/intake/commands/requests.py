"""`import cases FILE`: requests of another system, one JSON object a line."""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from chassis import clock
from services.intake.commands.opening import check_tenant, open_intake
from services.intake.importing import Outcome, import_lines


@click.group(name="import")
def import_() -> None:
    """Take over data of other systems."""


@import_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", help="The office every line goes to; without it, the one whose file names the line's area.")
@click.option("--json", "as_json", is_flag=True)
def cases(file: Path, tenant: str | None, as_json: bool) -> None:
    """Take over the requests of a 1999 hotline from FILE (JSON lines). A second time changes nothing."""
    runtime = open_intake()
    if tenant is not None:
        check_tenant(runtime, tenant)
    try:
        # Broken UTF-8 is one refused line, not the end of the import.
        with file.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
            outcomes = list(_shown(import_lines(runtime, lines, clock.now(), tenant), file))
    except OSError as error:
        click.echo(f"{file}: {error.strerror}", err=True)
        sys.exit(1)
    click.echo(_as_json(file, outcomes) if as_json else "\n".join(_summary(file, outcomes)))


def _shown(outcomes: Iterable[Outcome], file: Path) -> Iterator[Outcome]:
    """The outcomes as they come, with a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    if not sys.stderr.isatty():
        yield from outcomes
        return
    columns = (TextColumn(file.name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with file.open("rb") as content:
        total = sum(1 for _ in content)
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield from progress.track(outcomes, total=total)


def _as_json(file: Path, outcomes: list[Outcome]) -> str:
    refused = [
        {"line": outcome.line_number, "field": outcome.field, "reason": outcome.reason}
        for outcome in outcomes
        if outcome.became == "refused"
    ]
    counted = Counter(outcome.became for outcome in outcomes)
    offices = Counter(outcome.tenant for outcome in outcomes if outcome.became == "opened")
    return json.dumps(
        {
            "file": file.name,
            "lines": len(outcomes),
            "opened": counted["opened"],
            "known": counted["known"],
            "offices": dict(sorted((str(tenant), count) for tenant, count in offices.items())),
            "refused": refused,
        },
        ensure_ascii=False,
    )


def _summary(file: Path, outcomes: list[Outcome]) -> Iterator[str]:
    refused: dict[str, list[int]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.became == "refused":
            refused[f"{outcome.field}: {outcome.reason}"].append(outcome.line_number)
    for reason, numbers in refused.items():
        yield f"not taken over, {reason}: line{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
    counted = Counter(outcome.became for outcome in outcomes)
    opened, known, left = (counted[became] for became in ("opened", "known", "refused"))
    yield f"{file.name}: {len(outcomes)} lines, {opened} new cases, {known} known already, {left} not taken over"
