"""JSON Schema (2020-12, as pydantic writes it) said in the older words of OpenAPI 3.0, which GIS clients still read."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

REF_TEMPLATE = "#/components/schemas/{model}"
DROPPED = (
    "$schema",
    "$defs",
    "const",
    "contentMediaType",
    "prefixItems",
    "propertyNames",
    "patternProperties",
)
CONTROLS = "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\ufffe\\uffff"  # what `characters` refuses
TEXT = f"^[^{CONTROLS}]*$"
WRITTEN = f"^[^{CONTROLS}]*[^{CONTROLS}\\s][^{CONTROLS}]*$"
BLANK = {"type": "string", "maxLength": 0}
NARROWER = {"pattern", "format", "enum", "const"}
REFERENCE = re.compile(r"#/components/schemas/([^'\"]+)")
BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}


def to_openapi_30(schema: Any) -> Any:
    """The same schema, or list of schemas, for OpenAPI 3.0."""
    if isinstance(schema, list):
        return [to_openapi_30(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    words = {name: _inner(name, value) for name, value in schema.items() if name not in DROPPED}
    for say in (_texts, _constants, _tuples, _bounds, _nulls, _examples, _lonely_ref):
        words = say(words, schema)
    return words


def as_form(schema: Mapping[str, Any]) -> dict[str, Any]:
    """An object's schema as a form fills it in: a blank field is an absent one."""
    required = schema.get("required", [])
    properties = {
        name: _written(inner) if name in required else {"anyOf": [inner, BLANK]}
        for name, inner in schema.get("properties", {}).items()
    }
    return {**schema, "properties": properties, "additionalProperties": False}


def close(names: Iterable[str], definitions: dict[str, Any]) -> None:
    """Say of these definitions, and all they refer to, that unknown fields are refused."""
    waiting, seen = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen and name in definitions:
            seen.add(name)
            waiting += REFERENCE.findall(repr(definitions[name]))
            if "properties" in definitions[name]:
                definitions[name].setdefault("additionalProperties", False)


def _written(schema: dict[str, Any]) -> dict[str, Any]:
    return schema | {"pattern": WRITTEN} if schema.get("pattern") == TEXT else schema


def _inner(name: str, value: Any) -> Any:
    if name in ("example", "examples", "default", "enum", "required"):
        return value
    if name == "properties":
        return {key: to_openapi_30(inner) for key, inner in value.items()}
    return to_openapi_30(value)


def _texts(words: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    free = words.get("type") == "string" and NARROWER.isdisjoint(schema)
    return words | {"pattern": TEXT} if free else words


def _constants(words: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    return words | {"enum": [schema["const"]]} if "const" in schema else words


def _tuples(words: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    kinds = schema.get("prefixItems")
    if not isinstance(kinds, list):
        return words
    several = [kind for position, kind in enumerate(kinds) if kind not in kinds[:position]]
    items = several[0] if len(several) == 1 else {"anyOf": several}
    return words | {"items": to_openapi_30(items)}


def _bounds(words: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    for exclusive, inclusive in BOUNDS.items():
        bound = words.get(exclusive)
        if isinstance(bound, int | float) and not isinstance(bound, bool):
            words = words | {inclusive: bound, exclusive: True}
    return words


def _nulls(words: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    choices = words.get("anyOf")
    if words.get("type") == "null":
        return {name: value for name, value in words.items() if name != "type"} | {
            "nullable": True,
            "enum": [None],
        }
    if not isinstance(choices, list) or not any(_is_null(choice) for choice in choices):
        return words
    left = [choice for choice in choices if not _is_null(choice)]
    rest = {name: value for name, value in words.items() if name != "anyOf"} | {"nullable": True}
    if len(left) == 1 and "$ref" not in left[0]:
        return {**left[0], **rest}
    # A reference stands alone in OpenAPI 3.0; beside `nullable` it has to be wrapped.
    return rest | {"anyOf": left}


def _is_null(choice: Mapping[str, Any]) -> bool:
    return choice.get("enum") == [None]


def _examples(words: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    examples = words.get("examples")
    if not isinstance(examples, list) or not examples:
        return words
    return {name: value for name, value in words.items() if name != "examples"} | {"example": examples[0]}


def _lonely_ref(words: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" not in words or len(words) == 1:
        return words
    rest = {name: value for name, value in words.items() if name != "$ref"}
    return rest | {"allOf": [{"$ref": words["$ref"]}]}
