"""The desk: what a clerk sees and does, one after the other, and who may not."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.runtime import Runtime
from services.intake import cases, timeline
from services.intake.cases import find_case
from services.intake.model import Case
from services.intake.request import Applicant
from tests.intake.web.conftest import Desk, Do, OpenCase, silence
from tests.intake.web.pages import send, text, walk

ACTS = ["take", "assign", "return", "close", "reopen"]


def stored(runtime: Runtime, number: str) -> Case:
    with runtime.store.session("douliu") as session:
        return find_case(session, number)


def asked_for(runtime: Runtime, number: str) -> list[str]:
    with runtime.store.session("douliu") as session:
        return list(timeline.lines(session, number)[-1].details["missing"])


@pytest.fixture
def clerk(desk: Desk) -> FlaskClient:
    return desk("clerk")


def test_the_queues_have_their_cases_and_their_counts(clerk: FlaskClient, open_case: OpenCase, do: Do) -> None:
    mine, new = open_case().case.number, open_case().case.number
    do(mine, cases.take)
    page = clerk.get("/douliu/desk/")
    assert mine in page.text
    assert new not in page.text
    assert re.search(r"課內未分派</span> <span class=\"count\">1</span>", page.text)
    assert new in clerk.get("/douliu/desk/?queue=unassigned").text
    assert clerk.get("/douliu/desk/?queue=nothing").status_code == 404


def test_the_list_can_be_narrowed_to_one_service(clerk: FlaskClient, open_case: OpenCase) -> None:
    lamp = open_case().case.number
    road = open_case(service_code="pothole", asset_kind=None, asset_number=None, address="中山路 1 號").case.number
    page = clerk.get("/douliu/desk/?queue=unassigned")
    assert "道路報修 <b>1</b>" in page.text
    narrowed = clerk.get("/douliu/desk/?queue=unassigned&service=pothole")
    assert road in narrowed.text
    assert lamp not in narrowed.text
    assert clerk.get("/douliu/desk/?service=nothing").status_code == 404


def test_a_long_list_comes_in_pages(clerk: FlaskClient, open_case: OpenCase) -> None:
    numbers = {open_case().case.number for _ in range(53)}
    first = clerk.get("/douliu/desk/?queue=unassigned")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following
    second = clerk.get(following.group(1).replace("&amp;", "&"))
    seen = [set(re.findall(r"DL-\d{3}-\d{6}-\d", page.text.partition("<aside")[0])) for page in (first, second)]
    assert [len(one) for one in seen] == [50, 3]
    assert seen[0] | seen[1] == numbers
    assert clerk.get("/douliu/desk/?queue=unassigned&after=nonsense").status_code == 400


def test_the_selected_case_is_beside_the_list_with_its_lamp(clerk: FlaskClient, open_case: OpenCase) -> None:
    number = open_case().case.number
    page = text(clerk.get(f"/douliu/desk/?queue=unassigned&case={number}").text)
    for words in ("虎溪里 慶生路 128 號前", "LED 60 W", "一年內第 3 次報修", "接辦"):
        assert words in page


def test_the_desk_works_while_gis_is_down(clerk: FlaskClient, open_case: OpenCase, runtime: Runtime) -> None:
    runtime.ask = silence  # type: ignore[assignment]
    number = open_case().case.number
    assert clerk.get("/douliu/desk/?queue=unassigned").status_code == 200
    assert clerk.get(f"/douliu/desk/cases/{number}").status_code == 200


def test_a_case_from_taking_to_reopening(clerk: FlaskClient, open_case: OpenCase, runtime: Runtime, do: Do) -> None:
    number = open_case().case.number
    page = clerk.get(f"/douliu/desk/cases/{number}")
    page = walk(clerk, page, "/take")
    assert "這件由您承辦了" in page.text
    assert stored(runtime, number).handler == "lin.works"
    page = walk(clerk, page, "/return", missing=["need_photo"], other="請說明哪一側", note="辛苦了")
    assert stored(runtime, number).paused_at is not None
    assert asked_for(runtime, number) == ["請補一張現場照片，拍到周圍的門牌或路口更好。", "請說明哪一側"]
    do(number, lambda act, number: cases.supplement(act, number, "在北側"))
    page = walk(clerk, clerk.get(page.request.path), "/close", reply="已更換燈具")
    assert (stored(runtime, number).status, stored(runtime, number).reply) == ("closed", "已更換燈具")
    page = walk(clerk, page, "/reopen", reason="又不亮了")
    assert stored(runtime, number).status == "in_progress"
    assert "又不亮了" in page.text


def test_standard_texts_are_in_the_applicants_language(
    clerk: FlaskClient, open_case: OpenCase, runtime: Runtime, do: Do
) -> None:
    number = open_case(applicant=Applicant(phone="+886912000101", language="en")).case.number
    do(number, cases.take)
    page = clerk.get(f"/douliu/desk/cases/{number}")
    page = walk(clerk, page, "/return", missing=["need_photo"])
    assert asked_for(runtime, number)[0].startswith("Please add a photo")
    walk(clerk, page, "/close", template="repaired")
    assert str(stored(runtime, number).reply).startswith("It was repaired today")


def test_a_case_is_assigned_to_somebody_else(
    clerk: FlaskClient, open_case: OpenCase, runtime: Runtime, staff_member: str
) -> None:
    number = open_case().case.number
    page = clerk.get(f"/douliu/desk/cases/{number}")
    assert "工務課 ・ 吳佩蓉（分機 318）" in page.text
    page = walk(clerk, page, "/assign", handler=staff_member)
    assert stored(runtime, number).handler == staff_member
    answer = send(clerk, page, "/assign", handler="nobody")
    assert answer.status_code == 422
    assert 'href="#handler"' in answer.text
    assert stored(runtime, number).handler == staff_member


@pytest.mark.parametrize(
    ("act", "answers", "field", "sentence"),
    [
        ("assign", {"handler": ""}, "handler", "請選承辦人"),
        ("return", {"note": "請看說明"}, "missing", "請勾選或寫下缺什麼"),
        ("return", {"missing": ["nothing_of_the_kind"]}, "missing", "請勾選或寫下缺什麼"),
        ("close", {"reply": " ", "template": ""}, "reply", "請寫回覆，或選一個範本"),
        ("close", {"reply": "x" * 501}, "reply", "最多 500 個字"),
    ],
)
def test_what_is_missing_is_named_and_nothing_changes(
    clerk: FlaskClient, open_case: OpenCase, runtime: Runtime, do: Do, act: str, answers: Any, field: str, sentence: str
) -> None:
    number = open_case().case.number
    do(number, cases.take)
    answer = send(clerk, clerk.get(f"/douliu/desk/cases/{number}"), f"/{act}", **answers)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert sentence in answer.text
    assert stored(runtime, number).version == 2


def test_a_form_that_is_behind_changes_nothing_and_shows_how_it_stands(
    clerk: FlaskClient, open_case: OpenCase, runtime: Runtime, do: Do
) -> None:
    number = open_case().case.number
    do(number, cases.take)
    page = clerk.get(f"/douliu/desk/cases/{number}")
    do(number, lambda act, number: cases.return_case(act, number, ["照片"]))
    answer = send(clerk, page, "/close", reply="已更換燈具")
    assert answer.status_code == 409
    assert "別人剛改過這件" in answer.text
    assert "已請民眾補件" in answer.text
    assert "已更換燈具" in answer.text, "what was written is kept"
    assert stored(runtime, number).status == "returned"
    assert walk(clerk, answer, "/close").status_code == 200, "the second time it was seen"


def test_an_act_the_state_does_not_allow_says_so(
    clerk: FlaskClient, open_case: OpenCase, runtime: Runtime, do: Do
) -> None:
    number = open_case().case.number
    page = clerk.get(f"/douliu/desk/cases/{number}")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    sent = {"csrf_token": token.group(1), "version": "1", "reply": "好了"}
    answer = clerk.post(f"/douliu/desk/cases/{number}/close", data=sent)
    assert answer.status_code == 409
    assert "案件目前的狀態不能這樣做" in answer.text
    assert stored(runtime, number).version == 1


def test_the_head_may_close_but_not_take(desk: Desk, open_case: OpenCase, runtime: Runtime, do: Do) -> None:
    number = open_case().case.number
    head = desk("head", section="")
    page = head.get(f"/douliu/desk/cases/{number}")
    assert "由我承辦" not in page.text
    do(number, cases.take)
    walk(head, head.get(page.request.path), "/close", reply="已處理")
    assert stored(runtime, number).status == "closed"


def test_files_of_the_case_are_served_to_staff_only(
    client: FlaskClient, clerk: FlaskClient, open_case: OpenCase
) -> None:
    number = open_case().case.number
    path = f"/douliu/desk/cases/{number}/files/{'0' * 64}"
    assert clerk.get(path).status_code == 404
    assert client.get(path).status_code == 302
