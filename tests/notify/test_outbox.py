"""The outbox page and its API: who sees what, in which pages, and what can be done there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from chassis import clock
from chassis.runtime import Runtime
from chassis.web.catalogs import untranslated
from services.notify import listing, manifest
from services.notify.listing import Wanted
from services.notify.model import Message
from services.notify.outcome import Rejected
from services.notify.web.views import discreet
from tests.notify.conftest import Browser, Make
from tests.notify.world import EMAIL, LINK, SURVEY, every, only, record, sender, tell

REFUSED = Rejected("20003", "account SID or auth token is wrong", "configuration")
PATH = "/douliu/messages/"
API = "/douliu/api/notify/v1/messages"
ROLES = ["clerk", "chief", "head"]


TWILIO = f"twilio://AC{'0' * 32}:secret@127.0.0.1:9?from=%2B886900000001&tls=off"


@pytest.fixture
def office(make: Make, sqlite_url: str) -> Runtime:
    """notify as an office has it: a real provider, so the outbox is for staff only."""
    return make(sqlite_url, LAMPPOST_SMS=TWILIO)


@pytest.fixture
def any_office(make: Make, url: str) -> Runtime:
    """The same on both kinds of store."""
    return make(url, LAMPPOST_SMS=TWILIO)


def html(client: FlaskClient, path: str = PATH) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


# ---- the laptop


def test_on_the_laptop_the_outbox_is_the_residents_telephone(laptop: Runtime, browse: Browser) -> None:
    tell(laptop, email=EMAIL)
    tell(laptop, "case_closed", sequence=3, survey=SURVEY)
    page = html(browse(laptop))
    assert "0912-345-678" in page
    assert EMAIL in page
    assert f'href="{LINK}"' in page
    assert f'href="{SURVEY}"' in page
    assert "不用登入" in page
    assert "csrf_token" not in page
    detail = html(browse(laptop), f"{PATH}{every(laptop)[0].id}")
    assert f'href="{LINK}"' in detail


@pytest.mark.parametrize(
    "more",
    [
        {"LAMPPOST_SMS": TWILIO},
        {"LAMPPOST_MAIL": "smtp://127.0.0.1:9?from=a@b.tw"},
        {"LAMPPOST_BUS": "amqp://guest:guest@127.0.0.1:9/"},
    ],
    ids=lambda more: next(iter(more)),
)
def test_everywhere_else_the_outbox_is_for_staff(
    make: Make, sqlite_url: str, browse: Browser, more: dict[str, str]
) -> None:
    runtime = make(sqlite_url, **more)
    tell(runtime)
    for path in (PATH, f"{PATH}{only(runtime).id}"):
        answer = browse(runtime).get(path)
        assert answer.status_code == 302
        assert "/douliu/desk/sign-in?next=" in answer.headers["Location"]
    assert browse(runtime).get(API).status_code == 401


def test_even_on_the_laptop_deciding_needs_staff(laptop: Runtime, browse: Browser) -> None:
    record(laptop, sms=[REFUSED])
    tell(laptop)
    sender(laptop).send()
    for action in (f"{only(laptop).id}/resume", f"{only(laptop).id}/give-up", "resume"):
        assert browse(laptop).post(f"{PATH}{action}").status_code in (400, 401)
    assert only(laptop).state == "parked"


# ---- an office


def test_clerks_see_enough_to_recognise_and_no_secret(office: Runtime, browse: Browser) -> None:
    tell(office, email=EMAIL)
    tell(office, "case_closed", sequence=3, survey=SURVEY)
    for path in (PATH, *(f"{PATH}{message.id}" for message in every(office))):
        page = html(browse(office, "douliu", "clerk"), path)
        assert "912345678" not in re.sub(r"\D", "", page)
        assert EMAIL not in page
        assert "7K4M2P" not in page
        assert "pZ3kQ9xV" not in page
    page = html(browse(office, "douliu", "clerk"))
    assert "0912-***-678" in page
    assert "wan***@example.tw" in page
    assert "路燈報修" in page
    assert 'href="/douliu/desk/cases/DL-115-004217-6"' in page


@pytest.mark.parametrize("role", ["chief", "head"])
def test_chief_and_head_see_the_number_but_no_code_of_a_resident(office: Runtime, browse: Browser, role: str) -> None:
    tell(office, survey=None)
    page = html(browse(office, "douliu", role))
    assert "0912-345-678" in page
    assert "7K4M2P" not in page
    assert "?•••" in page


def test_secrets_in_links_are_hidden_and_nothing_else() -> None:
    text = f"查進度？\n{LINK}\n請評分：{SURVEY}?x=1 https://lamp.example/douliu/"
    assert discreet(text) == (
        "查進度？\nhttp://127.0.0.1:8000/douliu/cases/DL-115-004217-6?•••\n"
        "請評分：http://127.0.0.1:8000/s/•••?••• https://lamp.example/douliu/"
    )


@pytest.mark.parametrize("path", [PATH, API])
def test_the_neighbours_staff_are_refused(office: Runtime, browse: Browser, path: str) -> None:
    tell(office)
    for one in (path, f"{path.rstrip('/')}/{only(office).id}"):
        answer = browse(office, "anping", *ROLES).get(one)
        assert answer.status_code == 403
        assert "DL-115" not in answer.get_data(as_text=True)


def test_a_message_is_not_found_under_another_office(any_office: Runtime, browse: Browser) -> None:
    tell(any_office)
    anping = browse(any_office, "anping", *ROLES)
    assert anping.get(f"/anping/messages/{only(any_office).id}").status_code == 404
    assert anping.get(f"/anping/api/notify/v1/messages/{only(any_office).id}").status_code == 404
    assert "DL-115" not in html(anping, "/anping/messages/")
    assert anping.get("/anping/api/notify/v1/messages").json["messages"] == []


def test_an_empty_outbox_says_what_will_be_there(office: Runtime, browse: Browser) -> None:
    assert "還沒有訊息" in html(browse(office, "douliu", "clerk"))


def test_filters_choose_and_say_when_they_find_nothing(any_office: Runtime, browse: Browser) -> None:
    client = browse(any_office, "douliu", "clerk")
    tell(any_office)
    tell(any_office, "case_returned", sequence=2, number="DL-115-000002-2", phone="05-532-2000", link="http://x/")
    assert "DL-115-000002-2" in html(client, f"{PATH}?state=suppressed")
    assert "DL-115-004217-6" not in html(client, f"{PATH}?state=suppressed")
    assert "DL-115-000002-2" not in html(client, f"{PATH}?purpose=case_opened")
    assert "DL-115-000002-2" in html(client, f"{PATH}?case=dl-115-000002-2")
    assert "DL-115-004217-6" in html(client, f"{PATH}?channel=sms&state=waiting&lang=en")
    assert "沒有這樣的訊息" in html(client, f"{PATH}?state=delivered&lang=zh-Hant")


@pytest.mark.parametrize(
    "query",
    [
        "state=lost", "purpose=x", "channel=fax", "case=%20;", "before=1", "after=x", "before=1-x", "who=me",
        "case=%00", "case=%ff", f"before={'9' * 30}-{'0' * 36}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", [PATH, API])
def test_a_wrong_question_is_answered_with_the_name_of_the_field(
    office: Runtime, browse: Browser, path: str, query: str
) -> None:
    answer = browse(office, "douliu", "clerk").get(f"{path}?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json["errors"][0]["pointer"] == f"#/{query.partition('=')[0]}"


def test_reasons_are_shown_in_the_readers_language(office: Runtime, browse: Browser) -> None:
    tell(office, phone="05-532-2000")
    client = browse(office, "douliu", "clerk")
    assert "不是手機號碼，不能收簡訊" in html(client)
    assert "Not a mobile number" in html(client, f"{PATH}?lang=en")


def test_the_figures_count_what_went_and_what_did_not(any_office: Runtime, browse: Browser) -> None:
    record(any_office, sms=[REFUSED, Rejected("21614", "…", "permanent")])
    for number in range(5):
        tell(any_office, number=f"DL-115-00000{number}-1")
    tell(any_office, phone=None, email=EMAIL, number="DL-115-000009-1")
    sender(any_office).send()
    tell(any_office, tenant="anping", number="AP-115-000001-1")
    sender(any_office).send()
    with any_office.store.session("douliu") as session:
        sums = listing.figures(session, clock.now())
    assert (sums.sms_today, sums.email_today, sums.waiting) == (3, 0, 1)
    assert (sums.parked, sums.failed, sums.segments) == (1, 1, 6)
    with any_office.store.session("douliu") as session:
        long_after = listing.figures(session, clock.now() + timedelta(days=40))
    assert (long_after.sms_today, long_after.segments, long_after.failed, long_after.parked) == (0, 0, 0, 1)
    assert "每日額度 2,000 則" in html(browse(any_office, "douliu", "clerk"))


# ---- deciding


@pytest.fixture
def parked(any_office: Runtime) -> Runtime:
    record(any_office, sms=[REFUSED])
    tell(any_office)
    sender(any_office).send()
    assert only(any_office).state == "parked"
    return any_office


@pytest.mark.parametrize(("action", "state"), [("resume", "waiting"), ("give-up", "failed")])
def test_chief_and_head_decide_with_one_button(parked: Runtime, browse: Browser, action: str, state: str) -> None:
    client = browse(parked, "douliu", "chief")
    path = f"{PATH}{only(parked).id}"
    answer = client.post(f"{path}/{action}", data={"csrf_token": token(html(client, path))})
    assert answer.status_code == 303
    assert only(parked).state == state
    after = html(client, path)
    assert "林怡君" in after
    again = client.post(f"{path}/{action}", data={"csrf_token": token(html(client, path))})
    assert again.status_code == 409


def test_all_that_is_parked_can_be_sent_again(parked: Runtime, browse: Browser) -> None:
    client = browse(parked, "douliu", "head")
    assert client.post(f"{PATH}resume", data={"csrf_token": token(html(client))}).status_code == 303
    assert only(parked).state == "waiting"
    assert "1 則訊息會再送一次" in html(client)


@pytest.mark.parametrize("action", ["resume", "give-up", "all"])
@pytest.mark.parametrize(
    ("who", "data", "status"),
    [
        (("douliu", "clerk"), {}, 403),
        (("anping", "chief"), {}, 403),
        (("douliu", "chief"), {"csrf_token": "forged"}, 400),
        (("douliu", "chief"), {"csrf_token": None}, 400),
        (("douliu", "chief"), {"note": "x"}, 422),
    ],
)
def test_nobody_else_decides_and_nothing_changes(
    parked: Runtime, browse: Browser, action: str, who: tuple[str, ...], data: dict[str, Any], status: int
) -> None:
    client = browse(parked, *who)
    sent = {"csrf_token": token(html(client, f"/{who[0]}/messages/"))} | data
    path = f"{PATH}resume" if action == "all" else f"{PATH}{only(parked).id}/{action}"
    answer = client.post(path, data={name: value for name, value in sent.items() if value is not None})
    assert answer.status_code == status
    assert only(parked).state == "parked"


@pytest.mark.parametrize("unknown", ["6f9d0a52-0000-4000-8000-000000000000", "x", "1"])
def test_a_message_that_does_not_exist_is_not_found(parked: Runtime, browse: Browser, unknown: str) -> None:
    client = browse(parked, "douliu", "chief")
    crumb = {"csrf_token": token(html(client))}
    assert client.get(f"{PATH}{unknown}").status_code == 404
    assert client.post(f"{PATH}{unknown}/resume", data=crumb).status_code == 404
    assert client.get(f"{API}/{unknown}").status_code == 404


# ---- the API and the pages of the list


def test_the_api_tells_a_message_with_its_story(parked: Runtime, browse: Browser) -> None:
    found = browse(parked, "douliu", "clerk").get(API).json["messages"]
    assert [(one["state"], one["code"], one["to"]) for one in found] == [("parked", "20003", "0912-***-678")]
    whole = browse(parked, "douliu", "chief").get(f"{API}/{found[0]['id']}").json
    assert whole["to"] == "0912-345-678"
    assert [(one["n"], one["state"], one["code"]) for one in whole["history"]] == [(1, "rejected", "20003")]
    assert "nonce" not in str(whole)
    assert (whole["receipts"], whole["decisions"]) == ([], [])


def test_the_api_is_documented(office: Runtime, browse: Browser) -> None:
    document = browse(office).get("/notify/openapi.json").json
    paths = document["paths"]
    assert set(paths) == {"/{tenant}/api/notify/v1/messages", "/{tenant}/api/notify/v1/messages/{message_id}"}
    names = {one["name"] for one in paths["/{tenant}/api/notify/v1/messages"]["get"]["parameters"]}
    assert names == {"tenant", "state", "purpose", "channel", "case", "before", "after", "limit"}


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(0, 12), limit=st.integers(1, 5), same=st.booleans())
def test_walking_the_pages_meets_every_message_once(laptop: Runtime, count: int, limit: int, same: bool) -> None:
    from sqlalchemy import delete

    with laptop.store.everywhere() as session:
        session.execute(delete(Message))
    for number in range(count):
        tell(laptop, number=f"DL-115-{number:06}-1")
    if same:
        with laptop.store.everywhere() as session:
            session.execute(update(Message).values(created_at=clock.now()))
    forward, back = _walk(laptop, limit, "older", "before"), _walk(laptop, limit, "newer", "after")
    assert [one.id for page in forward for one in page] == [one.id for page in reversed(back) for one in page]
    assert len({one.id for page in forward for one in page}) == count
    assert all(len(page) == limit for page in forward[:-1])


def _walk(runtime: Runtime, limit: int, link: str, argument: str) -> list[list[Message]]:
    pages, cursor = [], None
    if link == "newer":
        with runtime.store.session("douliu") as session:
            while True:  # to the oldest page first
                page = listing.page(session, Wanted(), limit, before=cursor)
                if page.older is None:
                    break
                cursor = page.older
        pages.append(list(page.messages))
        cursor = page.newer
        if cursor is None:
            return pages
    with runtime.store.session("douliu") as session:
        while True:
            page = listing.page(session, Wanted(), limit, **({argument: cursor} if cursor else {}))
            pages.append(list(page.messages))
            cursor = getattr(page, link)
            if cursor is None:
                return pages


def test_a_long_outbox_has_a_next_and_a_previous_page(any_office: Runtime, browse: Browser) -> None:
    for number in range(27):
        tell(any_office, number=f"DL-115-{number:06}-1")
    client = browse(any_office, "douliu", "clerk")
    first = html(client, f"{PATH}?channel=sms")
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = html(client, following[1].replace("&amp;", "&"))
    assert second.count('class="phone"') == 2
    assert "channel=sms" in following[1]
    back = re.search(r'rel="prev" href="([^"]+)"', second)
    assert back is not None
    assert html(client, back[1].replace("&amp;", "&")).count('class="phone"') == 25


def test_every_text_has_its_english() -> None:
    assert untranslated("services.notify.web") == []


def test_health_asks_both_providers(laptop: Runtime, office: Runtime) -> None:
    assert manifest.web(laptop).test_client().get("/notify/health/ready").json["checked"] == [
        "bus",
        "mail",
        "sms",
        "store",
    ]
    down = manifest.web(office).test_client().get("/notify/health/ready")
    assert (down.status_code, list(down.json["missing"])) == (503, ["sms"])
