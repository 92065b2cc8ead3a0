from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from chassis.clock import TAIPEI, now
from chassis.web import formats

YEAR = now().astimezone(TAIPEI).year


def test_a_moment_is_written_as_in_taipei() -> None:
    value = datetime(2015, 4, 3, 17, 5, tzinfo=UTC)
    assert formats.moment(value, "zh-Hant") == "2015 年 4 月 4 日（六）01:05".replace(" ", formats.HARD_SPACE)
    assert formats.moment(value, "en") == "4 April 2015, 01:05"
    assert formats.clock(value) == "01:05"


def test_this_year_needs_no_year() -> None:
    value = date(YEAR, 11, 24)
    weekday = "一二三四五六日"[value.weekday()]
    assert formats.day(value, "zh-Hant") == f"11 月 24 日（{weekday}）".replace(" ", formats.HARD_SPACE)
    assert formats.day(value, "en") == "24 November"


def test_when_gives_the_machine_its_own_words(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        value = datetime(2015, 4, 3, 1, 5, 30, 99, tzinfo=UTC)
        assert formats.when(value) == {"iso": "2015-04-03T09:05:30+08:00", "text": "3 April 2015, 09:05"}
        assert formats.when(date(2015, 4, 3)) == {"iso": "2015-04-03", "text": "3 April 2015"}


def test_money_is_written_in_both_languages(app: Flask) -> None:
    with app.test_request_context("/?lang=zh-Hant"):
        assert formats.twd(120000) == "120,000 元"
    with app.test_request_context("/?lang=en"):
        assert formats.twd(120000) == "NT$ 120,000"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+88655322000", "05-532-2000"),
        ("+886223456789", "02-2345-6789"),
        ("+88662991111", "06-299-1111"),
        ("+886912345678", "0912-345-678"),
        ("+88637123456", "037-12-3456"),
        ("+886492345678", "049-234-5678"),
        ("+88683625171", "0836-2-5171"),
        ("+81312345678", "+81312345678"),
    ],
)
def test_telephone_numbers_are_written_as_people_do(number: str, written: str) -> None:
    assert formats.telephone(number) == written


def test_midnight_in_taipei_is_the_next_day() -> None:
    value = datetime(2015, 4, 3, 16, 0, tzinfo=UTC)
    assert formats.day(value, "en") == "4 April 2015"
    assert formats.day(value - timedelta(seconds=1), "en") == "3 April 2015"
