"""Open311 GeoReport v2 in JSON and XML: the happy way, every error with its field, and whose data is whose."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from chassis import clock
from chassis.bus import AskFailed
from chassis.runtime import Runtime
from services.intake import apikeys, cases
from services.intake.act import Act
from services.intake.model import Base, Case
from services.intake.web import create_app
from tests.intake.conftest import CLERK
from tests.intake.conftest import build as build_runtime

Post = Callable[..., TestResponse]
FORM = {
    "service_code": "streetlight",
    "lat": "23.7093",
    "long": "120.5412",
    "address_string": "慶生路 128 號前",
    "description": "入夜後不亮，電話 0912-345-678",
    "first_name": "小明",
    "last_name": "王",
    "phone": "0912-345-678",
    "email": "wang@example.tw",
    "attribute[pole]": "01234",
}


@pytest.fixture
def client(intake: Runtime) -> FlaskClient:
    return create_app(intake).test_client()


@pytest.fixture
def api_key(intake: Runtime) -> str:
    with intake.store.session("douliu") as session:
        return apikeys.create(session, intake.keys.pepper, "1999", clock.now())


@pytest.fixture
def post(client: FlaskClient, api_key: str) -> Post:
    """`post(lat=None, …)` posts the form with these changes; None leaves a field out."""

    def posted(kind: str = "json", headers: dict[str, str] | None = None, **changes: str | None) -> TestResponse:
        form = {"api_key": api_key, **FORM, **changes}
        form = {name: value for name, value in form.items() if value is not None}
        return client.post(f"/douliu/open311/v2/requests.{kind}", data=form, headers=headers)

    return posted


def number_of(response: TestResponse) -> str:
    assert response.status_code == 201, response.text
    return str(response.json[0]["service_request_id"])  # type: ignore[index]


def stored(intake: Runtime, number: str) -> Case:
    with intake.store.session("douliu") as session:
        return cases.find_case(session, number)


def how_many(intake: Runtime) -> list[int | None]:
    with intake.store.everywhere() as session:
        kept = [table for table in Base.metadata.sorted_tables if table.name not in ("counter", "api_key")]
        return [session.connection().execute(select(func.count()).select_from(table)).scalar() for table in kept]


def test_a_report_becomes_a_case(intake: Runtime, post: Post) -> None:
    answer = post()
    case = stored(intake, number_of(answer))
    assert (case.channel, case.asset_kind, case.asset_number) == ("open311", "lamp", "01234")
    assert (case.lon, case.lat, case.address) == (120.5412, 23.7093, "慶生路 128 號前")
    assert (case.name, case.phone, case.email) == ("王小明", "+886912345678", "wang@example.tw")
    receipt = answer.json[0]  # type: ignore[index]
    assert set(receipt) == {"service_request_id", "service_notice", "account_id"}
    assert answer.mimetype == "application/json"


def test_it_is_followed_until_it_is_closed(intake: Runtime, client: FlaskClient, post: Post) -> None:
    number = number_of(post())
    address = f"/douliu/open311/v2/requests/{number}.json"
    assert client.get(address).json[0]["status"] == "open"  # type: ignore[index]
    with intake.store.session("douliu") as session:
        act = Act(intake, session, CLERK, clock.now())
        cases.take(act, number)
        cases.close(act, number, "已更換燈具")
    [request] = client.get(address).json  # type: ignore[misc]
    assert (request["status"], request["status_notes"], request["expected_datetime"]) == ("closed", "已更換燈具", None)
    assert request["requested_datetime"].endswith("+08:00")
    assert datetime.fromisoformat(request["requested_datetime"]) <= datetime.fromisoformat(request["updated_datetime"])


def test_the_same_in_xml(client: FlaskClient, post: Post) -> None:
    answer = post("xml")
    assert (answer.status_code, answer.mimetype) == (201, "text/xml")
    root = ElementTree.fromstring(answer.data)
    number = root.findtext("request/service_request_id")
    assert root.tag == "service_requests"
    followed = ElementTree.fromstring(client.get(f"/douliu/open311/v2/requests/{number}.xml").data)
    assert followed.findtext("request/status") == "open"
    assert followed.findtext("request/address") == "慶生路 128 號前"
    assert followed.find("request/zipcode") is not None


@pytest.mark.parametrize("kind", ["json", "xml"])
@pytest.mark.parametrize(
    ("changes", "field", "status"),
    [
        ({"api_key": None}, "api_key", 403),
        ({"api_key": "lp_wrong"}, "api_key", 403),
        ({"service_code": None}, "service_code", 400),
        ({"service_code": "moonlight"}, "service_code", 400),
        ({"lat": "north"}, "lat", 400),
        ({"lat": "91"}, "lat", 400),
        ({"lat": "nan"}, "lat", 400),
        ({"long": "inf"}, "long", 400),
        ({"long": None}, "long", 400),
        ({"lat": "40.7", "long": "-74.0"}, "long", 400),
        ({"description": "x" * 4_001}, "description", 400),
        ({"address_string": "x" * 1_001}, "address_string", 400),
        ({"phone": "12"}, "phone", 400),
        ({"email": "nobody"}, "email", 400),
        ({"first_name": "x" * 31}, "first_name", 400),
        ({"media_url": "ftp://x"}, "media_url", 400),
        ({"attribute[pole]": "1; --"}, "attribute[pole]", 400),
        ({"attribute[pole]": "1" * 21}, "attribute[pole]", 400),
        ({"attribute[colour]": "red"}, "attribute[colour]", 400),
        ({"attribute[park]": "P001"}, "attribute[park]", 400),
        ({"lat": None, "long": None, "address_string": None, "attribute[pole]": None}, "address_string", 400),
        ({"favourite_food": "rice"}, "favourite_food", 400),
        ({"jurisdiction_id": "anping"}, "jurisdiction_id", 404),
        ({"description": "a\x00b"}, "description", 400),
        ({"description": b"\xff\xfe"}, "description", 400),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_changes_nothing(
    intake: Runtime, post: Post, kind: str, changes: dict[str, Any], field: str, status: int
) -> None:
    before = how_many(intake)
    answer = post(kind, **changes)
    assert answer.status_code == status, answer.text
    assert any(text.startswith(field) for text in errors(answer, kind, status)), answer.text
    assert how_many(intake) == before


def errors(answer: TestResponse, kind: str, status: int) -> list[str]:
    if kind == "json":
        assert all(error["code"] == status for error in answer.json)  # type: ignore[union-attr]
        return [error["description"] for error in answer.json]  # type: ignore[union-attr]
    root = ElementTree.fromstring(answer.data)
    assert (root.tag, {code.text for code in root.iter("code")}) == ("errors", {str(status)})
    return [str(error.findtext("description")) for error in root]


def test_every_fault_is_told_at_once(post: Post) -> None:
    answer = post(lat="north", email="x" * 300, description="x" * 4_001)
    assert {text.partition(":")[0] for text in errors(answer, "json", 400)} == {"lat", "email", "description"}


def test_a_body_that_is_no_form_is_refused(client: FlaskClient, api_key: str) -> None:
    answer = client.post("/douliu/open311/v2/requests.json", json={"api_key": api_key, **FORM})
    assert answer.status_code == 415
    assert answer.json[0]["code"] == 415  # type: ignore[index]


def test_a_megabyte_is_refused(post: Post, intake: Runtime) -> None:
    before = how_many(intake)
    assert post(description="x" * 2**20).status_code == 413
    assert how_many(intake) == before


def test_errors_speak_the_callers_language(post: Post) -> None:
    english = post(headers={"Accept-Language": "en"}, service_code="moonlight")
    chinese = post(headers={"Accept-Language": "zh-TW"}, service_code="moonlight")
    assert english.json[0]["description"] == "service_code: There is no such service."  # type: ignore[index]
    assert chinese.json[0]["description"] == "service_code: 沒有這項服務。"  # type: ignore[index]


def test_the_same_idempotency_key_makes_one_case(intake: Runtime, post: Post) -> None:
    headers = {"Idempotency-Key": "8f1c"}
    first, second = post(headers=headers), post(headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    assert number_of(post())[7:13] == "000002"  # fmt: skip
    other = post(headers=headers, description="別的")
    assert (other.status_code, other.json[0]["description"][:15]) == (400, "Idempotency-Key")  # type: ignore[index]


def test_a_pole_alone_is_found_by_gis(intake: Runtime, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def ask(service: str, method: str, **more: Any) -> dict[str, Any]:
        asked.append({"service": service, "method": method, **more})
        found = {"lon": 120.55, "lat": 23.71, "address": "慶生路", "number": "01234"}
        return {"found": found, "suggestions": []}

    monkeypatch.setattr(intake, "ask", ask)
    case = stored(intake, number_of(post(lat=None, long=None, address_string=None)))
    assert (case.lon, case.lat, case.address) == (120.55, 23.71, "慶生路")
    assert asked == [
        {"service": "gis", "method": "asset", "timeout": 0.8, "tenant": "douliu", "kind": "lamp", "number": "01234"}
    ]
    number_of(post())
    assert len(asked) == 1


@pytest.mark.parametrize("answer", [None, AskFailed("no answer within 0.8 s")])
def test_gis_away_or_ignorant_stops_no_report(
    intake: Runtime, post: Post, monkeypatch: pytest.MonkeyPatch, answer: Exception | None
) -> None:
    def ask(*_: Any, **__: Any) -> dict[str, Any]:
        if answer is not None:
            raise answer
        return {"found": None, "suggestions": []}

    monkeypatch.setattr(intake, "ask", ask)
    case = stored(intake, number_of(post(lat=None, long=None, address_string=None)))
    assert (case.lon, case.asset_number) == (None, "01234")


def test_services_and_their_definitions(client: FlaskClient) -> None:
    services = client.get("/douliu/open311/v2/services.json").json
    lamp = next(service for service in services if service["service_code"] == "streetlight")  # type: ignore[union-attr]
    assert (lamp["service_name"], lamp["metadata"], lamp["type"]) == ("路燈報修", True, "realtime")
    definition = client.get("/douliu/open311/v2/services/streetlight.json").json
    [pole] = definition["attributes"]  # type: ignore[index]
    assert (pole["code"], pole["datatype"], pole["required"], pole["variable"]) == ("pole", "string", False, True)
    root = ElementTree.fromstring(client.get("/douliu/open311/v2/services/streetlight.xml").data)
    assert (root.tag, root.findtext("attributes/attribute/code")) == ("service_definition", "pole")
    assert ElementTree.fromstring(client.get("/douliu/open311/v2/services.xml").data).find("service") is not None
    assert client.get("/douliu/open311/v2/services/moonlight.json").status_code == 404


def test_services_speak_english(client: FlaskClient) -> None:
    answer = client.get("/douliu/open311/v2/services.json", headers={"Accept-Language": "en"})
    assert "Streetlight" in answer.text


def test_discovery_names_the_endpoint(client: FlaskClient) -> None:
    [endpoint] = client.get("/douliu/open311/v2/discovery.json").json["endpoints"]  # type: ignore[index]
    assert endpoint["url"] == "http://127.0.0.1:8000/douliu/open311/v2"
    root = ElementTree.fromstring(client.get("/douliu/open311/v2/discovery.xml").data)
    assert [found.text for found in root.iter("format")] == ["text/xml", "application/json"]


def test_personal_data_is_masked_for_the_public(client: FlaskClient, post: Post, api_key: str) -> None:
    address = f"/douliu/open311/v2/requests/{number_of(post())}.json"
    assert client.get(address).json[0]["description"] == "入夜後不亮，電話 •••"  # type: ignore[index]
    with_key = client.get(address, query_string={"api_key": api_key}).json
    assert with_key[0]["description"] == FORM["description"]  # type: ignore[index]
    assert client.get(address, query_string={"api_key": "wrong"}).status_code == 403
    for secret in ("王小明", "912345678", "wang@example.tw"):
        assert secret not in client.get(address).text


def test_only_reports_of_public_things_are_public(client: FlaskClient, post: Post, api_key: str) -> None:
    number = number_of(post(service_code="mayor_mailbox", **{"attribute[pole]": None}))
    address = f"/douliu/open311/v2/requests/{number}.json"
    assert client.get(address).status_code == 404
    assert client.get(address, query_string={"api_key": api_key}).status_code == 200
    assert client.get("/douliu/open311/v2/requests.json").json == []


def test_the_neighbour_sees_and_does_nothing(client: FlaskClient, post: Post, api_key: str) -> None:
    number = number_of(post())
    assert client.get(f"/anping/open311/v2/requests/{number}.json").status_code == 404
    assert client.get("/anping/open311/v2/requests.json").json == []
    assert client.post("/anping/open311/v2/requests.json", data={"api_key": api_key, **FORM}).status_code == 403
    assert client.get("/atlantis/open311/v2/requests.json").status_code == 404


@pytest.fixture
def two(intake: Runtime, client: FlaskClient, post: Post) -> tuple[str, str]:
    """An open report about a lamp, and a closed one about a road."""
    lamp, road = number_of(post()), number_of(post(service_code="pothole", **{"attribute[pole]": None}))
    with intake.store.session("douliu") as session:
        act = Act(intake, session, CLERK, clock.now())
        cases.take(act, road)
        cases.close(act, road, "補好了")
    return lamp, road


def moment(days: int) -> str:
    return (clock.now() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["road", "lamp"]),
        ({"status": "open"}, ["lamp"]),
        ({"status": "closed"}, ["road"]),
        ({"status": "open,closed"}, ["road", "lamp"]),
        ({"service_code": "pothole"}, ["road"]),
        ({"service_code": "pothole, streetlight"}, ["road", "lamp"]),
        ({"service_code": "moonlight"}, []),
        ({"start_date": moment(-1), "end_date": moment(1)}, ["road", "lamp"]),
        ({"start_date": moment(1)}, []),
        ({"end_date": moment(-1)}, []),
        ({"start_date": "2026-11-18"}, ["road", "lamp"]),
        ({"updated_after": moment(-1)}, ["road", "lamp"]),
        ({"updated_before": moment(-1)}, []),
        ({"page_size": "1"}, ["road"]),
        ({"page_size": "1", "page": "2"}, ["lamp"]),
        ({"page": "3"}, []),
    ],
)  # fmt: skip
def test_requests_are_filtered(
    client: FlaskClient, two: tuple[str, str], query: dict[str, str], expected: list[str]
) -> None:
    known = dict(zip(two, ("lamp", "road"), strict=True))
    if query.get("start_date") == "2026-11-18":
        query = {"start_date": (clock.now() - timedelta(days=2)).date().isoformat()}
    found = client.get("/douliu/open311/v2/requests.json", query_string=query).json
    assert [known[one["service_request_id"]] for one in found] == expected  # type: ignore[union-attr]


def test_numbers_override_every_other_filter(client: FlaskClient, two: tuple[str, str]) -> None:
    query = {"service_request_id": ",".join(two), "status": "open", "end_date": moment(-9)}
    assert len(client.get("/douliu/open311/v2/requests.json", query_string=query).json) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"status": "maybe"}, "status"),
        ({"start_date": "yesterday"}, "start_date"),
        ({"start_date": "9999-12-31T23:59:59Z"}, "start_date"),
        ({"start_date": "2026-01-01", "end_date": "2026-12-31"}, "end_date"),
        ({"start_date": "2026-02-01", "end_date": "2026-01-01"}, "end_date"),
        ({"page": "0"}, "page"),
        ({"page_size": "1001"}, "page_size"),
        ({"order": "random"}, "order"),
    ],
)
@pytest.mark.parametrize("kind", ["json", "xml"])
def test_a_wrong_filter_is_named(client: FlaskClient, kind: str, query: dict[str, str], field: str) -> None:
    answer = client.get(f"/douliu/open311/v2/requests.{kind}", query_string=query)
    assert answer.status_code == 400, answer.text
    assert errors(answer, kind, 400)[0].startswith(field)


def test_nothing_is_written_as_json_that_is_not(client: FlaskClient, post: Post) -> None:
    number_of(post(description='</description> "]}, \u2028 <b>'))
    json.loads(client.get("/douliu/open311/v2/requests.json").text, parse_constant=pytest.fail)
    ElementTree.fromstring(client.get("/douliu/open311/v2/requests.xml").data)


@pytest.fixture(scope="module")
def one_app(tmp_path_factory: pytest.TempPathFactory, keys_file: Any) -> Iterator[tuple[Runtime, FlaskClient, str]]:
    runtime = build_runtime(tmp_path_factory.mktemp("open311"), keys_file)
    with runtime.store.session("douliu") as session:
        key = apikeys.create(session, runtime.keys.pepper, "fuzz", clock.now())
    yield runtime, create_app(runtime).test_client(), key
    runtime.store.close()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from([*FORM, "jurisdiction_id", "media_url", "junk"]),
                               st.one_of(st.text(max_size=50), st.binary(max_size=20)), max_size=4))  # fmt: skip
def test_no_form_whatever_breaks_it(one_app: tuple[Runtime, FlaskClient, str], changes: dict[str, str | bytes]) -> None:
    _, client, key = one_app
    answer = client.post("/douliu/open311/v2/requests.json", data={"api_key": key, **FORM, **changes})
    assert answer.status_code in (201, 400, 404), answer.text
