"""Templates: strict in our own, lenient in govuk-frontend's, which test for parameters nobody gave."""

from collections.abc import Callable, MutableMapping
from typing import Any

from flask import Flask
from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    Undefined,
)
from jinja2.utils import missing

from chassis.web.catalogs import SHARED, folder
from chassis.web.formats import FILTERS


class Careful(Undefined):
    """A name or attribute that does not exist is an error; a key that a mapping does not have is only empty."""

    def __new__(cls, hint: str | None = None, obj: Any = missing, name: str | None = None, *rest: Any) -> Any:
        lenient = isinstance(obj, (dict, ChainableUndefined)) or name == "caller"  # a macro asks whether it is called
        return (ChainableUndefined if lenient else StrictUndefined)(hint, obj, name, *rest)


class Lenient(BaseLoader):
    """Loads templates into an environment of their own, where everything undefined is empty."""

    def __init__(self, inner: BaseLoader) -> None:
        self._inner = inner
        self._environments: dict[int, Environment] = {}

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """See `jinja2.BaseLoader`. Errors: `TemplateNotFound`."""
        return self._inner.get_source(environment, template)

    def list_templates(self) -> list[str]:
        """Every name it can load."""
        return self._inner.list_templates()

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002
    ) -> Template:
        """The template, compiled for the lenient environment. Errors: `TemplateNotFound`."""
        lenient = self._environments.setdefault(id(environment), environment.overlay(undefined=ChainableUndefined))
        return self._inner.load(lenient, name, globals)


def register(app: Flask, package: str) -> None:
    """Set up the app's templates: the service's own, then the shared `lamppost/…`, then `govuk_frontend_jinja/…`."""
    environment = app.jinja_env
    environment.undefined = Careful
    environment.auto_reload = app.debug
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.loader = ChoiceLoader([*_folders(package, SHARED), _govuk()])
    environment.filters.update(FILTERS)


def _folders(*packages: str) -> list[BaseLoader]:
    folders = (folder(package) / "templates" for package in packages)
    return [FileSystemLoader(path) for path in folders if path.is_dir()]


def _govuk() -> BaseLoader:
    return PrefixLoader({"govuk_frontend_jinja": Lenient(PackageLoader("govuk_frontend_jinja"))})
