"""Demo staff and cases fit the offices, the catalogue, the lamps, and the life of a case."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from chassis.tenants import Tenants
from services.gis import demo
from services.intake.lifecycle import TRANSITIONS, Action, State
from services.intake.request import Applicant, NewCase, checked, telephone

INTAKE = Path(__file__).resolve().parents[2] / "services" / "intake"
CASES: dict[str, list[dict[str, Any]]] = tomllib.loads((INTAKE / "demo_cases.toml").read_text(encoding="utf-8"))
STAFF: list[dict[str, Any]] = tomllib.loads((INTAKE / "demo_staff.toml").read_text(encoding="utf-8"))["staff"]
ACTIONS = {
    "taken": Action.TAKE,
    "returned": Action.RETURN,
    "supplemented": Action.SUPPLEMENT,
    "closed": Action.CLOSE,
}
SAYS = {"taken": "by", "returned": "reason", "supplemented": "text", "closed": "reply", "answered": "reason"}

every_office = pytest.mark.parametrize("office", CASES)


def roles_of(office: str) -> dict[str, list[str]]:
    return {member["username"]: member["roles"] for member in STAFF if member["tenant"] == office}


@every_office
def test_about_two_dozen_cases_of_every_kind(office: str, offices: Tenants) -> None:
    kinds = Counter(offices[office].service(case["service"]).kind for case in CASES[office])
    assert 20 <= len(CASES[office]) <= 30
    assert {"repair", "application", "petition"} <= kinds.keys()
    assert len({case["description"] for case in CASES[office]}) == len(CASES[office])


@every_office
def test_intake_would_accept_every_case(office: str, offices: Tenants) -> None:
    for case in CASES[office]:
        number = case.get("pole") or case.get("park")
        request = NewCase(
            service_code=case["service"],
            channel=case["channel"],
            description=case["description"],
            address=case.get("address"),
            asset_kind=offices[office].service(case["service"]).asset if number else None,
            asset_number=number,
            applicant=Applicant(name=case["name"], phone=telephone(case["mobile"])),
        )
        assert checked(offices[office], request) == request


@every_office
def test_the_lamps_and_parks_of_the_cases_exist(office: str) -> None:
    lamps = {lamp["number"] for lamp in demo.lamps(office)}
    parks = {park["number"] for park in demo.parks(office)}
    poles = [case["pole"] for case in CASES[office] if "pole" in case]
    assert poles
    assert set(poles) <= lamps
    assert len(set(poles)) == len(poles)
    assert {case["park"] for case in CASES[office] if "park" in case} <= parks


@every_office
def test_what_happened_follows_the_life_of_a_case(office: str) -> None:
    for case in CASES[office]:
        state = State.RECEIVED
        for step in case["steps"]:
            if step["did"] == "answered":
                assert state is State.CLOSED, case["description"]
            else:
                state = TRANSITIONS[state][ACTIONS[step["did"]]]


@every_office
def test_steps_say_who_or_what_and_come_in_order(office: str) -> None:
    for case in CASES[office]:
        days = [step["after"] for step in case["steps"]]
        assert days == sorted(days), case["description"]
        assert all(0 <= day <= case["opened"] for day in days), case["description"]
        for step in case["steps"]:
            assert step[SAYS[step["did"]]] or step["did"] == "answered"
            assert 1 <= step.get("satisfaction", 1) <= 5


@every_office
def test_cases_are_taken_by_staff_who_may(office: str) -> None:
    roles = roles_of(office)
    takers = {step["by"] for case in CASES[office] for step in case["steps"] if step["did"] == "taken"}
    assert takers
    assert all({"clerk", "chief"} & set(roles[username]) for username in takers)


@every_office
def test_some_case_is_overdue_some_wait_and_some_are_dissatisfied(office: str, offices: Tenants) -> None:
    last: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (case, case["steps"][-1]) for case in CASES[office] if case["steps"]
    ]
    days = {service.code: service.days for service in offices[office].services}
    assert any(step["did"] == "taken" and case["opened"] > days[case["service"]] for case, step in last)
    assert any(step["did"] == "returned" for _, step in last)
    assert any(step.get("satisfaction", 5) <= 2 and step["reason"] for _, step in last)


def test_mobile_numbers_are_of_the_fictitious_pattern_and_never_shared() -> None:
    mobiles = [case["mobile"] for cases in CASES.values() for case in cases]
    assert all(re.fullmatch(r"09\d\d-000-\d{3}", mobile) for mobile in mobiles)
    assert len(set(mobiles)) == len(mobiles)


def test_usernames_are_unique_over_all_offices() -> None:
    usernames = Counter(member["username"] for member in STAFF)
    assert usernames.most_common(1)[0][1] == 1


def test_every_office_has_its_clerks_a_chief_and_a_head(offices: Tenants) -> None:
    assert CASES.keys() == offices.keys()
    for office in offices:
        found = Counter(role for roles in roles_of(office).values() for role in roles)
        assert found["clerk"] >= 3
        assert (found["chief"], found["head"]) == (1, 1)
        sections = {member["section"] for member in STAFF if member["tenant"] == office}
        assert {"works", "social"} <= sections <= {section.code for section in offices[office].sections}


def test_city_it_belongs_to_no_office() -> None:
    (it,) = [member for member in STAFF if member["tenant"] == "*"]
    assert it["roles"] == ["city_it"]
    assert "section" not in it


def test_deputies_are_colleagues() -> None:
    for member in STAFF:
        if member["tenant"] != "*":
            assert member["deputy"] in roles_of(member["tenant"])
            assert member["deputy"] != member["username"]
