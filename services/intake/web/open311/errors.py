"""Errors as GeoReport v2 has them: `[{"code": 400, "description": "lat: …"}]`, the field first."""

from flask import Response, request

from chassis.web import FieldProblem, Problem
from chassis.web.language import current
from services.intake.lifecycle import Label
from services.intake.web.open311.answers import ErrorOut, said
from services.intake.web.open311.media import answer

NO_KEY = Label("請附上這個機關的 API 金鑰。", "Give an API key of this office.")
WRONG_KEY = Label("這個機關沒有這把 API 金鑰。", "This office knows no such API key.")
ELSEWHERE = Label("這個網址屬於另一個轄區。", "This address belongs to another jurisdiction.")
NO_SERVICE = Label("沒有這項服務。", "There is no such service.")
NO_REQUEST = Label("沒有這件案件。", "There is no such request.")
NO_ATTRIBUTE = Label("這項服務沒有這個屬性。", "This service has no such attribute.")
UNDER_WAY = Label("同一個金鑰的請求還在處理，請稍後再試。", "The first request with this key is still under way.")


def wrong(field: str, label: Label, status: int = 400) -> Problem:
    """A problem with one field."""
    return several([(field, label)], status)


def several(found: list[tuple[str, Label]], status: int = 400) -> Problem:
    """A problem with several fields."""
    errors = [FieldProblem(f"#/{field}", said(label, current())) for field, label in found]
    return Problem(status, errors[0].detail, errors=errors)


def render(problem: Problem) -> Response:
    """The problem in the standard's form and the format of the address; the standard knows no 422."""
    status = 400 if problem.status == 422 else problem.status
    texts = [_named(error) for error in problem.errors] or [_whole(problem)]
    found = [ErrorOut(code=status, description=text) for text in texts]
    return answer("xml" if request.path.endswith(".xml") else "json", "errors", found, status)


def _named(error: FieldProblem) -> str:
    field = error.pointer.removeprefix("#/").replace("~1", "/").replace("~0", "~")
    return error.detail if error.detail.startswith(field) else f"{field}: {error.detail}"


def _whole(problem: Problem) -> str:
    incident = f" ({problem.incident})" if problem.incident else ""
    return (problem.detail or problem.title) + incident
