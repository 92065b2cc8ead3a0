import time
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chassis.clock import now
from chassis.runtime import Runtime
from chassis.store import DeadLetter, OutboxRow, StoreDown
from chassis.web import health
from tests.chassis.web.conftest import SignedIn, csrf_token
from tests.chassis.web.tiny import doors

LETTERS = "/tiny/dead-letters"


def bury(runtime: Runtime, tenant: str = "douliu", body: str = '{"id": "1"}') -> int:
    with runtime.store.session(tenant) as session:
        letter = DeadLetter(
            handler="on_noted",
            queue="evt-toy.events-noted.v1--toy.on_noted",
            type="noted.v1",
            event_id="e1",
            reason="RuntimeError: <b>not yet</b>",
            body=body,
            attempts=6,
            died_at=now(),
        )
        session.add(letter)
        session.flush()
        return letter.id


def raising() -> None:
    raise StoreDown("password=hunter2")


def test_a_service_is_alive_whatever_it_needs(browser: FlaskClient, runtime: Runtime) -> None:
    runtime.store.close()
    assert browser.get("/tiny/health/live").get_json() == {"status": "ok"}


def test_ready_when_everything_answers(browser: FlaskClient) -> None:
    response = browser.get("/tiny/health/ready")
    assert response.status_code == 200
    assert response.get_json() == {"status": "ok", "checked": ["bus", "store"], "missing": {}}


def test_not_ready_says_what_is_missing_and_gives_nothing_away(runtime: Runtime) -> None:
    runtime.manifest = replace(runtime.manifest, pings=lambda runtime: {"index": raising})
    response = doors.app(runtime).test_client().get("/tiny/health/ready")
    assert response.status_code == 503
    assert response.get_json()["missing"] == {"index": "StoreDown"}
    assert "hunter2" not in response.get_data(as_text=True)


def test_a_dependency_that_hangs_costs_one_second_not_more() -> None:
    started = time.monotonic()
    pings = {"a": lambda: time.sleep(3), "b": lambda: time.sleep(3), "c": lambda: None}
    assert set(health.missing(pings, seconds=0.2)) == {"a", "b"}
    assert time.monotonic() - started < 1


def test_a_broker_that_is_not_there_is_missed() -> None:
    assert set(health.missing({"bus": lambda: health.ping_bus("amqp://127.0.0.1:1//")}, seconds=5)) == {"bus"}


def test_metrics_count_requests_and_what_waits(browser: FlaskClient, runtime: Runtime) -> None:
    bury(runtime)
    with runtime.store.session("douliu") as session:
        session.add(OutboxRow(event_id="e", type="noted.v1", subject="1", envelope={}, created_at=now(), due_at=now()))
    browser.get("/douliu/notes/")
    text = browser.get("/tiny/metrics").get_data(as_text=True)
    assert 'lamppost_http_requests_total{method="GET",route="/<office:tenant>/notes/",status="200"}' in text
    assert "lamppost_http_seconds_bucket" in text
    assert "lamppost_outbox_backlog 1.0" in text
    assert "lamppost_dead_letters 1.0" in text
    assert "lamppost_http_in_flight 1.0" in text
    assert "douliu" not in text


def test_metrics_stay_when_the_store_is_down(
    browser: FlaskClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise StoreDown("gone")

    monkeypatch.setattr(runtime.store, "everywhere", down)
    response = browser.get("/tiny/metrics")
    assert response.status_code == 200
    assert "lamppost_outbox_backlog NaN" in response.get_data(as_text=True)


def test_city_it_looks_at_dead_letters_of_all_offices(signed_in: SignedIn, runtime: Runtime) -> None:
    number = bury(runtime)
    bury(runtime, "anping")
    client = signed_in("*", "city_it")
    page = client.get(LETTERS).get_data(as_text=True)
    assert "douliu" in page
    assert "anping" in page
    assert "<b>not yet</b>" not in page
    one = client.get(f"{LETTERS}/{number}").get_data(as_text=True)
    assert "evt-toy.events-noted.v1--toy.on_noted" in one
    assert client.get(f"{LETTERS}/9999").status_code == 404


def test_many_dead_letters_come_in_pages(signed_in: SignedIn, runtime: Runtime) -> None:
    numbers = [bury(runtime) for _ in range(51)]
    client = signed_in("*", "city_it")
    assert f"before={numbers[1]}" in client.get(LETTERS).get_data(as_text=True)
    assert f">{numbers[0]}</a>" in client.get(f"{LETTERS}?before={numbers[1]}").get_data(as_text=True)


@pytest.mark.parametrize("path", ["?before=99999999999999999999", "/99999999999999999999"])
def test_a_number_too_large_for_the_store_is_422(signed_in: SignedIn, path: str) -> None:
    assert signed_in("*", "city_it").get(LETTERS + path).status_code == 422


def test_dropping_needs_city_it_and_a_token(signed_in: SignedIn, runtime: Runtime, browser: FlaskClient) -> None:
    number = bury(runtime)
    client = signed_in("*", "city_it")
    assert client.post(f"{LETTERS}/{number}/drop").status_code == 400
    token = {"X-CSRFToken": csrf_token(browser)}
    assert browser.post(f"{LETTERS}/{number}/drop", headers=token).status_code == 401
    token = {"X-CSRFToken": csrf_token(client)}
    assert client.get(f"{LETTERS}/{number}/drop").status_code == 405
    assert client.post(f"{LETTERS}/{number}/drop", headers=token).status_code == 302
    assert client.get(f"{LETTERS}/{number}").status_code == 404
    assert client.post(f"{LETTERS}/{number}/drop", headers=token).status_code == 404


def test_replaying_puts_the_letter_back_and_forgets_it(
    signed_in: SignedIn, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = list[tuple[str, object]]()
    monkeypatch.setattr("chassis.bus.dead.republish", lambda bus, queue, body: sent.append((queue, body)))
    number = bury(runtime)
    client = signed_in("*", "city_it")
    token = {"X-CSRFToken": csrf_token(client)}
    assert client.post(f"{LETTERS}/{number}/replay", headers=token).status_code == 302
    assert sent == [("evt-toy.events-noted.v1--toy.on_noted", {"id": "1"})]
    assert client.get(f"{LETTERS}/{number}").status_code == 404


def test_a_letter_that_cannot_be_sent_stays(
    signed_in: SignedIn, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("chassis.bus.dead.republish", down)
    number, garbled = bury(runtime), bury(runtime, body="<xml>")
    client = signed_in("*", "city_it")
    token = {"X-CSRFToken": csrf_token(client)}
    assert client.post(f"{LETTERS}/{number}/replay", headers=token).status_code == 503
    assert client.post(f"{LETTERS}/{garbled}/replay", headers=token).status_code == 409
    assert client.get(f"{LETTERS}/{number}").status_code == 200


def test_a_trace_is_taken_up_or_begun(app: Flask) -> None:
    import structlog

    seen = list[str]()

    @app.get("/trace")
    def trace() -> str:
        seen.append(structlog.contextvars.get_contextvars()["traceparent"])
        return ""

    given = f"00-{'a' * 32}-{'b' * 16}-01"
    client = app.test_client()
    client.get("/trace", headers={"traceparent": given})
    client.get("/trace", headers={"traceparent": "00-zz"})
    client.get("/trace")
    assert seen[0] == given
    assert len(set(seen)) == 3
    assert all(len(trace) == 55 for trace in seen)
