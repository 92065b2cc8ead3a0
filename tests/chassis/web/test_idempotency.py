import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from chassis.runtime import Runtime
from chassis.store import IdempotencyKey
from chassis.web import Problem, idempotency
from chassis.web.idempotency import Answer, fingerprint, once, remember
from tests.chassis.web.tiny import Note, manifest
from tests.conftest import MakeRuntime

NOTES = "/douliu/api/tiny/v1/notes"


def write(client: FlaskClient, key: str | None, words: str = "lamp", path: str = NOTES) -> TestResponse:
    return client.post(path, json={"words": words}, headers={"Idempotency-Key": key} if key is not None else {})


def notes(runtime: Runtime, tenant: str = "douliu") -> int:
    with runtime.store.session(tenant) as session:
        return session.scalar(select(func.count()).select_from(Note)) or 0


def test_the_same_key_creates_one_and_answers_the_same(browser: FlaskClient, runtime: Runtime) -> None:
    first, second = write(browser, "k1"), write(browser, "k1")
    assert first.status_code == second.status_code == 201
    assert first.get_data() == second.get_data()
    assert first.mimetype == second.mimetype == "application/json"
    assert notes(runtime) == 1


def test_without_a_key_every_request_creates(browser: FlaskClient, runtime: Runtime) -> None:
    write(browser, None)
    write(browser, None)
    assert notes(runtime) == 2


def test_another_payload_under_the_same_key_is_refused(browser: FlaskClient, runtime: Runtime) -> None:
    write(browser, "k1", "lamp")
    response = write(browser, "k1", "park")
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["pointer"] == "#/Idempotency-Key"
    assert notes(runtime) == 1


def test_two_offices_may_use_the_same_key(browser: FlaskClient, runtime: Runtime) -> None:
    write(browser, "k1")
    assert write(browser, "k1", "park", path=NOTES.replace("douliu", "anping")).status_code == 201
    assert (notes(runtime), notes(runtime, "anping")) == (1, 1)


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "é"])
def test_a_key_that_is_none_is_refused_by_name(browser: FlaskClient, runtime: Runtime, key: str) -> None:
    response = browser.post(NOTES, json={"words": "x"}, environ_overrides={"HTTP_IDEMPOTENCY_KEY": key})
    assert response.status_code == 400
    assert response.get_json()["errors"][0]["pointer"] == "#/Idempotency-Key"
    assert notes(runtime) == 0


def test_a_request_that_failed_leaves_its_key_free(browser: FlaskClient, runtime: Runtime) -> None:
    session = runtime.store.session("douliu")
    with pytest.raises(ZeroDivisionError), session as opened:
        once(opened, "k1", fingerprint("a"), "machine.write")
        raise ZeroDivisionError
    assert write(browser, "k1").status_code == 201


def test_twenty_at_once_create_one_and_all_get_its_answer(app: Flask, runtime: Runtime) -> None:
    ready = threading.Barrier(20)

    def send(_: int) -> tuple[int, bytes]:
        client = app.test_client()
        ready.wait()
        response = write(client, "k1")
        return response.status_code, response.get_data()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(send, range(20)))
    assert len(answers) == 1
    assert answers.pop()[0] == 201
    assert notes(runtime) == 1


def test_two_connections_never_create_twice(make_runtime: MakeRuntime, store_url: str, app: Flask) -> None:
    """Whoever comes while the first is still under way waits for its answer, or is told 409; on both kinds of store."""
    store = make_runtime(manifest, store_url).store
    claimed, outcome = threading.Event(), list[object]()

    def second() -> None:
        claimed.wait(5)
        with app.test_request_context("/"):
            try:
                with store.session("douliu") as session:
                    outcome.append(once(session, "k1", fingerprint("a"), "r"))
            except Problem as problem:
                outcome.append(problem.status)

    follower = threading.Thread(target=second)
    follower.start()
    with store.session("douliu") as session:
        assert once(session, "k1", fingerprint("a"), "r") is None
        claimed.set()
        follower.join(0.3)
        assert outcome == []
        session.add(Note(words="lamp"))
        remember(session, "k1", fingerprint("a"), Answer(201, "{}"), "r")
    follower.join(10)
    assert outcome == [Answer(201, "{}")]


def test_a_key_whose_answer_was_never_remembered_is_under_way(app: Flask, runtime: Runtime) -> None:
    with runtime.store.session("douliu") as session:
        once(session, "k1", fingerprint("a"), "r")
    with app.test_request_context("/"), runtime.store.session("douliu") as session:
        with pytest.raises(Problem) as caught:
            once(session, "k1", fingerprint("a"), "r")
        assert caught.value.status == 409


def test_the_key_is_kept_with_office_and_route(browser: FlaskClient, runtime: Runtime) -> None:
    write(browser, "k1")
    with runtime.store.session("douliu") as session:
        row = session.scalars(select(IdempotencyKey)).one()
    assert (row.tenant, row.route, row.key, row.status) == ("douliu", "machine.write", "k1", 201)


def test_fingerprints_differ_where_payloads_differ() -> None:
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint("a") == fingerprint("a")
    assert len(idempotency.fingerprint("a")) == 64
