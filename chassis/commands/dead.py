"""`dead list|show|replay|drop`: what no handler could handle."""

import json
import sys
from typing import Any

import click

from chassis.bus import dead as letters
from chassis.installation import open_all
from chassis.manifest import installed
from chassis.runtime import Runtime
from chassis.store import DeadLetter


@click.group()
def dead() -> None:
    """Dead letters: messages that no try could handle."""


@dead.command(name="list")
@click.argument("service", required=False)
@click.option("--json", "as_json", is_flag=True)
def list_letters(service: str | None, as_json: bool) -> None:
    """The dead letters of SERVICE, or of every service, newest first."""
    found = [
        (name, letter) for name, runtime in _runtimes(service).items() for letter in letters.list_dead(runtime.store)
    ]
    if as_json:
        click.echo(json.dumps([_row(name, letter) for name, letter in found], ensure_ascii=False))
        return
    for name, letter in found:
        click.echo(f"{name} {letter.id}  {letter.died_at:%Y-%m-%d %H:%M}  {letter.type}  {letter.reason}")
    click.echo(f"{len(found)} dead letters")


@dead.command()
@click.argument("service")
@click.argument("number", type=int)
def show(service: str, number: int) -> None:
    """One dead letter, whole."""
    letter = _found(lambda: letters.show(_runtime(service).store, number))
    click.echo(json.dumps({**_row(service, letter), "body": letter.body}, ensure_ascii=False, indent=2))


@dead.command()
@click.argument("service")
@click.argument("number", type=int)
def replay(service: str, number: int) -> None:
    """Put the message back into the queue it came from."""
    runtime = _runtime(service)
    letter = _found(lambda: letters.replay(runtime.store, runtime.settings.bus, number))
    click.echo(f"{service} {number}: back in {letter.queue}")


@dead.command()
@click.argument("service")
@click.argument("number", type=int)
def drop(service: str, number: int) -> None:
    """Forget the message."""
    _found(lambda: letters.drop(_runtime(service).store, number))
    click.echo(f"{service} {number}: dropped")


def _runtimes(service: str | None) -> dict[str, Runtime]:
    manifests = installed()
    if service is not None and service not in manifests:
        raise click.UsageError(f"SERVICE must be one of {', '.join(manifests)}, not {service}")
    return open_all({service: manifests[service]} if service else manifests)


def _runtime(service: str) -> Runtime:
    return _runtimes(service)[service]


def _found(find: Any) -> DeadLetter:
    try:
        letter: DeadLetter = find()
    except letters.NoSuchLetter as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    return letter


def _row(service: str, letter: DeadLetter) -> dict[str, Any]:
    return {
        "service": service,
        "number": letter.id,
        "tenant": letter.tenant,
        "type": letter.type,
        "event": letter.event_id,
        "queue": letter.queue,
        "handler": letter.handler,
        "attempts": letter.attempts,
        "reason": letter.reason,
        "died_at": letter.died_at.isoformat(),
    }


COMMANDS = (dead,)
