"""Two kinds of doors: pages for people (CSRF token, HTML errors) and APIs for machines (no CSRF, problem+json)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Blueprint, Flask, Request
from flask.sansio.blueprints import Blueprint as AnyBlueprint

if TYPE_CHECKING:
    from flask import Response


MEGABYTE = 1_048_576

View = TypeVar("View", bound=Callable[..., Any])


class Pages(Blueprint):
    """A blueprint for browsers: every form post needs its CSRF token. `largest` is the biggest body in bytes."""

    def __init__(self, name: str, import_name: str, *, largest: int = MEGABYTE, **options: Any) -> None:
        super().__init__(name, import_name, **options)
        self.largest = largest


class Api(Blueprint):
    """A blueprint for machines: public or behind an API key, never trusting a cookie without a CSRF token.

    `render` writes an error in the form another standard asks for (Open311); otherwise it is RFC 9457.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        *,
        largest: int = MEGABYTE,
        render: "Callable[[Any], Response] | None" = None,
        **options: Any,
    ) -> None:
        super().__init__(name, import_name, **options)
        self.largest = largest
        self.render = render


def body_limit(largest: int) -> Callable[[View], View]:
    """Let one view take bodies of up to `largest` bytes (a photo upload), whatever its blueprint allows."""

    def mark(view: View) -> View:
        view.largest = largest  # type: ignore[attr-defined]
        return view

    return mark


def blueprint_of(app: Flask, request: Request) -> AnyBlueprint | None:
    """The blueprint whose route was matched, if any."""
    return app.blueprints.get(request.blueprint) if request.blueprint else None


def largest_body(app: Flask, request: Request) -> int:
    """How many bytes the matched view takes."""
    view = app.view_functions.get(request.endpoint or "")
    blueprint = blueprint_of(app, request)
    return int(getattr(view, "largest", getattr(blueprint, "largest", MEGABYTE)))
