"""Everything that can be wrong with a request is found, named, and all of it at once."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.tenants import Tenants
from services.intake.request import Applicant, Invalid, NewCase, checked, telephone
from tests.intake.conftest import wanted


def faults_of(offices: Tenants, request: NewCase) -> list[tuple[str, str]]:
    try:
        checked(offices["douliu"], request)
    except Invalid as error:
        return error.faults
    return []


def test_good_request_has_no_fault(offices: Tenants) -> None:
    assert faults_of(offices, wanted()) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"service_code": "moonlight"}, ("service_code", "service")),
        ({"channel": "pigeon"}, ("channel", "channel")),
        ({"description": "字" * 8_001}, ("description", "too_long")),
        ({"description": "a\x00b"}, ("description", "characters")),
        ({"description": "a\ud800b"}, ("description", "characters")),
        ({"address": "x" * 1_001}, ("address", "too_long")),
        ({"asset_number": "01234; DROP"}, ("asset_number", "asset_number")),
        ({"asset_number": "１２３４５"}, ("asset_number", "asset_number")),
        ({"asset_kind": "park"}, ("asset_kind", "asset")),
        ({"asset_kind": None}, ("asset_number", "missing")),
        ({"lon": 120.5}, ("lat", "pair")),
        ({"lat": 23.7}, ("lon", "pair")),
        ({"lon": 2.35, "lat": 48.85}, ("lon", "coordinate")),
        ({"lon": float("nan"), "lat": 23.7}, ("lon", "coordinate")),
        ({"asset_kind": None, "asset_number": None}, ("address", "place")),
        ({"service_code": "mayor_mailbox", "asset_kind": None, "asset_number": None, "description": " "},
         ("description", "missing")),
        ({"applicant": Applicant(name="名" * 61)}, ("name", "too_long")),
        ({"applicant": Applicant(phone="0912000101")}, ("phone", "phone")),
        ({"applicant": Applicant(email="nobody@nowhere")}, ("email", "email")),
        ({"applicant": Applicant(email="a@b.tw, c@d.tw")}, ("email", "email")),
        ({"applicant": Applicant(language="fr")}, ("language", "language")),
        ({"media_url": "javascript:alert(1)"}, ("media_url", "url")),
    ],
)  # fmt: skip
def test_fault_is_named(offices: Tenants, changes: dict[str, object], fault: tuple[str, str]) -> None:
    assert fault in faults_of(offices, wanted(**changes))


def test_all_faults_come_at_once(offices: Tenants) -> None:
    found = faults_of(offices, wanted(channel="x", lon=1.0, lat=1.0, applicant=Applicant(phone="1")))
    assert {field for field, _ in found} == {"channel", "lon", "lat", "phone"}


def test_texts_are_stripped_and_blanks_are_nothing(offices: Tenants) -> None:
    request = checked(offices["douliu"], wanted(description="  不亮 \n", address="   "))
    assert (request.description, request.address) == ("不亮", None)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("0912-345-678", "+886912345678"),
        ("０９１２３４５６７８", "+886912345678"),
        ("+886 912 345 678", "+886912345678"),
        ("(05) 532-2000", "+88655322000"),
        ("+81 90-1234-5678", "+819012345678"),
    ],
)
def test_telephones_are_read_as_people_write_them(written: str, stored: str) -> None:
    assert telephone(written) == stored


@pytest.mark.parametrize("written", ["", "0912", "110", "abc", "0912345678 ext. 5", "9" * 100, "09123456789"])
def test_what_is_no_telephone_is_refused(written: str) -> None:
    with pytest.raises(Invalid) as caught:
        telephone(written)
    assert caught.value.faults == [("phone", "phone")]


@given(st.text(max_size=60))
def test_telephone_never_breaks(text: str) -> None:
    with suppress(Invalid):
        assert telephone(text).startswith("+")
