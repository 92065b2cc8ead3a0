"""Intake's web app: pages for residents and staff, Open311 for machines."""

from flask import Flask

from chassis.runtime import Runtime
from chassis.web import create_app as create
from services.intake.web import apply, desk, follow, head, home, open311, sign_in


def create_app(runtime: Runtime) -> Flask:
    """The app with all its doors."""
    return create(
        runtime,
        [
            open311.doors(runtime),
            *(door.pages() for door in (home, apply, follow, sign_in, desk, head)),
        ],
        package="services.intake.web",
    )
