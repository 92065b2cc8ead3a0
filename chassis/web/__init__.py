"""The HTTP boundary every service shares: pages for people, doors for machines, and what guards both."""

from chassis.web.application import create_app, current_runtime
from chassis.web.blueprints import Api, Pages, body_limit
from chassis.web.problems import FieldProblem, Problem

__all__ = ["Api", "FieldProblem", "Pages", "Problem", "body_limit", "create_app", "current_runtime"]
