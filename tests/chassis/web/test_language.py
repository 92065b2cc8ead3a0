import pytest
from flask import Flask
from flask.testing import FlaskClient

from chassis.runtime import Runtime
from chassis.web.catalogs import texts, untranslated
from tests.chassis.web.tiny import doors


def language_of(client: FlaskClient, path: str = "/douliu/notes/", **headers: str) -> str:
    page = client.get(path, headers=headers).get_data(as_text=True)
    return page.partition('lang="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh-Hant"),
        ("*", "zh-Hant"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-CN", "zh-Hant"),
        ("fr,en;q=0.5", "en"),
        ("fr", "zh-Hant"),
        (";;;q=x,,", "zh-Hant"),
    ],
)
def test_the_browser_says_which_language(browser: FlaskClient, accepted: str, language: str) -> None:
    assert language_of(browser, **{"Accept-Language": accepted}) == language


def test_asking_for_a_language_is_remembered(browser: FlaskClient) -> None:
    assert language_of(browser, "/douliu/notes/?lang=en") == "en"
    assert language_of(browser) == "en"
    assert language_of(browser, "/douliu/notes/?lang=zh-Hant") == "zh-Hant"
    assert language_of(browser, **{"Accept-Language": "en"}) == "zh-Hant"


@pytest.mark.parametrize("asked", ["fr", "", "en%00", "zh", "EN"])
def test_a_language_that_is_not_offered_is_passed_over(browser: FlaskClient, asked: str) -> None:
    assert language_of(browser, f"/douliu/notes/?lang={asked}") in ("zh-Hant", "")
    assert browser.get_cookie("lamppost_language") is None


def test_an_office_that_speaks_one_language_is_left_in_it(runtime: Runtime) -> None:
    office = runtime.tenants["douliu"].model_copy(update={"languages": ("zh-Hant",)})
    runtime.tenants._by_code["douliu"] = office
    client = doors.app(runtime).test_client()
    assert language_of(client, "/douliu/notes/?lang=en", **{"Accept-Language": "en"}) == "zh-Hant"


def test_the_same_page_in_the_other_language_keeps_its_query(browser: FlaskClient) -> None:
    page = browser.get("/douliu/notes/?q=%E7%87%88&page=2").get_data(as_text=True)
    assert 'href="/douliu/notes/?q=%E7%87%88&amp;page=2&amp;lang=en"' in page


def test_texts_are_translated(browser: FlaskClient) -> None:
    assert "<h1>筆記</h1>" in browser.get("/douliu/notes/").get_data(as_text=True)
    english = browser.get("/douliu/notes/?lang=en").get_data(as_text=True)
    assert "<h1>Notes</h1>" in english
    assert "Skip to main content" in english


@pytest.mark.parametrize("package", ["chassis.web", "tests.chassis.web.tiny"])
def test_every_text_has_its_english(package: str) -> None:
    assert len(texts(package)) > 3
    assert untranslated(package) == []


def test_apis_keep_lang_for_themselves(browser: FlaskClient, app: Flask) -> None:
    assert browser.get("/douliu/api/tiny/v1/notes?lang=en").status_code == 400
