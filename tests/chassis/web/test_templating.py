from pathlib import Path

import govuk_frontend_jinja
import pytest
from flask import Flask, render_template_string

COMPONENTS = sorted(
    path.parent.name
    for path in (Path(govuk_frontend_jinja.__file__).parent / "templates" / "components").glob("*/macro.html")
)


def macro(component: str) -> str:
    return "govuk" + "".join(word.title() for word in component.split("-"))


@pytest.mark.parametrize("component", COMPONENTS)
def test_govuk_parts_work_beside_strict_templates(app: Flask, component: str) -> None:
    source = (
        f'{{% from "govuk_frontend_jinja/components/{component}/macro.html" import {macro(component)} as part %}}'
        '{{ part({"id": "x", "name": "x", "text": "t", "items": [], "label": {"text": "l"}, "hint": {"text": "h"}}) }}'
    )
    with app.test_request_context("/"):
        assert render_template_string(source).strip()


def test_govuk_parts_escape_what_they_are_given(app: Flask) -> None:
    source = (
        '{% from "govuk_frontend_jinja/components/input/macro.html" import govukInput %}'
        '{{ govukInput({"id": "x", "name": "x", "value": value, "label": {"text": value}}) }}'
    )
    with app.test_request_context("/"):
        page = render_template_string(source, value='"><script>')
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
