import pytest
from flask.testing import FlaskClient

NOTES = "/douliu/api/tiny/v1/notes"
FORMS = "/douliu/api/tiny/v1/forms"


def pointers(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [error["pointer"] for error in answer["errors"]]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "#/limit"),
        ("limit=x", "#/limit"),
        ("kind=odd", "#/kind"),
        ("more=1", "#/more"),
        ("limit=1e3", "#/limit"),
    ],
)
def test_a_wrong_parameter_is_400_and_named(browser: FlaskClient, query: str, pointer: str) -> None:
    response = browser.get(f"{NOTES}?{query}")
    assert response.status_code == 400
    assert pointers(response.get_json()) == [pointer]


def test_a_blank_parameter_is_a_parameter(browser: FlaskClient) -> None:
    assert pointers(browser.get(f"{NOTES}?limit=").get_json()) == ["#/limit"]


def test_a_blank_field_of_a_form_is_absent(browser: FlaskClient) -> None:
    assert browser.post(FORMS, data={"words": "x", "kind": " "}).status_code == 200
    assert pointers(browser.post(FORMS, data={"words": " "}).get_json()) == ["#/words"]


def test_json_must_be_said_to_be_json(browser: FlaskClient) -> None:
    assert browser.post(NOTES, data='{"words": "x"}', content_type="text/plain").status_code == 415
    assert browser.post(NOTES, data='{"words": "x"}', content_type="application/merge-patch+json").status_code == 201


@pytest.mark.parametrize("document", ["[]", "null", "1", '"x"', "true"])
def test_json_of_another_shape_is_explained(browser: FlaskClient, document: str) -> None:
    response = browser.post(NOTES, data=document, content_type="application/json")
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["detail"]


def test_an_api_form_needs_a_form_and_refuses_unknown_fields(browser: FlaskClient) -> None:
    assert browser.post(FORMS, json={"words": "x"}).status_code == 415
    response = browser.post(FORMS, data={"words": "x", "shade": "1"})
    assert response.status_code == 422
    assert pointers(response.get_json()) == ["#/shade"]
    assert browser.post(FORMS, data={"words": " 01234 "}).get_json()["words"] == "01234"


def test_the_answer_repeats_no_value_that_was_sent(browser: FlaskClient) -> None:
    response = browser.post(NOTES, json={"words": ["0912345678"], "kind": "0912345678"})
    assert response.status_code == 422
    assert "0912345678" not in response.get_data(as_text=True)
