"""Search's web app: one page for everyone, and the same answers as JSON."""

from flask import Flask

from chassis.runtime import Runtime
from chassis.web import create_app as create
from services.search.web import api, page


def create_app(runtime: Runtime) -> Flask:
    """The app with all its doors."""
    return create(runtime, [page.pages(), api.doors()], package="services.search.web")
