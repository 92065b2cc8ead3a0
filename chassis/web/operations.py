"""Declaring what an API view takes and gives: it is read, checked and documented from the same models.

@api.post("/cases")
@operation("Register a case", body=NewCase, answers={201: Case}, idempotent=True)
def create(body: NewCase) -> Response: ...
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from pydantic import BaseModel

from chassis.web.payloads import read_form_api, read_json, read_query

JSON = ("application/json",)

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Answer:
    """One documented answer: its model (or any type pydantic knows; None for no body), media types, and meaning."""

    model: Any = None
    media: Sequence[str] = JSON
    description: str = ""


@dataclass(frozen=True)
class Operation:
    """What one view takes and gives; see `operation`."""

    summary: str
    description: str
    answers: Mapping[int, Answer]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    form: type[BaseModel] | None = None
    security: Sequence[str] = ()
    tags: Sequence[str] = ()
    idempotent: bool = False
    operation_id: str | None = None
    path: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def operation(
    summary: str,
    *,
    answers: Mapping[int, Any],
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    form: type[BaseModel] | None = None,
    security: Sequence[str] = (),
    tags: Sequence[str] = (),
    idempotent: bool = False,
    operation_id: str | None = None,
    path: Mapping[str, Mapping[str, Any]] | None = None,
) -> Callable[[View], View]:
    """Read `body`, `query` and `form` into the view's keyword arguments of those names, and document all of it.

    `answers` maps a status to a model, an `Answer`, or None. `security` names schemes: `staff`, `api_key`. `path` holds
    OpenAPI schemas of path parameters. The view's docstring is the description.
    Errors (of the view made): `Problem` 400, 415, 422.
    """

    def declare(view: View) -> View:
        declared = Operation(
            summary=summary,
            description=(view.__doc__ or "").strip(),
            answers={status: _answer(given) for status, given in answers.items()},
            body=body,
            query=query,
            form=form,
            security=security,
            tags=tags,
            idempotent=idempotent,
            operation_id=operation_id,
            path=path or {},
        )
        return _reading(view, declared)

    return declare


def _answer(given: Any) -> Answer:
    return given if isinstance(given, Answer) else Answer(given)


def _reading(view: View, declared: Operation) -> View:
    readers = {
        name: (reader, model)
        for name, reader, model in (
            ("query", read_query, declared.query),
            ("body", read_json, declared.body),
            ("form", read_form_api, declared.form),
        )
        if model is not None
    }

    @wraps(view)
    def reading(*args: Any, **kwargs: Any) -> Any:
        read: dict[str, Any] = {name: reader(model) for name, (reader, model) in readers.items()}
        return view(*args, **read, **kwargs)

    reading.operation = declared  # type: ignore[attr-defined]
    return reading  # type: ignore[return-value]
