"""Making a service's Flask app: its own blueprints on the common ground."""

from collections.abc import Sequence

from flask import Blueprint, Flask, current_app
from flask.json.provider import DefaultJSONProvider

from chassis.runtime import Runtime
from chassis.web import (
    context,
    language,
    metrics,
    offices,
    ops,
    problems,
    security,
    staff,
    statics,
    templating,
    tracing,
)
from chassis.web.catalogs import folder
from chassis.web.characters import Request
from chassis.web.context import Nav


class Json(DefaultJSONProvider):
    """Chinese stays readable, and members stay in the order in which they were said."""

    ensure_ascii = False
    sort_keys = False
    compact = True


def create_app(runtime: Runtime, blueprints: Sequence[Blueprint], *, package: str, nav: Nav | None = None) -> Flask:
    """The web app of one service.

    `package` is where its `templates/` and `translations/` are (`services.intake.web`); `nav` gives its main menu when
    the common one will not do. Blueprints are `Pages` or `Api`.
    """
    service = runtime.name
    app = Flask(service, static_folder=None, template_folder=None, root_path=str(folder(package)))
    app.extensions["lamppost"] = runtime
    app.json, app.request_class = Json(app), Request
    security.configure(app, runtime)
    offices.register(app, runtime.tenants)
    _before_and_after(app, runtime)
    language.register(app, package, secure=security.secure(runtime))
    templating.register(app, package)
    context.register(app, service, nav)
    problems.register(app)
    statics.register(app, service)
    for blueprint in (ops.machine_doors(runtime), ops.dead_letters(runtime), *blueprints):
        app.register_blueprint(blueprint)
    ops.openapi_door(app, runtime)
    security.protect_forms(app)
    app.extensions["lamppost.machine"] = problems.machine_segments(app)
    return app


def current_runtime() -> Runtime:
    """The runtime of the app that answers this request."""
    runtime: Runtime = current_app.extensions["lamppost"]
    return runtime


def _before_and_after(app: Flask, runtime: Runtime) -> None:
    """In the order in which a request meets them (and an answer, the other way round)."""
    tracing.register(app)
    metrics.register(app, runtime.name)
    security.register_headers(app, runtime)
    app.before_request(security.limit_and_check)
    staff.register(app, runtime)
