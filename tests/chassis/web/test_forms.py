from collections.abc import Mapping
from typing import TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from chassis.web import forms
from chassis.web.forms import Form, FormErrors
from tests.chassis.web.conftest import csrf_token
from tests.chassis.web.tiny.doors import NoteForm

M = TypeVar("M", bound=BaseModel)


def reading(app: Flask, model: type[M], data: Mapping[str, object], **options: tuple[str, ...]) -> M:
    with app.test_request_context("/douliu/notes/new", method="POST", data=data):
        return forms.read(model, **options)


def errors_of(app: Flask, model: type[BaseModel], data: Mapping[str, object], lang: str = "en") -> dict[str, str]:
    headers = {"Accept-Language": lang}
    with app.test_request_context("/douliu/notes/new", method="POST", data=data, headers=headers):
        with pytest.raises(FormErrors) as caught:
            forms.read(model)
        return caught.value.by_field


def test_a_form_becomes_a_model(app: Flask) -> None:
    data = {"words": "  the lamp\n", "weight": "012", "tags": ["a", " ", "b "], "csrf_token": "x"}
    assert reading(app, NoteForm, data) == NoteForm(words="the lamp", weight=12, tags=("a", "b"))


def test_the_first_value_of_a_field_counts_and_blanks_are_absent(app: Flask) -> None:
    assert reading(app, NoteForm, {"words": ["one", "two"], "weight": "  "}) == NoteForm(words="one")


def test_unknown_fields_are_refused_by_name(app: Flask) -> None:
    found = errors_of(app, NoteForm, {"words": "x", "admin": "1"})
    assert found == {"admin": "admin: there is no such field."}


def test_unknown_fields_and_wrong_ones_are_told_together(app: Flask) -> None:
    assert set(errors_of(app, NoteForm, {"admin": "1", "weight": "heavy"})) == {"words", "weight", "admin"}


def test_files_and_ignored_fields_must_be_named(app: Flask) -> None:
    assert reading(app, NoteForm, {"words": "x", "step": "2"}, ignore=("step",)).words == "x"


def test_a_form_speaks_in_its_own_words(app: Flask) -> None:
    assert errors_of(app, NoteForm, {}, "zh-TW")["words"] == "請寫下要記的事"
    assert errors_of(app, NoteForm, {}, "en")["words"] == "Write what to note"


def test_a_validator_speaks_for_itself(app: Flask) -> None:
    assert errors_of(app, NoteForm, {"words": "..."})["words"] == "寫點什麼"


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        ("heavy", "Enter a whole number."),
        ("-1", "It cannot be less than 0."),
        ("1001", "It cannot be more than 1000."),
        ("1.5", "Enter a whole number."),
        ("9" * 5000, "Enter a whole number."),
    ],
)
def test_numbers_are_explained(app: Flask, weight: str, said: str) -> None:
    assert errors_of(app, NoteForm, {"words": "x", "weight": weight})["weight"] == said


def test_a_rule_between_fields_names_its_field(app: Flask) -> None:
    class Stay(Form):
        nights: int = Field(ge=0)
        guests: int = Field(ge=0)

        @model_validator(mode="after")
        def enough(self) -> "Stay":
            if self.guests > self.nights:
                raise PydanticCustomError("crowded", "too many", {"field": "guests"})
            return self

    assert errors_of(app, Stay, {"nights": "1", "guests": "2"}) == {"guests": "too many"}


def test_an_alias_is_the_name_that_is_posted(app: Flask) -> None:
    class Report(Form):
        pole: str = Field(alias="attribute[pole]")

    assert reading(app, Report, {"attribute[pole]": "01234"}).pole == "01234"
    assert set(errors_of(app, Report, {"pole": "01234"})) == {"attribute[pole]", "pole"}


def test_what_was_sent_is_shown_again(app: Flask) -> None:
    data = {"words": " x ", "tags": ["a", "b"], "csrf_token": "t"}
    with app.test_request_context("/", method="POST", data=data):
        assert forms.sent() == {"words": " x ", "tags": ["a", "b"]}


def test_a_wrong_form_is_a_page_with_a_summary_and_writes_nothing(browser: FlaskClient) -> None:
    response = browser.post("/douliu/notes/new", data={"words": "", "csrf_token": csrf_token(browser)})
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert 'href="#words"' in page
    assert page.count("請寫下要記的事") == 2
    assert browser.get("/douliu/api/tiny/v1/notes").get_json() == []


def test_errors_nobody_caught_are_a_problem(browser: FlaskClient) -> None:
    data = {"more": "1", "csrf_token": csrf_token(browser)}
    response = browser.post("/douliu/notes/photo", data=data, headers={"Accept": "application/json"})
    assert response.status_code == 422
    assert [error["pointer"] for error in response.get_json()["errors"]] == ["#/words", "#/more"]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["words", "weight", "tags", "x"]), st.text(max_size=250)))
def test_every_form_is_either_taken_or_explained(app: Flask, data: dict[str, object]) -> None:
    expected = {"words"} if str(data.get("words", "")).strip(" .\n\t\r") == "" else set()
    try:
        taken: NoteForm | None = reading(app, NoteForm, data)
        wrong = set[str]()
    except FormErrors as errors:
        taken, wrong = None, set(errors.by_field)
    assert expected <= wrong <= set(data) | {"words"}
    assert ("x" in wrong) == ("x" in data)
    assert taken is None or taken.words == str(data["words"]).strip()
