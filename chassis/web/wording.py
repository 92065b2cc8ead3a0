"""What pydantic found, in plain sentences in the page's language."""

from collections.abc import Iterator, Mapping

from flask_babel import LazyString, lazy_gettext
from pydantic import ValidationError
from pydantic_core import ErrorDetails

NOT_TEXT = lazy_gettext("請用文字填寫。")
WHOLE = lazy_gettext("請填整數。")
NUMBER = lazy_gettext("請填數字。")
YES_NO = lazy_gettext("請填是或否。")
DATE = lazy_gettext("請填日期，例如 2026-11-24。")
TIME = lazy_gettext("請填時間，例如 09:30。")
MOMENT = lazy_gettext("請填日期和時間，例如 2026-11-24T09:30:00+08:00。")
FORM = lazy_gettext("格式不對。")
MISSING = lazy_gettext("請填寫這一欄。")

BY_TYPE: Mapping[str, LazyString] = {
    "missing": MISSING,
    "string_too_long": lazy_gettext("最多 %(max_length)s 個字。"),
    "string_too_short": lazy_gettext("最少 %(min_length)s 個字。"),
    "greater_than": lazy_gettext("要大於 %(gt)s。"),
    "greater_than_equal": lazy_gettext("不能小於 %(ge)s。"),
    "less_than": lazy_gettext("要小於 %(lt)s。"),
    "less_than_equal": lazy_gettext("不能大於 %(le)s。"),
    "too_long": lazy_gettext("最多 %(max_length)s 項。"),
    "too_short": lazy_gettext("最少 %(min_length)s 項。"),
    "enum": lazy_gettext("請從這些選一個：%(expected)s。"),
    "literal_error": lazy_gettext("請從這些選一個：%(expected)s。"),
    "extra_forbidden": lazy_gettext("不認得這個欄位。"),
    "json_invalid": lazy_gettext("這不是正確的 JSON。"),
    "timezone_aware": lazy_gettext("請寫明時區，例如 +08:00。"),
}

BY_FAMILY: Mapping[str, LazyString] = {
    "string": NOT_TEXT,
    "int": WHOLE,
    "float": NUMBER,
    "decimal": NUMBER,
    "finite": NUMBER,
    "bool": YES_NO,
    "date": DATE,
    "time": TIME,
    "datetime": MOMENT,
    "list": lazy_gettext("請用清單。"),
    "tuple": lazy_gettext("請用清單。"),
    "set": lazy_gettext("請用清單。"),
    "dict": lazy_gettext("請用物件。"),
    "model": lazy_gettext("請用物件。"),
}

FORMS = ("string_pattern_mismatch", "url_", "uuid_", "bytes_")
OWN_WORDS = ("value_error", "assertion_error")


def sentences(error: ValidationError) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """(where, plain sentence) of everything pydantic found; the texts carry no value that was sent."""
    for found in error.errors(include_url=False, include_input=False):
        yield place(found), sentence(found)


def sentence(found: ErrorDetails) -> str:
    """One finding as a sentence. A validator's own `ValueError` text is given as it is."""
    kind, context = found["type"], found.get("ctx", {})
    if kind in OWN_WORDS:
        return str(context.get("error") or found["msg"])
    if kind == "string_too_short" and context.get("min_length") == 1:
        return str(MISSING)
    known = BY_TYPE.get(kind) or _form(kind) or BY_FAMILY.get(kind.partition("_")[0])
    return str(known) % context if known is not None else found["msg"]


def _form(kind: str) -> LazyString | None:
    return FORM if kind.startswith(FORMS) else None


def place(found: ErrorDetails) -> tuple[int | str, ...]:
    """Where it is: the location, or the field a whole-model validator named (`ctx["field"]`)."""
    named = found.get("ctx", {}).get("field")
    return (str(named),) if named else found["loc"]
