"""Delivery receipts: any order, any number of times, even before our call ends, one end; forged ones nothing."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from twilio.request_validator import RequestValidator

from chassis import clock
from chassis.runtime import Runtime
from chassis.store import OutboxRow
from services.notify import callbacks, claims, manifest, messages
from services.notify.model import Attempt, DeliveryReceipt, Message, Suppression
from services.notify.outcome import Accepted, Later, Outcome, Unknown
from services.notify.receipts import RANK, Receipt, Status
from tests.fakes.twilio import SID, TOKEN, FakeTwilio
from tests.notify.conftest import Make
from tests.notify.test_attempts import claimed, conclude
from tests.notify.world import PHONE, Shifted, attempts_of, every, only, said, sender, tell

OTHER, OTHER_TOKEN = "AC" + "9" * 32, "e" * 32
HOOK = "/hooks/sms/twilio"


def take(runtime: Runtime, call: claims.Call, status: Status, code: str | None = None, sid: str = "SM1") -> str:
    with runtime.store.session(call.tenant) as session:
        receipt = Receipt(sid, status, code)
        return callbacks.take(session, call.message_id, call.n, call.nonce, receipt, clock.now())


def receipts_of(runtime: Runtime) -> list[DeliveryReceipt]:
    with runtime.store.everywhere() as session:
        return list(session.scalars(select(DeliveryReceipt).order_by(DeliveryReceipt.id)))


@pytest.fixture
def call(runtime: Runtime) -> claims.Call:
    tell(runtime)
    return claimed(runtime)


def test_a_receipt_moves_a_message_on(runtime: Runtime, call: claims.Call) -> None:
    conclude(runtime, call, Accepted("SM1", 2))
    assert take(runtime, call, "sent") == "applied"
    assert (only(runtime).state, only(runtime).delivery) == ("accepted", "sent")
    assert take(runtime, call, "delivered") == "applied"
    assert (only(runtime).state, only(runtime).delivery) == ("delivered", "delivered")
    assert [kind for kind, _ in said(runtime)] == ["message_accepted.v1"]


def test_a_second_report_changes_nothing(runtime: Runtime, call: claims.Call) -> None:
    conclude(runtime, call, Accepted("SM1", 2))
    assert [take(runtime, call, "undelivered", "30005") for _ in range(3)] == ["applied", "repeated", "repeated"]
    assert len(receipts_of(runtime)) == 1
    assert [kind for kind, _ in said(runtime)] == ["message_accepted.v1", "message_failed.v1"]


@pytest.mark.parametrize(("status", "code", "kept"), [("undelivered", "30005", "30005"), ("failed", None, "failed")])
def test_what_did_not_reach_the_handset_has_failed_with_the_reason(
    runtime: Runtime, call: claims.Call, status: Status, code: str | None, kept: str
) -> None:
    conclude(runtime, call, Accepted("SM1", 2))
    take(runtime, call, status, code)
    message, (_, data) = only(runtime), said(runtime)[-1]
    assert (message.state, message.code) == ("failed", kept)
    assert data["reason"] == ("30005: unknown handset" if code else "the provider reports: failed")


def test_an_opt_out_found_on_delivery_is_remembered(runtime: Runtime, call: claims.Call) -> None:
    conclude(runtime, call, Accepted("SM1", 2))
    take(runtime, call, "failed", "21610")
    with runtime.store.session("douliu") as session:
        assert len(session.scalars(select(Suppression)).all()) == 1


@pytest.mark.parametrize("status", ["queued", "sent", "delivered", "undelivered"])
def test_a_receipt_before_our_own_answer_heals_the_message(runtime: Runtime, call: claims.Call, status: Status) -> None:
    take(runtime, call, status)
    expected = {"delivered": "delivered", "undelivered": "failed"}.get(status, "accepted")
    assert (only(runtime).state, only(runtime).reference) == (expected, "SM1")
    conclude(runtime, call, Accepted("SM1", 3))
    assert (only(runtime).state, only(runtime).segments) == (expected, 3)
    assert [kind for kind, _ in said(runtime)].count("message_accepted.v1") == 1


@pytest.mark.parametrize("outcome", [Unknown("HTTP 500"), Later("20429", "…")])
def test_a_receipt_outweighs_a_call_that_ended_badly(runtime: Runtime, call: claims.Call, outcome: Outcome) -> None:
    conclude(runtime, call, outcome)
    take(runtime, call, "sent")
    assert (only(runtime).state, only(runtime).reference) == ("accepted", "SM1")
    with runtime.store.everywhere() as session:
        later = clock.now() + timedelta(hours=1)
        assert not claims.claim(session, runtime.tenants, "sms", 5, later).calls


def test_a_receipt_after_a_crash_heals_the_message(runtime: Runtime, call: claims.Call) -> None:
    from services.notify import doubts

    with runtime.store.everywhere() as session:
        doubts.due(session, "sms", 5, clock.now() + claims.LEASE * 2, timedelta(seconds=120))
    assert attempts_of(runtime)[0].state == "unknown"
    take(runtime, call, "delivered")
    assert only(runtime).state == "delivered"


def test_a_late_delivery_takes_a_failure_back_and_says_so(runtime: Runtime, call: claims.Call) -> None:
    conclude(runtime, call, Accepted("SM1", 2))
    take(runtime, call, "undelivered", "30008")
    take(runtime, call, "delivered")
    assert (only(runtime).state, only(runtime).reason) == ("delivered", None)
    kinds = [kind for kind, _ in said(runtime)]
    assert kinds == ["message_accepted.v1", "message_failed.v1", "message_accepted.v1"]


reports = st.lists(st.sampled_from(sorted(RANK)), min_size=1, max_size=6)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statuses=reports, order=st.randoms(use_true_random=False), answered=st.integers(0, 6))
def test_any_order_any_number_of_times_ends_in_the_same_state(
    laptop: Runtime, statuses: list[Status], order: Any, answered: int
) -> None:
    ends = set()
    for _ in range(2):
        _forget(laptop)
        tell(laptop)
        call = claimed(laptop)
        steps: list[Any] = [("report", status) for status in statuses * 2]
        order.shuffle(steps)
        steps.insert(min(answered, len(steps)), ("answer", None))
        for kind, status in steps:
            if kind == "answer":
                conclude(laptop, call, Accepted("SM1", 2))
            else:
                take(laptop, call, status, "30005" if status in ("failed", "undelivered") else None)
        message = only(laptop)
        ends.add((message.state, message.delivery, message.reference, message.code, message.segments))
    assert len(ends) == 1


def _forget(runtime: Runtime) -> None:
    with runtime.store.everywhere() as session:
        for table in (DeliveryReceipt, Attempt, Message, OutboxRow):
            session.execute(delete(table))


@pytest.mark.parametrize("wrong", ["nonce", "attempt", "message", "reference"])
def test_a_report_that_names_the_wrong_attempt_changes_nothing(runtime: Runtime, call: claims.Call, wrong: str) -> None:
    conclude(runtime, call, Accepted("SM1", 2))
    named = {"message_id": call.message_id, "n": call.n, "nonce": call.nonce, "reference": "SM1"}
    named |= {"nonce": {"nonce": "x" * 32}, "attempt": {"n": 2}, "message": {"message_id": "m"}}.get(
        wrong, {"reference": "SM2"}
    )
    with runtime.store.session("douliu") as session:
        receipt = Receipt(str(named.pop("reference")), "delivered")
        assert callbacks.take(session, receipt=receipt, now=clock.now(), **named) == "unknown"  # type: ignore[arg-type]
    assert (only(runtime).state, receipts_of(runtime)) == ("accepted", [])


def test_a_neighbours_session_does_not_find_the_attempt(runtime: Runtime, call: claims.Call) -> None:
    with runtime.store.session("anping") as session:
        told = callbacks.take(session, call.message_id, 1, call.nonce, Receipt("SM1", "delivered"), clock.now())
    assert told == "unknown"
    assert only(runtime).state == "sending"


# ---- the door


@pytest.fixture
def open_door(make: Make, url: str, twilio: FakeTwilio) -> Runtime:
    twilio.script(times=None, callbacks={"drop": ["*"]})
    return make(url, LAMPPOST_SMS=twilio.setting, LAMPPOST_PUBLIC_URL="https://lamp.example")


@pytest.fixture
def sent(open_door: Runtime, twilio: FakeTwilio) -> dict[str, str]:
    """A message that was accepted; the parameters of its callback's address."""
    tell(open_door)
    sender(open_door).send()
    address = twilio.accepted()[0]["StatusCallback"].partition("#")[0]
    assert address.startswith(f"https://lamp.example{HOOK}?")
    return {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}


@pytest.fixture
def client(open_door: Runtime) -> FlaskClient:
    return manifest.web(open_door).test_client()


def form(runtime: Runtime, status: str = "delivered", **more: str) -> dict[str, str]:
    sid = only(runtime).reference or ""
    return {"MessageSid": sid, "MessageStatus": status, "To": PHONE, "AccountSid": SID, **more}


def post(
    client: FlaskClient, named: dict[str, str], fields: dict[str, str], /, token: str = TOKEN, **signed: Any
) -> Any:
    """Post a callback; `signed` says what was signed instead of what is sent."""
    query = urlencode(signed.get("named", named))
    address = f"{signed.get('host', 'https://lamp.example')}{HOOK}" + (f"?{query}" if query else "")
    signature = RequestValidator(token).compute_signature(address, signed.get("fields", fields))
    headers = {"X-Twilio-Signature": signature} if signed.get("header", True) else {}
    return client.post(f"{HOOK}?{urlencode(named)}", data=fields, headers=headers)


def unchanged(runtime: Runtime) -> bool:
    return only(runtime).state == "accepted" and receipts_of(runtime) == []


def test_a_signed_callback_is_applied_once(open_door: Runtime, client: FlaskClient, sent: dict[str, str]) -> None:
    fields = form(open_door)
    assert [post(client, sent, fields).status_code for _ in range(2)] == [204, 204]
    assert only(open_door).state == "delivered"
    assert [(receipt.status, receipt.reference) for receipt in receipts_of(open_door)] == [
        ("delivered", fields["MessageSid"])
    ]


def test_a_parameter_of_next_year_does_no_harm(open_door: Runtime, client: FlaskClient, sent: dict[str, str]) -> None:
    assert post(client, sent, form(open_door, RawDlrDoneDate="2611181012", Blank="")).status_code == 204
    assert only(open_door).state == "delivered"


@pytest.mark.parametrize(
    "forged",
    [
        {"token": OTHER_TOKEN},
        {"header": False},
        {"fields": {}},
        {"host": "http://lamp.example"},
        {"host": "https://evil.example"},
        {"named": {"t": "anping", "m": "1", "n": "1", "k": "1"}},
    ],
    ids=lambda forged: next(iter(forged)),
)
def test_a_forged_or_tampered_callback_is_refused(
    open_door: Runtime, client: FlaskClient, sent: dict[str, str], forged: dict[str, Any]
) -> None:
    answer = post(client, sent, form(open_door), **forged)
    assert answer.status_code == 403
    assert answer.mimetype == "application/problem+json"
    assert unchanged(open_door)


@pytest.mark.parametrize(
    "change",
    [{"t": "anping"}, {"t": "nowhere"}, {"m": "x"}, {"n": "2"}, {"n": "two"}, {"k": "x"}, {"k": "é"}, {"n": "0"}],
    ids=str,
)
def test_a_signed_callback_about_something_unknown_changes_nothing(
    open_door: Runtime, client: FlaskClient, sent: dict[str, str], change: dict[str, str]
) -> None:
    assert post(client, sent | change, form(open_door)).status_code == 204
    assert post(client, {}, form(open_door)).status_code == 204
    assert unchanged(open_door)


@pytest.mark.parametrize("missing", ["MessageSid", "MessageStatus"])
def test_a_signed_callback_without_its_subject_names_what_is_missing(
    open_door: Runtime, client: FlaskClient, sent: dict[str, str], missing: str
) -> None:
    fields = {name: value for name, value in form(open_door).items() if name != missing}
    answer = post(client, sent, fields)
    assert answer.status_code == 400
    assert answer.json["errors"][0]["pointer"] == f"#/{missing}"
    assert unchanged(open_door)


def test_another_sid_for_the_same_attempt_changes_nothing(
    open_door: Runtime, client: FlaskClient, sent: dict[str, str]
) -> None:
    assert post(client, sent, form(open_door) | {"MessageSid": "SM" + "0" * 32}).status_code == 204
    assert unchanged(open_door)


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_the_door_only_takes_posts(open_door: Runtime, client: FlaskClient, method: str) -> None:
    assert getattr(client, method)(HOOK).status_code == 405


def test_a_flood_in_one_body_is_refused(open_door: Runtime, client: FlaskClient, sent: dict[str, str]) -> None:
    assert client.post(f"{HOOK}?{urlencode(sent)}", data={"MessageSid": "x" * 100_000}).status_code == 413
    assert unchanged(open_door)


def test_the_laptops_console_believes_nobody(runtime: Runtime) -> None:
    client = manifest.web(runtime).test_client()
    assert client.post(HOOK, data={"MessageSid": "SM1", "MessageStatus": "sent"}).status_code == 403


# ---- callbacks that never came


def test_a_message_without_a_last_report_is_asked_about(open_door: Runtime, twilio: FakeTwilio) -> None:
    tell(open_door)
    now = Shifted()
    one = sender(open_door, now=now)
    one.send()
    assert twilio.drain()
    one.follow()
    assert only(open_door).state == "accepted"
    now.forward(minutes=16)
    one.follow()
    assert only(open_door).state == "delivered"
    assert only(open_door).follow_at is None


def test_asking_has_an_end(runtime: Runtime) -> None:
    tell(runtime)
    now = Shifted()
    one = sender(runtime, now=now)
    one.send()
    looks = []
    for _ in itertools.repeat(None, 5):
        looks.append(only(runtime).follow_at)
        now.forward(hours=7)
        one.follow()
    assert looks[0] is not None
    assert looks[1:] == [None] * 4
    assert only(runtime).state == "accepted"
    assert messages.FOLLOW_UP[-1] < timedelta(hours=7)


def test_the_end_of_one_office_is_not_the_neighbours(open_door: Runtime, twilio: FakeTwilio) -> None:
    tell(open_door)
    tell(open_door, tenant="anping", number="AP-115-000001-1")
    sender(open_door).send()
    client = manifest.web(open_door).test_client()
    ours, theirs = every(open_door, "douliu")[0], every(open_door, "anping")[0]
    named = {"t": "anping", "m": ours.id, "n": "1", "k": attempts_of(open_door)[0].nonce}
    fields = {"MessageSid": ours.reference or "", "MessageStatus": "delivered"}
    assert post(client, named, fields).status_code == 204
    assert {message.state for message in every(open_door)} == {"accepted"}
    assert theirs.reference != ours.reference
