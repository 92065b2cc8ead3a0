"""Reading what machines send: JSON, API forms and query parameters as pydantic models, strictly."""

from collections.abc import Iterable
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from werkzeug.datastructures import MultiDict

from chassis.web.characters import check_json
from chassis.web.forms import shape
from chassis.web.problems import FieldProblem, Problem, invalid

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")

M = TypeVar("M", bound=BaseModel)


def read_json(model: type[M]) -> M:
    """The JSON body as a model; unknown fields are refused at every depth.

    Errors: `Problem` 400 (not JSON), 415 (not said to be JSON), 422 (field by field).
    """
    document = json_document()
    check_json(document)
    return _validated(model, document, 422)


def json_document() -> Any:
    """The JSON body as it is. Errors: `Problem` 400, 415."""
    if not request.is_json:
        raise Problem(415, gettext("請用 application/json。"))
    try:
        return from_json(request.get_data(), allow_inf_nan=False)
    except ValueError as error:
        # The parser's message names line and column and quotes nothing.
        detail = gettext("這不是正確的 JSON：%(reason)s", reason=str(error))
        raise Problem(400, detail, errors=[FieldProblem("#", detail)]) from None


def read_form_api(model: type[M], *, ignore: Iterable[str] = ()) -> M:
    """A form posted by a machine (Open311): stripped, a blank field counts as absent, unknown ones are refused.

    Errors: `Problem` 415, 422.
    """
    if request.mimetype not in FORM_TYPES:
        raise Problem(415, gettext("請用 application/x-www-form-urlencoded 或 multipart/form-data。"))
    values = _known(model, request.form, set(ignore), 422)
    filled = {name: [text for text in map(str.strip, given) if text] for name, given in values.items()}
    return _from_fields(model, {name: given for name, given in filled.items() if given}, 422)


def read_query(model: type[M], *, ignore: Iterable[str] = ()) -> M:
    """The query parameters as a model; unknown ones are refused. Errors: `Problem` 400 naming each."""
    return _from_fields(model, _known(model, request.args, set(ignore), 400), 400)


def _known(model: type[BaseModel], given: "MultiDict[str, str]", ignore: set[str], status: int) -> dict[str, list[str]]:
    known = shape(model)
    if strange := [name for name in given if name not in known and name not in ignore]:
        sentence = gettext("不認得這個欄位。")
        found = [FieldProblem(f"#/{name}", sentence) for name in strange]
        raise Problem(status, gettext("不認得：%(fields)s。", fields="、".join(strange)[:500]), errors=found)
    return {name: given.getlist(name) for name in known if name in given}


def _from_fields(model: type[M], given: dict[str, list[str]], status: int) -> M:
    many = shape(model)
    return _validated(model, {name: texts if many[name] else texts[0] for name, texts in given.items()}, status)


def _validated(model: type[M], value: Any, status: int) -> M:
    try:
        return model.model_validate(value, extra="forbid")
    except ValidationError as error:
        raise invalid(error, status) from None
