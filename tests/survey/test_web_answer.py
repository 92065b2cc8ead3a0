"""The resident's pages: both languages, back, errors, once, secrecy, and nothing a form can break."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from chassis.runtime import Runtime
from chassis.web.catalogs import untranslated
from services.survey.model import Answer
from tests.survey.conftest import NUMBER, TOKEN, answer, csrf_token, events, invited, post

ADDRESS = f"/s/{TOKEN}"


@pytest.fixture
def asked(survey: Runtime) -> Runtime:
    invited(survey)
    return survey


def page(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_data(as_text=True)


def test_every_text_has_its_english() -> None:
    assert untranslated("services.survey.web") == []


def test_the_first_page_is_the_offices_and_names_every_level(asked: Runtime, resident: FlaskClient) -> None:
    found = page(resident, ADDRESS)
    assert "斗六市公所" in found
    assert NUMBER in found
    assert "1 / 2" in found
    assert '<html class="govuk-template" lang="zh-Hant">' in found
    legend = re.search(r"<fieldset.*?<legend[^>]*>(.*?)</legend>(.*?)</fieldset>", found, re.DOTALL)
    assert legend
    assert "這一次辦得如何？" in legend[1]
    assert re.findall(r'type="radio"[^>]*value="(\d)"', legend[2]) == ["1", "2", "3", "4", "5"]
    assert "非常不滿意" in legend[2]
    assert "非常滿意" in legend[2]


def test_who_applied_in_english_is_asked_in_english(survey: Runtime, resident: FlaskClient) -> None:
    invited(survey, language="en")
    found = page(resident, ADDRESS)
    assert 'lang="en"' in found
    assert "How did we do this time?" in found
    assert "Very dissatisfied" in found
    assert "Streetlight repair" in found
    assert "How did we do" not in page(resident, f"{ADDRESS}?lang=zh-Hant")
    assert "How did we do" not in page(resident, ADDRESS)  # this browser has chosen


def test_a_dissatisfied_resident_is_asked_why_and_thanked(asked: Runtime, resident: FlaskClient) -> None:
    response = post(resident, ADDRESS, {"satisfaction": "1"})
    assert response.location == f"{ADDRESS}/more"
    why = page(resident, f"{ADDRESS}/more")
    assert "2 / 2" in why
    assert why.count('name="reason"') == 6
    response = post(resident, f"{ADDRESS}/more", {"reason": "too_slow", "comment": "等了\r\n兩個月"})
    assert response.location == f"{ADDRESS}/check"
    check = page(resident, f"{ADDRESS}/check")
    assert "非常不滿意" in check
    assert "花太久時間" in check
    assert "等了\n兩個月" in check
    response = post(resident, f"{ADDRESS}/check")
    assert response.location == f"{ADDRESS}/thanks"
    thanks = page(resident, f"{ADDRESS}/thanks")
    assert "謝謝您的意見" in thanks
    assert "市長會逐則看到" in thanks
    assert len(events(asked)) == 1


def test_a_satisfied_resident_may_add_a_comment_or_not(asked: Runtime, resident: FlaskClient) -> None:
    post(resident, ADDRESS, {"satisfaction": "5"})
    more = page(resident, f"{ADDRESS}/more")
    assert 'name="reason"' not in more
    assert 'name="comment"' in more
    assert post(resident, f"{ADDRESS}/more").status_code == 303
    assert "（沒有填寫）" in page(resident, f"{ADDRESS}/check")
    assert post(resident, f"{ADDRESS}/check").location == f"{ADDRESS}/thanks"


def test_going_back_keeps_what_was_filled_in(asked: Runtime, resident: FlaskClient) -> None:
    post(resident, ADDRESS, {"satisfaction": "2"})
    post(resident, f"{ADDRESS}/more", {"reason": "attitude", "comment": "電話裡很兇"})
    assert re.search(r'value="2" checked', page(resident, ADDRESS))
    more = page(resident, f"{ADDRESS}/more")
    assert re.search(r'value="attitude" checked', more)
    assert "電話裡很兇" in more
    assert f'href="{ADDRESS}"' in more


def test_a_page_cannot_be_skipped(asked: Runtime, resident: FlaskClient) -> None:
    assert resident.get(f"{ADDRESS}/more").location == ADDRESS
    assert resident.get(f"{ADDRESS}/check").location == f"{ADDRESS}/more"
    assert resident.get(f"{ADDRESS}/thanks").location == ADDRESS
    assert post(resident, f"{ADDRESS}/more", {"comment": "x"}).location == ADDRESS
    post(resident, ADDRESS, {"satisfaction": "1"})
    assert resident.get(f"{ADDRESS}/check").location == f"{ADDRESS}/more"
    assert post(resident, f"{ADDRESS}/check").location == f"{ADDRESS}/more"
    assert events(asked) == []


@pytest.mark.parametrize("given", [{}, {"satisfaction": ""}, {"satisfaction": "6"}, {"satisfaction": "很好"}])
def test_an_answer_that_is_none_is_explained(asked: Runtime, resident: FlaskClient, given: dict[str, str]) -> None:
    response = post(resident, ADDRESS, given)
    found = response.get_data(as_text=True)
    assert response.status_code == 422
    assert '<a href="#satisfaction">請選一個最接近的答案。</a>' in found
    assert 'id="satisfaction"' in found
    assert "<title>錯誤：" in found
    assert resident.get(f"{ADDRESS}/more").location == ADDRESS


@pytest.mark.parametrize("reason", [None, "no_such_reason", "x" * 41])
def test_a_reason_must_be_chosen_and_words_stay(asked: Runtime, resident: FlaskClient, reason: str | None) -> None:
    post(resident, ADDRESS, {"satisfaction": "1"})
    response = post(resident, f"{ADDRESS}/more", {"comment": "等了兩個月"} | ({"reason": reason} if reason else {}))
    found = response.get_data(as_text=True)
    assert response.status_code == 422
    assert '<a href="#reason">請選一個最接近的答案。</a>' in found
    assert "等了兩個月" in found


def test_a_thousand_characters_with_line_breaks_are_a_thousand(asked: Runtime, resident: FlaskClient) -> None:
    post(resident, ADDRESS, {"satisfaction": "4"})
    exactly = "\r\n".join(["字" * 9] * 100) + "字"
    assert post(resident, f"{ADDRESS}/more", {"comment": exactly}).status_code == 303
    response = post(resident, f"{ADDRESS}/more", {"comment": exactly + "字"})
    assert response.status_code == 422
    assert "最多 1000 個字。" in response.get_data(as_text=True)


def test_unknown_fields_and_missing_tokens_are_refused(asked: Runtime, resident: FlaskClient) -> None:
    assert post(resident, ADDRESS, {"satisfaction": "5", "admin": "1"}).status_code == 422
    assert resident.post(ADDRESS, data={"satisfaction": "5"}).status_code == 400
    assert resident.get(f"{ADDRESS}/more").location == ADDRESS


@pytest.mark.parametrize("token", ["x", "a" * 43, "A" * 129, "%00" * 20, "ä" * 20, "'" * 20, "*"])
def test_an_unknown_link_may_be_too_new_or_wrong(asked: Runtime, resident: FlaskClient, token: str) -> None:
    response = resident.get(f"/s/{token}")
    assert response.status_code in (400, 404)
    if token.isascii() and "%" not in token:
        assert response.status_code == 404
        assert "請一分鐘後再點一次連結" in response.get_data(as_text=True)


def test_a_link_that_is_too_new_works_once_the_event_has_come(survey: Runtime, resident: FlaskClient) -> None:
    assert resident.get(ADDRESS).status_code == 404
    invited(survey)
    assert resident.get(ADDRESS).status_code == 200


def test_an_answered_link_is_gone_with_thanks(asked: Runtime, resident: FlaskClient, app: Flask) -> None:
    answer(resident, ADDRESS, 5)
    for path in ("", "/more", "/check"):
        response = app.test_client().get(ADDRESS + path)
        assert response.status_code == 410
        assert "謝謝，我們已經收到您的意見" in response.get_data(as_text=True)
    assert resident.get(f"{ADDRESS}/thanks").status_code == 200


def test_an_expired_link_is_gone_with_the_telephone(
    asked: Runtime, resident: FlaskClient, time_passes: Callable[[timedelta], None]
) -> None:
    token = csrf_token(resident, ADDRESS)
    time_passes(timedelta(days=14))
    for response in (
        resident.get(ADDRESS),
        resident.get(f"{ADDRESS}/check"),
        resident.post(ADDRESS, data={"csrf_token": token, "satisfaction": "1"}),
        resident.post(f"{ADDRESS}/check", data={"csrf_token": token}),
    ):
        assert response.status_code == 410
        assert "這份問卷已經截止" in response.get_data(as_text=True)
        assert "05-532-2000" in response.get_data(as_text=True)
    assert events(asked) == []


def test_pressing_twice_thanks_twice_and_answers_once(asked: Runtime, app: Flask) -> None:
    first = app.test_client()
    post(first, ADDRESS, {"satisfaction": "3"})
    post(first, f"{ADDRESS}/more")
    clients = [app.test_client() for _ in range(6)]
    tokens = [csrf_token(client, f"{ADDRESS}/check") for client in clients]
    gate = threading.Barrier(len(clients))
    answers: list[tuple[int, str | None]] = []

    def press(client: FlaskClient, token: str) -> None:
        gate.wait()
        response = client.post(f"{ADDRESS}/check", data={"csrf_token": token})
        answers.append((response.status_code, response.location))

    threads = [threading.Thread(target=press, args=pair) for pair in zip(clients, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(303, f"{ADDRESS}/thanks")] * len(clients)
    with asked.store.everywhere() as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == 1
    assert len(events(asked)) == 1


def test_the_link_finds_its_own_office(survey: Runtime, resident: FlaskClient) -> None:
    invited(survey)
    invited(survey, "anpings-own-token-of-a-case", tenant="anping", number="AP-115-000001-1")
    found = page(resident, "/s/anpings-own-token-of-a-case")
    assert "安平區公所" in found
    assert "斗六市公所" not in found
    assert NUMBER not in found


def test_the_secret_is_in_no_table_and_the_pages_are_not_kept(asked: Runtime, resident: FlaskClient) -> None:
    response = resident.get(ADDRESS)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    answer(resident, ADDRESS, 1, reason="other", comment="x")
    with asked.store.everywhere() as session:
        for table in ("invitation", "draft", "answer", "outbox", "inbox", "dead_letter", "idempotency"):
            rows = session.execute(text(f"SELECT * FROM {table}")).all()
            assert TOKEN not in str(rows), table


ANYTHING = st.one_of(st.text(max_size=50), st.sampled_from(["1", "3", "other", "too_slow", "\x00", "字" * 1001, "=1"]))
FIELDS = st.dictionaries(
    st.one_of(st.sampled_from(["satisfaction", "reason", "comment"]), st.text(min_size=1, max_size=9)), ANYTHING
)


@pytest.mark.parametrize("path", ["", "/more", "/check"])
def test_no_form_breaks_a_page(asked: Runtime, resident: FlaskClient, path: str) -> None:
    token = csrf_token(resident, ADDRESS)
    if path == "/more":
        post(resident, ADDRESS, {"satisfaction": "2"})

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(FIELDS)
    def try_it(fields: dict[str, str]) -> None:
        response = resident.post(ADDRESS + path, data={"csrf_token": token} | fields)
        assert response.status_code in (303, 400, 422)

    try_it()
