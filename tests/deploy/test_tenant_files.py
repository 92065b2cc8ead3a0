"""The five offices' files: right by the tenant model, complete in both languages, true to the seed rows."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import phonenumbers
import pytest

from chassis import tenants
from chassis.tenants import Tenant

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "tenants"
OFFICES = {"anping": "AP", "douliu": "DL", "shanlin": "SL", "yangmei": "YM", "yanshui": "YS"}
CATEGORIES_OF_1999 = [
    *("違規停車", "噪音舉發", "交通運輸", "路燈故障", "道路維修"),
    *("髒亂及污染", "髒亂及汙染", "動物救援", "民生管線", "騎樓舉發"),
]
RAW = {code: tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8")) for code in OFFICES}

every_office = pytest.mark.parametrize("code", OFFICES)


def office(code: str) -> Tenant:
    return Tenant.model_validate(RAW[code])


def texts(node: object, at: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every table with a `zh` or an `en`, and where it is."""
    if isinstance(node, dict):
        if {"zh", "en"} & node.keys():
            yield at, node
        for key, child in node.items():
            yield from texts(child, f"{at}/{key}")
    elif isinstance(node, list):
        for i, child in enumerate(node):
            yield from texts(child, f"{at}/{i}")


def test_the_five_offices_and_no_other() -> None:
    assert {file.stem for file in FOLDER.glob("*.toml")} == set(OFFICES)


@every_office
def test_check_finds_nothing_wrong(code: str) -> None:
    assert tenants.check(FOLDER / f"{code}.toml") == []


def test_codes_and_prefixes_are_unique() -> None:
    assert {code: RAW[code]["prefix"] for code in OFFICES} == OFFICES


@every_office
def test_every_text_is_there_in_chinese_and_english(code: str) -> None:
    found = list(texts(RAW[code]))
    assert len(found) > 100
    for at, words in found:
        assert words.keys() == {"zh", "en"}, at
        assert any("\u4e00" <= character <= "\u9fff" for character in words["zh"]), at
        assert words["en"].strip(), at
        assert not any("\u4e00" <= character <= "\u9fff" for character in words["en"]), at


@every_office
def test_sections_of_services_exist_and_each_section_has_a_telephone(code: str) -> None:
    sections = {section["code"] for section in RAW[code]["sections"]}
    assert {service["section"] for service in RAW[code]["services"]} <= sections
    for section in RAW[code]["sections"]:
        assert phonenumbers.is_valid_number(phonenumbers.parse(section["telephone"])), section["code"]
        assert section["extension"].isdigit(), section["code"]


@every_office
def test_catalogue_has_ten_to_thirty_services_and_eight_tiles(code: str) -> None:
    services = RAW[code]["services"]
    assert 10 <= len(services) <= 30
    assert len({service["code"] for service in services}) == len(services)
    assert sum(service["featured"] for service in services) == 8


@every_office
def test_every_service_says_how_and_is_found_by_a_keyword(code: str) -> None:
    for service in RAW[code]["services"]:
        assert service["steps"], service["code"]
        assert service["keywords"], service["code"]


@every_office
def test_streetlight_repair_asks_for_the_lamp_and_takes_three_days(code: str) -> None:
    light = office(code).service("streetlight")
    assert (light.kind, light.asset, light.days, light.featured, light.online) == ("repair", "lamp", 3, True, True)


@every_office
def test_each_category_of_the_1999_hotline_leads_to_one_service(code: str) -> None:
    for category in CATEGORIES_OF_1999:
        named = [service.code for service in office(code).services if category in service.keywords]
        assert len(named) == 1, (category, named)


@every_office
def test_hotline_cases_have_a_service_of_their_own(code: str) -> None:
    assert office(code).service("petition_1999").kind == "petition"


def test_tainan_offices_name_their_area_as_the_hotline_writes_it() -> None:
    assert RAW["anping"]["areas"] == ["安平區"]
    assert RAW["yanshui"]["areas"] == ["鹽水區"]


@every_office
def test_notices_and_standard_texts(code: str) -> None:
    kinds = [template["kind"] for template in RAW[code]["templates"]]
    assert 3 <= len(RAW[code]["notices"]) <= 5
    assert 6 <= len(kinds) <= 10
    assert set(kinds) == {"return", "close"}
    codes = [template["code"] for template in RAW[code]["templates"]]
    assert len(set(codes)) == len(codes)


@every_office
def test_mail_is_only_ever_sent_from_example_domains(code: str) -> None:
    found = json.dumps(RAW[code]).split('"')
    addresses = [text for text in found if "@" in text]
    assert addresses
    assert all(address.endswith(f"@{code}.example.tw") for address in addresses)


def test_douliu_offers_what_its_report_counts() -> None:
    codes = {service.code for service in office("douliu").services}
    named = "streetlight pothole bulky_waste abandoned_vehicle stray_dog filthy_spot hall meeting_room park_adoption"
    assert set(named.split()) <= codes
    assert {"mayor_mailbox", "accident_insurance", "park_liability", "tree_burial", "mourning_cleanup"} <= codes


def test_yangmei_has_its_five_online_appointments() -> None:
    appointments = {"festival_bonus", "childcare_allowance", "double_ninth", "farmland_certificate", "nhi_after_hours"}
    assert {office("yangmei").service(code).kind for code in appointments} == {"booking"}


def test_yanshui_issues_its_four_certificates_online() -> None:
    of_benefits = {"low_income_certificate", "mid_low_income_certificate"}
    for code in {"service_certificate", "mediation_failed_certificate"} | of_benefits:
        assert office("yanshui").service(code).online
