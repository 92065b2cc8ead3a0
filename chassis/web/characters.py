"""Text that cannot be stored or shown is refused at the door, naming the field: broken UTF-8, NUL and other controls.

Tab and line breaks are allowed; lone surrogates and non-characters are not (PostgreSQL and XML refuse them too).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus, unquote_to_bytes

import flask
from flask_babel import gettext
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

from chassis.web.problems import FieldProblem, Problem

BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
REPLACED = "\ufffd"  # what a decoder leaves where the bytes were not UTF-8
URLENCODED = "application/x-www-form-urlencoded"


class Request(flask.Request):
    """A request whose query can always be asked for something, even when its bytes are no text at all."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query parameters; none when they are not UTF-8 (`check_request` refuses such a request)."""
        try:
            return super().args
        except UnicodeDecodeError:
            return ImmutableMultiDict()


def check_request(request: flask.Request) -> None:
    """Refuse bad characters in path, query and form. Errors: `Problem` 400 naming the field."""
    if REPLACED in request.path or BAD.search(request.path):
        raise _refused("path", broken=REPLACED in request.path)
    if request.query_string:
        check_urlencoded(request.query_string)
    if request.method in ("POST", "PUT", "PATCH", "DELETE"):
        _check_body(request)


def check_urlencoded(raw: bytes) -> None:
    """Refuse bad characters in `a=1&b=2`. Errors: `Problem` 400 naming the field."""
    try:
        text = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        text = "\x00"
    if BAD.search(text):
        for part in raw.split(b"&"):
            _check_part(part)


def check_json(value: Any) -> None:
    """Refuse bad characters in any string of a JSON document. Errors: `Problem` 422 with its JSON pointer."""
    for pointer, text in _strings(value, ""):
        if BAD.search(text):
            raise _refused(pointer.removeprefix("/"), broken=False, status=422)


def _check_body(request: flask.Request) -> None:
    if request.mimetype == URLENCODED:
        check_urlencoded(request.get_data())
    elif request.mimetype == "multipart/form-data":
        _check_multipart(request)


def _check_multipart(request: flask.Request) -> None:
    for name, text in request.form.items(multi=True):
        _check_text(name, name)
        _check_text(name, text)
    for name, file in request.files.items(multi=True):
        _check_text(name, name)
        _check_text(name, file.filename or "")


def _check_text(field: str, text: str) -> None:
    # A multipart parser decodes leniently: the mark it leaves is the only trace of broken bytes.
    if REPLACED in text or BAD.search(text):
        raise _refused(field, broken=REPLACED in text)


def _check_part(part: bytes) -> None:
    field = BAD.sub(REPLACED, unquote_plus(part.partition(b"=")[0].decode(errors="replace")))
    try:
        text = unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        raise _refused(field, broken=True) from None
    if BAD.search(text):
        raise _refused(field, broken=False)


def _strings(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield pointer, key
            yield from _strings(inner, f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, f"{pointer}/{index}")


def _refused(field: str, *, broken: bool, status: int = 400) -> Problem:
    field = BAD.sub(REPLACED, field)[:200]
    if broken:
        detail = gettext("%(field)s：文字不是正確的 UTF-8。", field=field)
    else:
        detail = gettext("%(field)s：文字裡有不能使用的控制字元。", field=field)
    return Problem(status, detail, errors=[FieldProblem(f"#/{field}", detail)])
