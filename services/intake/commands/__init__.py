"""Intake's commands: `import cases`, `user …`, `key …`."""

from collections.abc import Sequence

import click

from services.intake.commands.keys import key
from services.intake.commands.requests import import_
from services.intake.commands.users import user

COMMANDS: Sequence[click.Command] = (import_, user, key)
