"""The OpenAPI 3.0 document of an app, made from its routes and the models they read; it refers to nothing outside.

flask-openapi3 was weighed and left: it reads form fields through `json.loads` (a pole number `12345` becomes a number
and fails as text), takes broken JSON for none, and builds every model's schema anew in each request.
"""

import re
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from flask import Flask
from pydantic import BaseModel, Field, TypeAdapter
from werkzeug.routing import BaseConverter, FloatConverter, IntegerConverter, Rule

from chassis.runtime import Runtime
from chassis.web.blueprints import Api
from chassis.web.offices import OfficeConverter
from chassis.web.operations import Answer, Operation
from chassis.web.problems import MEDIA_TYPE
from chassis.web.schemas import REF_TEMPLATE, as_form, close, to_openapi_30

SCHEMES = {
    "staff": {"type": "apiKey", "in": "cookie", "name": "lamppost_staff", "description": "Staff session"},
    "api_key": {"type": "apiKey", "in": "query", "name": "api_key", "description": "Key of another system"},
}
NUMBERS: dict[type[BaseConverter], dict[str, Any]] = {
    IntegerConverter: {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
    FloatConverter: {"type": "number"},
}
ARGUMENT = re.compile(r"<(?:[^<>:]+:)?([^<>]+)>")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key with the same payload creates one thing and gives one answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


class ProblemField(BaseModel):
    """What is wrong with one part of a request."""

    pointer: str = Field(description="JSON pointer as a URI fragment", examples=["#/phone"])
    detail: str


class ProblemDocument(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    errors: list[ProblemField] | None = None
    incident: str | None = Field(default=None, description="Tell this to the office when something broke")


class Document:
    """Writes the document of one app, once."""

    def __init__(self, app: Flask, runtime: Runtime) -> None:
        self._app = app
        self._runtime = runtime
        self._declared = [(rule, found) for rule in app.url_map.iter_rules() if (found := self._operation(rule))]
        self._refs, self._definitions = self._schemas()

    def write(self) -> dict[str, Any]:
        """The document."""
        paths: dict[str, dict[str, Any]] = {}
        for rule, declared in self._declared:
            for method in sorted((rule.methods or set()) & set(METHODS)):
                described = self._describe(rule, method, declared)
                paths.setdefault(_path(rule), {})[method.lower()] = described
        return {
            "openapi": "3.0.3",
            "info": {"title": f"Lamppost {self._runtime.name}", "version": version("lamppost")},
            "servers": [{"url": self._runtime.settings.public_url}],
            "paths": dict(sorted(paths.items())),
            "components": {"schemas": self._definitions, "securitySchemes": SCHEMES},
        }

    def _operation(self, rule: Rule) -> Operation | None:
        in_an_api = isinstance(self._app.blueprints.get(rule.endpoint.rpartition(".")[0]), Api)
        found = getattr(self._app.view_functions[rule.endpoint], "operation", None)
        return found if in_an_api and isinstance(found, Operation) else None

    def _schemas(self) -> tuple[dict[Any, Any], dict[str, Any]]:
        inputs: dict[tuple[Any, Any], TypeAdapter[Any]] = {}
        for kind, mode in [(ProblemDocument, "serialization"), *self._models()]:
            inputs.setdefault((str(kind), mode), TypeAdapter(kind))
        schemas, definitions = TypeAdapter.json_schemas(
            [(key, key[1], adapter) for key, adapter in inputs.items()], ref_template=REF_TEMPLATE
        )
        written = {name: to_openapi_30(schema) for name, schema in definitions.get("$defs", {}).items()}
        refs = {key: to_openapi_30(schema) for (key, _), schema in schemas.items()}
        close((_name(ref) for (_, mode), ref in refs.items() if mode == "validation"), written)
        return refs, written

    def _models(self) -> list[tuple[Any, str]]:
        models: list[tuple[Any, str]] = []
        for _, declared in self._declared:
            taken = (declared.body, declared.form, declared.query)
            models += [(model, "validation") for model in taken if model is not None]
            given = (answer.model for answer in declared.answers.values())
            models += [(model, "serialization") for model in given if model is not None]
        return models

    def _describe(self, rule: Rule, method: str, declared: Operation) -> dict[str, Any]:
        described: dict[str, Any] = {
            "operationId": declared.operation_id or f"{method.lower()}_{rule.endpoint.replace('.', '_')}",
            "summary": declared.summary,
            "tags": list(declared.tags or [rule.endpoint.partition(".")[0]]),
            "parameters": [*self._in_path(rule, declared), *self._in_query(declared)],
            "responses": self._responses(declared),
        }
        described |= {"description": declared.description} if declared.description else {}
        described |= {"security": [{name: []} for name in declared.security]} if declared.security else {}
        described["parameters"] += [IDEMPOTENCY_KEY] if declared.idempotent else []
        return described | self._request(declared)

    def _in_path(self, rule: Rule, declared: Operation) -> list[dict[str, Any]]:
        return [
            {"name": name, "in": "path", "required": True, "schema": self._path_schema(rule, name, declared)}
            for name in sorted(rule.arguments)
        ]

    def _path_schema(self, rule: Rule, name: str, declared: Operation) -> dict[str, Any]:
        if name in declared.path:
            return dict(declared.path[name])
        converter = rule._converters[name]
        if isinstance(converter, OfficeConverter):
            return {"type": "string", "enum": list(self._runtime.tenants)}
        numeric = next((schema for kind, schema in NUMBERS.items() if isinstance(converter, kind)), None)
        return dict(numeric or {"type": "string"})

    def _in_query(self, declared: Operation) -> list[dict[str, Any]]:
        if declared.query is None:
            return []
        schema = self._resolved(declared.query)
        required = schema.get("required", [])
        return [
            {"name": name, "in": "query", "required": name in required, "schema": inner}
            for name, inner in schema.get("properties", {}).items()
        ]

    def _request(self, declared: Operation) -> dict[str, Any]:
        if declared.form is not None:
            return _body(FORMS, as_form(self._resolved(declared.form)))
        if declared.body is not None:
            return _body(("application/json",), self._refs[str(declared.body), "validation"])
        return {}

    def _responses(self, declared: Operation) -> dict[str, Any]:
        responses = {str(status): self._response(answer) for status, answer in declared.answers.items()}
        problem = self._refs[str(ProblemDocument), "serialization"]
        return responses | {"default": {"description": "Problem", "content": {MEDIA_TYPE: {"schema": problem}}}}

    def _response(self, answer: Answer) -> dict[str, Any]:
        described: dict[str, Any] = {"description": answer.description or "Done"}
        if answer.model is None:
            return described
        schema = self._refs[str(answer.model), "serialization"]
        return described | {"content": {kind: {"schema": schema} for kind in answer.media}}

    def _resolved(self, model: type[BaseModel]) -> dict[str, Any]:
        schema = self._refs[str(model), "validation"]
        resolved: dict[str, Any] = self._definitions.get(_name(schema), schema)
        return resolved


def _body(media: Sequence[str], schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema} for kind in media}}}


def _name(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _path(rule: Rule) -> str:
    return ARGUMENT.sub(r"{\1}", rule.rule)
