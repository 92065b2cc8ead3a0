"""Who can be written to, and how little of it is shown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.addresses import fingerprint, mailbox, masked, mobile, spoken


@pytest.mark.parametrize(
    "typed", ["0912345678", "+886912345678", "0912-345-678", " 886 912 345 678", "+886 (0)912345678"]
)
def test_a_taiwanese_mobile_number_has_one_form(typed: str) -> None:
    assert mobile(typed) == "+886912345678"


@pytest.mark.parametrize("typed", ["+886991234567", "+886900000001", "+886961234567"])
def test_every_mobile_range_counts(typed: str) -> None:
    assert mobile(typed) == typed


@pytest.mark.parametrize(
    "typed", ["", "05-532-2000", "+88655322000", "0800000000", "+819012345678", "091234567", "09123456789", "電話", "+"]
)
def test_what_takes_no_sms_is_no_mobile_number(typed: str) -> None:
    assert mobile(typed) is None


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_is_not(typed: str) -> None:
    found = mobile(typed)
    assert found is None or re.fullmatch(r"\+8869\d{8}", found)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (" a@b.tw ", "a@b.tw"),
        ("王@例子.台灣", "王@例子.台灣"),
        ("a@b@c.tw", None),
        ("a b@c.tw", None),
        ("a@b.tw\r\nBcc: x@y.z", None),
        ("<a@b.tw>", None),
        ("nobody", None),
        ("", None),
    ],
)
def test_an_address_is_one_address(typed: str, found: str | None) -> None:
    assert mailbox(typed) == found


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("+886912345678", "0912-***-678"),
        ("0912345678", "0912-***-678"),
        ("+88655322000", "0553-***-000"),
        ("12", "***"),
        ("lin.works@douliu.example", "lin***@douliu.example"),
        ("li@douliu.example", "l***@douliu.example"),
    ],
)
def test_a_masked_address_can_be_recognised_and_not_used(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_a_fingerprint_is_of_one_recipient_of_one_office_by_one_channel() -> None:
    pepper, to = b"p" * 32, "A@b.tw"
    one = fingerprint(pepper, "douliu", "email", to)
    others = [(pepper, "anping", "email"), (pepper, "douliu", "sms"), (b"q" * 32, "douliu", "email")]
    assert one == fingerprint(pepper, "douliu", "email", "a@B.tw")
    assert len({one, *(fingerprint(*other, to) for other in others)}) == 4
    assert re.fullmatch("[0-9a-f]{64}", one)


def test_an_offices_number_is_written_as_people_write_it() -> None:
    assert spoken("+88655322000") == "05-532-2000"
    assert spoken("分機") == "分機"
