"""What residents read: everything they need, in their language, within a few segments, the same every time."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import tenants
from services.notify import texts
from services.notify.inbox import Case, Names
from services.notify.segments import segments
from services.notify.texts import LONGEST, Matter, Reader
from tests.servers import ROOT

OFFICE = tenants.load(ROOT / "deploy" / "tenants")["douliu"]
AT = datetime(2026, 11, 18, 1, 12, tzinfo=UTC)
LINK = "https://lamp.douliu.gov.example/douliu/cases/DL-115-004217-6?code=7K4M2P"
SURVEY = "https://lamp.douliu.gov.example/s/pZ3kQ9xVt5"
LANGUAGES = ["zh-Hant", "en"]

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=700)


def matter(language: str = "zh-Hant", name: str = "王小明", **more: object) -> Matter:
    case = {
        "number": "DL-115-004217-6",
        "service": Names(zh="路燈報修", en="Streetlight repair"),
        "asset_number": "01234",
        "deadline": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    }
    return Matter(OFFICE, Case.model_validate(case | more), Reader(name, language, LINK), AT)


def test_the_receipt_says_office_number_deadline_and_where_to_look() -> None:
    told = texts.opened(matter())
    assert told.sms == (
        "【斗六市公所】已收到您的「路燈報修」（01234），案號 DL-115-004217-6，預計 11月24日（二）前完成。查進度：\n"
        + LINK
    )
    assert told.subject == "【斗六市公所】已收到您的「路燈報修」 DL-115-004217-6"
    assert told.mail.startswith("王小明 您好：\n\n")
    for part in ("DL-115-004217-6", "01234", "11月24日（二） 17:30", LINK, "05-532-2000", "斗六市公所"):
        assert part in told.mail


def test_the_receipt_in_english() -> None:
    told = texts.opened(matter("en"))
    assert told.sms == (
        'Douliu City Office: We have your request "Streetlight repair" (01234), case DL-115-004217-6, '
        f"to be done by Tue 24 Nov. Follow it:\n{LINK}"
    )
    assert told.mail.startswith("Dear 王小明,\n\n")
    assert "Tue 24 Nov, 17:30" in told.mail


def test_what_a_case_lacks_is_left_out() -> None:
    told = texts.opened(matter(asset_number=None, deadline=None))
    assert told.sms == f"【斗六市公所】已收到您的「路燈報修」，案號 DL-115-004217-6。查進度：\n{LINK}"
    assert "設施編號" not in told.mail
    assert "預計完成" not in told.mail


@pytest.mark.parametrize(("language", "day"), [("zh-Hant", "2027年1月4日（一）"), ("en", "Mon 4 Jan 2027")])
def test_a_deadline_of_next_year_says_so(language: str, day: str) -> None:
    assert day in texts.opened(matter(language, deadline=datetime(2027, 1, 4, 9, 30, tzinfo=UTC))).sms


def test_the_day_is_the_one_in_taipei() -> None:
    late = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # half past midnight on the 25th in Taipei
    assert "11月25日（三）" in texts.opened(matter(deadline=late)).sms


def test_everything_that_is_missing_is_said_at_once() -> None:
    told = texts.returned(matter(), ["請補一張現場照片。", "身分證影本", "委託書"])
    assert told.sms == (
        "【斗六市公所】您的「路燈報修」（案號 DL-115-004217-6）請補：請補一張現場照片；身分證影本；委託書。"
        f"補件前辦理期限暫停。由此補件：\n{LINK}"
    )
    assert "1. 請補一張現場照片。\n2. 身分證影本\n3. 委託書" in told.mail
    assert "暫停計算" in told.mail


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_list_names_what_fits_and_counts_the_rest(language: str) -> None:
    told = texts.returned(matter(language), [f"第 {number} 種證明文件的正本與影本各一份" for number in range(1, 21)])
    assert segments(told.sms) <= LONGEST
    assert "第 1 種" in told.sms
    assert "20" in told.sms.replace("第 20 種", "")
    assert told.sms.endswith(f"\n{LINK}")
    assert "20. 第 20 種" in told.mail


def test_the_reply_and_the_survey_end_a_case() -> None:
    told = texts.closed(matter(), "已更換燈具，\n恢復照明。", SURVEY)
    assert told.sms == (
        "【斗六市公所】您的「路燈報修」（案號 DL-115-004217-6）已結案：已更換燈具， 恢復照明。\n請花一分鐘評分：\n"
        + SURVEY
    )
    assert "已更換燈具，\n恢復照明。" in told.mail
    assert LINK in told.mail
    assert SURVEY in told.mail


def test_without_a_survey_the_case_is_linked() -> None:
    told = texts.closed(matter("en"), "The lamp was replaced.", None)
    assert told.sms.endswith(f"is closed: The lamp was replaced.\nSee all:\n{LINK}")
    assert "How did we do" not in told.sms + told.mail


def test_a_long_reply_is_shortened_and_the_whole_of_it_linked() -> None:
    told = texts.closed(matter(), "已更換燈具。" * 80, SURVEY)
    assert segments(told.sms) == LONGEST
    assert "…\n看全部：\n" + LINK in told.sms
    assert told.sms.endswith(SURVEY)
    assert "已更換燈具。" * 80 in told.mail


def test_english_stays_in_the_small_alphabet_when_shortened() -> None:
    told = texts.closed(matter("en"), "The crew replaced the lamp and its ballast. " * 40, SURVEY)
    assert segments(told.sms) <= LONGEST
    assert len(told.sms) > 400
    assert told.sms.isascii()


@pytest.mark.parametrize("language", LANGUAGES)
@given(reply=words)
def test_whatever_a_clerk_writes_costs_a_few_segments_and_keeps_the_links(language: str, reply: str) -> None:
    told = texts.closed(matter(language), reply, SURVEY)
    assert segments(told.sms) <= LONGEST
    assert "DL-115-004217-6" in told.sms
    assert told.sms.endswith(f"\n{SURVEY}")
    assert LINK in told.mail
    assert not any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in told.sms + told.mail)


@pytest.mark.parametrize("language", LANGUAGES)
@given(missing=st.lists(words, min_size=1, max_size=12))
def test_whatever_is_missing_costs_a_few_segments_and_keeps_the_link(language: str, missing: list[str]) -> None:
    told = texts.returned(matter(language), missing)
    assert segments(told.sms) <= LONGEST
    assert told.sms.endswith(f"\n{LINK}")
    assert told == texts.returned(matter(language), missing)


@given(name=words)
def test_no_name_can_add_a_line_to_a_subject_or_a_greeting(name: str) -> None:
    told = texts.opened(matter(name=name, service=Names(zh=name or "燈", en="x")))
    assert "\n" not in told.subject
    assert len(told.subject) <= 200
    assert told.mail.split("\n\n")[0].count("\n") == 0


@given(text=words, longest=st.integers(1, 4))
def test_fitting_takes_the_longest_beginning_that_fits(text: str, longest: int) -> None:
    found = texts.fitted(text, "…", lambda part: f"燈{part}路", longest)
    assert segments(found) <= longest
    kept = found.removeprefix("燈").removesuffix("路").removesuffix("…")
    assert text.startswith(kept)


def test_braces_are_words_like_any_other() -> None:
    assert "{office} {0}" in texts.closed(matter(name="{name}"), "{office} {0}", None).sms
