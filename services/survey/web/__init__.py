"""Survey's HTTP boundary: the resident's pages behind a link, the staff's figures, what is published, an API."""

from flask import Flask

from chassis.runtime import Runtime
from chassis.web import create_app
from services.survey.web.answer import pages as resident_pages
from services.survey.web.api import api as figures_api
from services.survey.web.surveys import pages as office_pages


def app(runtime: Runtime) -> Flask:
    """The web app of survey."""
    return create_app(runtime, [resident_pages, office_pages, figures_api], package="services.survey.web")
