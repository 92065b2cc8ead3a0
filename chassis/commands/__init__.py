"""The commands of the chassis, and those that the services bring."""

import sys
from typing import Any

import click


class Root(click.Group):
    """The top command: what is wrong with an installation is said in lines, never in a traceback."""

    def invoke(self, context: click.Context) -> Any:
        from chassis.settings import SettingsError
        from chassis.store import StoreDown

        try:
            return super().invoke(context)
        except (SettingsError, ValueError, StoreDown) as error:
            click.echo(str(error), err=True)
            sys.exit(1)


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lamppost")
def root() -> None:
    """Lamppost: a shared service platform for district offices."""


def mount(command: click.Command) -> None:
    """Add a command; the subcommands of a group that is there already join it (`import cases`, `import assets`)."""
    there = root.commands.get(command.name or "")
    if isinstance(there, click.Group) and isinstance(command, click.Group):
        for subcommand in command.commands.values():
            there.add_command(subcommand)
    else:
        root.add_command(command)


def _mount_all() -> None:
    from chassis.commands import dead, doctor, running, stores
    from chassis.manifest import installed

    for module in (running, stores, dead, doctor):
        for command in module.COMMANDS:
            mount(command)
    for manifest in installed().values():
        for command in manifest.commands():
            mount(command)


_mount_all()
