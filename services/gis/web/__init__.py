"""The pages and the API of gis."""

from flask import Flask

from chassis.runtime import Runtime
from chassis.web import create_app


def app(runtime: Runtime) -> Flask:
    """The web app of gis."""
    from services.gis.web import api, asset_pages, features, map_page, stickers

    blueprints = [map_page.pages, asset_pages.pages, stickers.pages, features.api, api.api]
    return create_app(runtime, blueprints, package="services.gis.web")
