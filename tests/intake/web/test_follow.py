"""Following a case: number and code, what is asked for, withdrawing, the reply."""

import io
import re

from flask.testing import FlaskClient

from chassis.runtime import Runtime
from services.intake import cases, timeline
from services.intake.cases import find_case
from tests.intake.web.conftest import Do
from tests.intake.web.pages import code_of, number_of, photo, report, send, text, walk


def test_number_and_code_open_the_case(client: FlaskClient, runtime: Runtime) -> None:
    done = report(client)
    number, code = number_of(done), code_of(done.text)
    with runtime.manifest.web(runtime).test_client() as other:
        assert other.get(f"/douliu/cases/{number}").status_code == 302
        page = walk(other, other.get("/douliu/cases"), "/cases", number=number.lower(), code=code.lower())
        assert "進度" in page.text
        assert "王小明" in page.text


def test_a_wrong_code_opens_nothing_and_ten_close_the_case_for_an_hour(client: FlaskClient) -> None:
    done = report(client)
    number, code = number_of(done), code_of(done.text)
    client.delete_cookie("lamppost_form")
    page = client.get("/douliu/cases")
    for _ in range(10):
        answer = send(client, page, "/cases", number=number, code="ZZZZZZ")
        assert answer.status_code == 422
    assert "試太多次了" in send(client, page, "/cases", number=number, code=code).text


def test_a_mistyped_number_is_told_from_an_unknown_one(client: FlaskClient) -> None:
    page = client.get("/douliu/cases")
    assert "有一個字不對" in send(client, page, "/cases", number="DL-115-004217-7", code="ABCDEF").text
    assert "編號或查詢碼不對" in send(client, page, "/cases", number="DL-115-004217-6", code="ABCDEF").text


def test_a_link_from_a_message_opens_the_case_and_the_code_leaves_the_address(client: FlaskClient) -> None:
    done = report(client)
    number, code = number_of(done), code_of(done.text)
    client.delete_cookie("lamppost_form")
    answer = client.get(f"/douliu/cases/{number}?code={code}")
    assert answer.headers["Location"] == f"/douliu/cases/{number}"
    assert client.get(answer.headers["Location"]).status_code == 200


def test_the_neighbour_office_does_not_know_the_case(client: FlaskClient) -> None:
    done = report(client)
    number, code = number_of(done), code_of(done.text)
    assert client.get(f"/anping/cases/{number}").status_code == 302
    assert client.get(f"/anping/cases/{number}?code={code}").status_code == 422
    draft = done.request.path.replace("/douliu/", "/anping/")
    assert client.get(draft).status_code == 410


def test_what_was_asked_for_is_sent_with_a_photo_and_the_clock_runs_again(
    client: FlaskClient, runtime: Runtime, do: Do
) -> None:
    number = number_of(report(client))
    do(number, cases.take, lambda act, number: cases.return_case(act, number, ["請補一張現場照片"]))
    page = client.get(f"/douliu/cases/{number}")
    assert "請您補件，時限已暫停" in page.text
    assert "請補一張現場照片" in page.text
    page = client.get(f"/douliu/cases/{number}/supplement")
    page = walk(client, page, "/supplement", answer="照片如附", files=(photo(), "lamp.jpg"))
    assert "您補件了" in page.text
    file = re.search(rf"/douliu/cases/{number}/files/[0-9a-f]{{64}}", page.text)
    assert file
    with client.get(file.group()) as answer:
        assert answer.mimetype == "image/jpeg"
    with runtime.store.session("douliu") as session:
        assert find_case(session, number).status == "in_progress"
        assert timeline.lines(session, number)[-1].details["attachments"]


def test_an_empty_answer_is_refused_and_changes_nothing(client: FlaskClient, runtime: Runtime, do: Do) -> None:
    number = number_of(report(client))
    do(number, cases.take, lambda act, number: cases.return_case(act, number, ["照片"]))
    page = client.get(f"/douliu/cases/{number}/supplement")
    assert send(client, page, "/supplement", answer="").status_code == 422
    not_a_photo = (io.BytesIO(b"#!/bin/sh"), "lamp.jpg")
    assert send(client, page, "/supplement", answer="", files=not_a_photo).status_code == 422
    with runtime.store.session("douliu") as session:
        assert find_case(session, number).status == "returned"


def test_a_case_can_be_withdrawn(client: FlaskClient) -> None:
    number = number_of(report(client))
    page = walk(client, client.get(f"/douliu/cases/{number}/withdraw"), "/withdraw", reason="自己好了")
    assert "已撤回" in page.text
    assert client.get(f"/douliu/cases/{number}/withdraw").status_code == 302


def test_a_closed_case_shows_the_reply(client: FlaskClient, do: Do) -> None:
    number = number_of(report(client))
    do(number, cases.take, lambda act, number: cases.close(act, number, "已更換燈具"))
    page = text(client.get(f"/douliu/cases/{number}").text)
    assert "已結案" in page
    assert "已更換燈具" in page
