import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from pydantic import BaseModel, Field, ValidationError
from werkzeug.test import TestResponse

from chassis.web import FieldProblem, Problem
from chassis.web.problems import invalid

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
API = "/douliu/api/tiny/v1/notes"


def problem(response: TestResponse) -> dict[str, object]:
    assert response.mimetype == "application/problem+json"
    document = response.get_json()
    assert document["status"] == response.status_code
    assert document["title"]
    assert document["type"]
    return dict(document)


def pointers(response: TestResponse) -> list[str]:
    return [error["pointer"] for error in response.get_json()["errors"]]


def test_an_api_answers_with_a_problem_document(browser: FlaskClient) -> None:
    found = problem(browser.get(f"{API}/77", headers=HTML))
    assert found["status"] == 404
    assert found["detail"] == "no such note"


def test_a_field_is_named_by_a_json_pointer(browser: FlaskClient) -> None:
    response = browser.post(API, json={"words": "", "kind": "odd", "more": 1, "labels": ["a", 5]})
    assert response.status_code == 422
    problem(response)
    assert sorted(pointers(response)) == ["#/kind", "#/labels/1", "#/more", "#/words"]
    assert all(error["detail"] for error in response.get_json()["errors"])


def test_a_pointer_escapes_what_a_pointer_must(app: Flask) -> None:
    class Odd(BaseModel):
        field: int = Field(alias="a/b~c")

    with app.test_request_context("/"), pytest.raises(ValidationError) as caught:
        Odd.model_validate({"a/b~c": "x"})
    with app.test_request_context("/"):
        assert invalid(caught.value).errors[0].pointer == "#/a~1b~0c"


def test_a_page_that_is_not_there_tells_where_to_go(browser: FlaskClient) -> None:
    here = browser.get("/douliu/none", headers=HTML).get_data(as_text=True)
    assert 'href="/douliu/"' in here
    assert 'href="/douliu/search"' in here
    nowhere = browser.get("/nowhere/none", headers=HTML).get_data(as_text=True)
    assert 'href="/douliu/"' in nowhere
    assert "/nowhere/search" not in nowhere


def test_pages_answer_with_a_page(browser: FlaskClient) -> None:
    response = browser.get("/douliu/notes/none", headers=HTML)
    assert response.status_code == 404
    assert response.mimetype == "text/html"
    assert "找不到這一頁" in response.get_data(as_text=True)
    assert "05-532-2000" in response.get_data(as_text=True)
    assert "05-532-2000" not in browser.get("/nowhere/notes/none", headers=HTML).get_data(as_text=True)


def test_a_page_asked_for_as_json_answers_with_a_document(browser: FlaskClient) -> None:
    problem(browser.get("/douliu/notes/none", headers={"Accept": "application/json"}))


@pytest.mark.parametrize("path", ["/nowhere/api/tiny/v1/notes", "/douliu/api/none", "/douliu/api/tiny/v1/none/at/all"])
def test_below_an_api_everything_is_a_document(browser: FlaskClient, path: str) -> None:
    assert problem(browser.get(path, headers=HTML))["status"] == 404


def test_an_unknown_office_is_named(browser: FlaskClient) -> None:
    assert "nowhere" in str(problem(browser.get("/nowhere/api/tiny/v1/notes"))["detail"])


def test_a_wrong_method_says_which_are_allowed(browser: FlaskClient) -> None:
    response = browser.delete(API)
    assert problem(response)["status"] == 405
    assert "POST" in response.headers["Allow"]


def test_an_api_may_write_errors_in_its_own_form(browser: FlaskClient) -> None:
    response = browser.get("/douliu/odd/gone")
    assert (response.status_code, response.mimetype) == (410, "text/xml")
    assert response.get_data(as_text=True) == "<error>410</error>"


@pytest.mark.parametrize("headers", [HTML, {"Accept": "application/json"}])
def test_a_broken_view_tells_only_an_incident_id(browser: FlaskClient, headers: dict[str, str]) -> None:
    with structlog.testing.capture_logs() as logs:
        response = browser.get("/douliu/notes/break/it", headers=headers)
    text = response.get_data(as_text=True)
    assert response.status_code == 500
    assert "secret" not in text
    assert "RuntimeError" not in text
    assert "Traceback" not in text
    logged = next(entry for entry in logs if "incident" in entry)
    assert logged["incident"] in text
    assert "secret" not in str(logged)
    assert logged["route"] == "/<office:tenant>/notes/break/<how>"


def test_the_problem_page_has_the_office_and_its_telephone(browser: FlaskClient) -> None:
    text = browser.get("/douliu/notes/break/it", headers=HTML).get_data(as_text=True)
    assert "斗六市公所" in text
    assert "05-532-2000" in text


def test_a_store_that_is_down_is_said_so(browser: FlaskClient) -> None:
    response = browser.get("/douliu/notes/break/store", headers={"Accept": "application/json"})
    assert problem(response)["status"] == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "secret" not in response.get_data(as_text=True)


def test_the_problem_page_survives_a_broken_template(app: Flask) -> None:
    app.jinja_env.globals["asset"] = None
    app.template_context_processors[None].append(lambda: {"asset": None})
    response = app.test_client().get("/douliu/notes/none", headers=HTML)
    assert response.status_code == 404
    assert "找不到這一頁" in response.get_data(as_text=True)


def test_titles_speak_the_language_of_the_page(browser: FlaskClient) -> None:
    assert browser.get(f"{API}/77", headers={"Accept-Language": "en"}).get_json()["title"] == "Page not found"


def test_a_problem_document_leaves_out_what_is_empty(app: Flask) -> None:
    with app.test_request_context("/"):
        assert Problem(409).document().keys() == {"type", "title", "status"}
        full = Problem(409, "x", errors=[FieldProblem("#/a", "b")], incident="1", type="/busy", title="Busy").document()
    assert full == {
        "type": "/busy",
        "title": "Busy",
        "status": 409,
        "detail": "x",
        "errors": [{"pointer": "#/a", "detail": "b"}],
        "incident": "1",
    }
