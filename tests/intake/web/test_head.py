"""The head's page (YM9): every dissatisfied answer, the newest first, what is late, and the figures."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from chassis import clock
from chassis.runtime import Runtime
from services.intake import cases, feedback
from services.intake.act import SYSTEM, Act
from tests.intake.web.conftest import Desk, Do, OpenCase
from tests.intake.web.pages import text


def judge(runtime: Runtime, number: str, score: int, reason: str | None, days_ago: int) -> None:
    at = clock.now() - timedelta(days=days_ago)
    with runtime.store.session("douliu") as session:
        feedback.record_answer(Act(runtime, session, SYSTEM, at), number, score, score <= 2, reason, at)


@pytest.fixture
def head(desk: Desk) -> FlaskClient:
    return desk("head", section="")


def test_every_dissatisfied_answer_is_there_the_newest_first(
    head: FlaskClient, open_case: OpenCase, do: Do, runtime: Runtime
) -> None:
    numbers = [open_case().case.number for _ in range(4)]
    for number in numbers:
        do(number, cases.take, lambda act, number: cases.close(act, number, "好了"))
    judge(runtime, numbers[0], 1, "拖了六天", days_ago=3)
    judge(runtime, numbers[1], 2, None, days_ago=1)
    judge(runtime, numbers[2], 2, "又壞了", days_ago=2)
    judge(runtime, numbers[3], 5, "很快", days_ago=0)
    page = text(head.get("/douliu/desk/head").text)
    places = [page.index(numbers[one]) for one in (1, 2, 0)]
    assert places == sorted(places)
    for words in ("滿意度 1 / 5", "拖了六天", "沒有寫原因", "又壞了", "不滿意的回覆 3"):
        assert words in page
    assert numbers[3] not in page


def test_an_office_where_all_is_well_says_so(head: FlaskClient) -> None:
    page = head.get("/douliu/desk/head").text
    assert "沒有不滿意的回覆" in page
    assert "沒有逾期的案件" in page


def test_only_the_head_and_chiefs_see_it(desk: Desk, client: FlaskClient) -> None:
    assert desk("chief").get("/douliu/desk/head").status_code == 200
    assert desk("clerk").get("/douliu/desk/head").status_code == 403
    assert desk("head", tenant="anping").get("/douliu/desk/head").status_code == 403
    assert client.get("/douliu/desk/head").status_code == 302


def test_the_neighbours_answers_are_not_there(head: FlaskClient, open_case: OpenCase) -> None:
    number = open_case("anping").case.number
    assert number not in head.get("/douliu/desk/head").text


@pytest.mark.parametrize(("lang", "words"), [("zh-Hant", "市長總覽"), ("en", "Mayor&#39;s overview")])
def test_it_speaks_both_languages(head: FlaskClient, lang: str, words: str) -> None:
    assert words in head.get(f"/douliu/desk/head?lang={lang}").text
