"""What the rules say in both languages, in the page's own; a refused request as sentences beside its fields."""

from chassis.web.forms import FormErrors
from chassis.web.language import current as language
from services.intake.lifecycle import Label
from services.intake.request import REASONS, Invalid


def said(label: Label) -> str:
    """A label in the language of the page."""
    return label.en if language() == "en" else label.zh


def refused(error: Invalid, **fields: str) -> FormErrors:
    """What is wrong with a request, for the page; `fields` are those whose name in the form differs."""
    return FormErrors([(fields.get(field, field), said(REASONS[reason])) for field, reason in error.faults])
