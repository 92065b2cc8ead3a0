"""Search on the bus and on the web: the newest version is found, by those who may, under their own office only."""

import random
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.bus import handler
from chassis.runtime import Runtime
from chassis.web.catalogs import untranslated
from chassis.web.staff import StaffIdentity, issue
from services.search import manifest
from services.search.errors import IndexUnavailable
from services.search.inbox import AssetPublished, CaseChanged, ServicePublished
from services.search.indexer import Indexer
from services.search.service import Search
from tests.conftest import MakeRuntime

CLERK = StaffIdentity(
    username="lin", tenant="douliu", name="林", section="works", extension="1", roles=frozenset({"clerk"}),
    auth_time=datetime.now(UTC),
)  # fmt: skip


@pytest.fixture
def runtime(make_runtime: MakeRuntime, store_url: str) -> Runtime:
    return make_runtime(manifest, store_url)


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return manifest.web(runtime).test_client()


def envelope(kind: str, data: dict[str, Any], event: str, tenant: str = "douliu") -> dict[str, Any]:
    return {
        "id": event, "source": "/intake", "type": kind, "subject": "x", "time": "2026-11-21T00:00:00Z",
        "tenant": tenant, "sequence": 1, "data": data,
    }  # fmt: skip


def case(runtime: Runtime, version: int, words: str, tenant: str = "douliu") -> dict[str, Any]:
    state = {
        "number": "DL-115-004217-6", "version": version, "status": "received", "service_code": "streetlight",
        "service": {"zh": "路燈報修", "en": "Streetlight repair"}, "section": "works", "address": "慶生路",
        "asset_number": "01234", "updated_at": f"2026-11-2{version}T00:00:00Z",
        "description": runtime.sealer.seal(words, audience="search", tenant=tenant),
    }  # fmt: skip
    return envelope("case_opened.v1", {"case": state}, f"{tenant}-{version}", tenant)


def service(tenant: str = "douliu", name: str = "路燈報修") -> dict[str, Any]:
    data = {
        "code": "streetlight", "name": {"zh": name, "en": "Streetlight repair"},
        "path": f"/{tenant}/services/streetlight",
        "summary": {"zh": "報燈桿號碼就好", "en": "The pole number"}, "section": {"zh": "工務課", "en": "Works"},
        "keywords": ["街燈"], "version": 1, "updated_at": "2026-11-21T00:00:00Z",
    }  # fmt: skip
    return envelope("service_published.v1", data, f"service-{tenant}", tenant)


def hear(runtime: Runtime, method: str, reads: Any, *bodies: Any) -> None:
    function = getattr(Search, method).__wrapped__
    for body in bodies:
        handler._hear(SimpleNamespace(runtime=runtime), function, reads, body)
    while Indexer(runtime).pump():
        pass
    runtime.ports.refresh()


def found(client: FlaskClient, words: str, tenant: str = "douliu") -> list[str]:
    answer = client.get(f"/{tenant}/api/search/v1/results", query_string={"q": words})
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return [one["url"] for one in answer.json["results"]]


def signed_in(client: FlaskClient, runtime: Runtime) -> FlaskClient:
    client.set_cookie("lamppost_staff", issue(runtime, CLERK))
    return client


def test_a_service_is_found_by_everyone_with_two_characters(runtime: Runtime, client: FlaskClient) -> None:
    hear(runtime, "on_service_published", ServicePublished, service())
    assert found(client, "路燈") == found(client, "街燈") == ["/douliu/services/streetlight"]
    page = client.get("/douliu/search?q=路燈")
    assert "<mark>路燈</mark>報修" in page.text


def test_a_case_is_found_by_staff_only(runtime: Runtime, client: FlaskClient) -> None:
    hear(runtime, "on_case_opened", CaseChanged, case(runtime, 1, "入夜後不亮"))
    for words in ("路燈", "DL-115-004217-6", "01234", "不亮"):
        assert found(client, words) == []
    staff = signed_in(client, runtime)
    for words in ("路燈", "DL-115-004217-6", "01234", "不亮"):
        assert found(staff, words) == ["/douliu/desk/cases/DL-115-004217-6"]


def test_the_neighbour_finds_nothing(runtime: Runtime, client: FlaskClient) -> None:
    hear(runtime, "on_service_published", ServicePublished, service())
    hear(runtime, "on_case_opened", CaseChanged, case(runtime, 1, "不亮"))
    staff = signed_in(client, runtime)
    assert found(staff, "路燈", "anping") == []
    assert found(staff, "DL-115-004217-6", "anping") == []
    assert "DL-115" not in staff.get("/anping/search?q=DL-115-004217").text.replace("q=DL-115", "").replace(
        'value="DL-115', ""
    ).replace("「DL-115", "")


def test_versions_in_any_order_and_three_times_end_at_the_newest(runtime: Runtime, client: FlaskClient) -> None:
    bodies = [case(runtime, version, f"字樣{version}") for version in range(1, 6)] * 3
    random.shuffle(bodies)
    hear(runtime, "on_case_taken", CaseChanged, *bodies)
    staff = signed_in(client, runtime)
    assert found(staff, "字樣5")
    assert not any(found(staff, f"字樣{version}") for version in range(1, 5))


def test_an_index_that_is_away_stops_no_event_and_is_fed_later(runtime: Runtime, client: FlaskClient) -> None:
    index, runtime.ports = runtime.ports, Away()
    handler._hear(
        SimpleNamespace(runtime=runtime),
        Search.on_service_published.__wrapped__,
        ServicePublished,
        service(),  # type: ignore[attr-defined]
    )
    with pytest.raises(IndexUnavailable):
        Indexer(runtime).pump()
    assert client.get("/douliu/search?q=路燈").status_code == 503
    runtime.ports = index
    assert Indexer(runtime).pump() == 1
    index.refresh()
    assert found(client, "路燈")


class Away:
    """An index that cannot be reached."""

    def __getattr__(self, name: str) -> Any:
        def away(*_: Any, **__: Any) -> Any:
            raise IndexUnavailable("connection refused")

        return away


def test_a_park_is_found_until_it_is_removed(runtime: Runtime, client: FlaskClient) -> None:
    park = {
        "kind": "park", "number": "P001", "name": {"zh": "人文公園", "en": "Humanities Park"}, "address": "大學路",
        "path": "/douliu/assets/park/P001", "version": 1, "updated_at": "2026-11-21T00:00:00Z",
    }  # fmt: skip
    hear(runtime, "on_asset_published", AssetPublished, envelope("asset_published.v1", park, "1"))
    assert found(client, "人文公園") == ["/douliu/assets/park/P001"]
    gone = {**park, "version": 2, "removed": True}
    hear(runtime, "on_asset_published", AssetPublished, envelope("asset_published.v1", gone, "2"))
    hear(runtime, "on_asset_published", AssetPublished, envelope("asset_published.v1", park, "3"))
    assert found(client, "人文公園") == []


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%FF", "q=a%00b", "q=x&limit=0", "q=x&after=zzz", "q=x&kind=cat", "q=x&y=1"]
)
def test_wrong_queries_are_named(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/douliu/api/search/v1/results?{query}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("words", ["(((", '"', "AND", "路燈 XOR", "-", "*", "<script>", "％％％", "a" * 500])
def test_any_words_get_a_page(client: FlaskClient, words: str) -> None:
    page = client.get("/douliu/search", query_string={"q": words})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_english_is_complete() -> None:
    assert untranslated("services.search.web") == []
