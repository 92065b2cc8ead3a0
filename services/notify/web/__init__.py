"""notify's web app: the outbox for staff, the same as JSON, and the door for the SMS provider's callbacks."""

from flask import Flask

from chassis.runtime import Runtime
from chassis.web import create_app
from services.notify.web import actions, api, hooks, outbox


def app(runtime: Runtime) -> Flask:
    """The app with all its doors."""
    doors = [outbox.pages(), actions.pages(), api.api(), hooks.hooks()]
    return create_app(runtime, doors, package="services.notify.web")
