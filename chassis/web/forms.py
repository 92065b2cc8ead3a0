"""Reading what people fill in: a posted form as a pydantic model, or plain sentences about what is wrong with it."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import UnionType
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin

from flask import request
from flask_babel import LazyString, gettext
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from chassis.web.wording import place, sentence

TOKEN = "csrf_token"  # noqa: S105 - a field's name
MANY = (list, tuple, set, frozenset)

M = TypeVar("M", bound=BaseModel)


class Form(BaseModel):
    """A form. `wording` says in the office's own words what is wrong: {"phone": …} or {"phone.missing": …}."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)

    wording: ClassVar[Mapping[str, LazyString]] = {}


class FormErrors(Exception):
    """What is wrong with a form: (field, sentence in the page's language). `by_field` is what the templates take."""

    def __init__(self, found: Iterable[tuple[str, str]]) -> None:
        super().__init__("form errors")
        self.found = list(found)

    @property
    def by_field(self) -> dict[str, str]:
        """The first sentence about each field, in the form's order."""
        first: dict[str, str] = {}
        for field, message in self.found:
            first.setdefault(field, message)
        return first


def read(model: type[M], *, files: Iterable[str] = (), ignore: Iterable[str] = ()) -> M:
    """The posted form as a model: stripped, blanks left out, the first value of each field (all for lists).

    Fields the model does not know are refused, but for `csrf_token`, those in `ignore` and the file fields in `files`.
    Errors: `FormErrors`.
    """
    unknown = _unknown(model, set(ignore), set(files))
    try:
        filled = model.model_validate(_values(model))
    except ValidationError as error:
        raise FormErrors([*_explained(model, error), *unknown]) from None
    if unknown:
        raise FormErrors(unknown)
    return filled


def sent() -> dict[str, Any]:
    """What was sent, to show it again beside the errors: text by field, a list where a field came several times."""
    several = request.form.to_dict(flat=False)
    return {name: values if len(values) > 1 else values[0] for name, values in several.items() if name != TOKEN}


def _values(model: type[BaseModel]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, many in shape(model).items():
        given = [text for text in map(str.strip, request.form.getlist(name)) if text]
        if given:
            values[name] = given if many else given[0]
    return values


def _unknown(model: type[BaseModel], ignore: set[str], files: set[str]) -> list[tuple[str, str]]:
    strange = set(request.form) - set(shape(model)) - ignore - {TOKEN}
    strange |= set(request.files) - files
    return [(name, gettext("%(field)s：不認得這個欄位。", field=name)) for name in sorted(strange)]


@lru_cache(maxsize=256)
def shape(model: type[BaseModel]) -> dict[str, bool]:
    """{field name as posted: may it come several times}."""
    return {info.alias or name: _is_many(info.annotation) for name, info in model.model_fields.items()}


def _is_many(annotation: Any) -> bool:
    origin = get_origin(annotation) or annotation
    if origin in (Union, UnionType):
        return any(_is_many(part) for part in get_args(annotation))
    return origin in MANY


def _explained(model: type[BaseModel], error: ValidationError) -> list[tuple[str, str]]:
    found = error.errors(include_url=False, include_input=False)
    return [(_field(one), _in_own_words(model, one)) for one in found]


def _in_own_words(model: type[BaseModel], found: ErrorDetails) -> str:
    wording: Mapping[str, LazyString] = getattr(model, "wording", {})
    field = _field(found)
    own = wording.get(f"{field}.{found['type']}") or wording.get(field)
    return str(own) if own is not None else sentence(found)


def _field(found: ErrorDetails) -> str:
    where = place(found)
    return str(where[0]) if where else ""
