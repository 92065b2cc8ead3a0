"""Walls between offices: every table, every event, every rule that reads or changes a message."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from chassis import clock
from chassis.runtime import Runtime
from chassis.store import WrongTenant
from services.notify import attempts, claims, decisions, listing, messages, retention, suppressions
from services.notify.decisions import Person
from services.notify.listing import Wanted
from services.notify.model import Attempt, Base, Decision, DeliveryReceipt, Message, Suppression
from services.notify.outcome import Rejected
from services.notify.receipts import Receipt
from tests.notify.test_attempts import claimed, conclude
from tests.notify.world import every, hear, only, outbox, record, sender, tell

MODELS = sorted([mapper.class_ for mapper in Base.registry.mappers], key=lambda model: str(model.__tablename__))
WHO = Person("chen", "陳課長")


@pytest.fixture
def full(runtime: Runtime) -> Runtime:
    """A row of Douliu in every table of notify."""
    tell(runtime)
    call = claimed(runtime)
    conclude(runtime, call, Rejected("20003", "…", "configuration"))
    message_id = only(runtime).id
    with runtime.store.session("douliu") as session:
        found = messages.locked(session, message_id, 1)
        assert found is not None
        suppressions.suppress(session, found[0], "21610", clock.now())
        decisions.resume(session, found[0], WHO, clock.now())
        row = {"message_id": message_id, "reference": "SM1", "status": "sent", "received_at": clock.now()}
        session.add(DeliveryReceipt(**row))
    return runtime


def test_there_is_a_row_in_every_table(full: Runtime) -> None:
    assert {model.__tablename__ for model in MODELS} == {"message", "attempt", "receipt", "suppression", "decision"}
    with full.store.session("douliu") as session:
        assert all(session.scalar(select(func.count()).select_from(model)) for model in MODELS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_the_neighbour_sees_no_row_of_any_table(full: Runtime, model: type) -> None:
    with full.store.session("anping") as session:
        assert session.scalars(select(model)).all() == []
        assert session.scalar(select(func.count()).select_from(model)) == 0


def test_the_neighbour_cannot_take_a_message_by_its_id(full: Runtime) -> None:
    message_id = only(full).id
    with full.store.session("anping") as session:
        assert messages.alone(session, message_id) is None
        assert messages.locked(session, message_id, 1) is None
        assert listing.story(session, message_id) is None
        assert session.get(Message, message_id) is None
        assert session.get(Attempt, (message_id, 1)) is None
        assert listing.page(session, Wanted(), 10).messages == []
        sums = listing.figures(session, clock.now())
        assert (sums.waiting, sums.parked, sums.failed, sums.sms_today, sums.segments) == (0, 0, 0, 0, 0)
        assert decisions.resume_all(session, WHO, clock.now()) == 0
        refusal = claims.Refusal("anping", message_id, "expired", "expired", "…")
        claims.refuse(session, refusal, clock.now())
    assert only(full).state == "waiting"


def test_the_neighbours_opt_out_is_its_own(full: Runtime) -> None:
    theirs = only(full)
    with full.store.session("anping") as session:
        suppressions.lift(session, theirs)
    with full.store.everywhere() as session:
        assert session.scalar(select(func.count()).select_from(Suppression)) == 1


def test_the_neighbours_retention_forgets_nothing_of_ours(full: Runtime) -> None:
    from datetime import timedelta

    with full.store.session("douliu") as session:
        message = session.scalars(select(Message)).one()
        messages.fail(session, message, "failed", "x", "…", clock.now())
    later = clock.now() + timedelta(days=1000)
    assert retention.forget(full.store, full.tenant("anping"), later) == 0
    assert len(every(full)) == 1


@pytest.mark.parametrize("model", [Message, Decision])
def test_nothing_is_written_for_another_office(full: Runtime, model: type) -> None:
    with pytest.raises(WrongTenant), full.store.session("anping") as session:
        session.add(model(tenant="douliu"))


def test_what_is_said_of_a_message_is_said_by_its_own_office(runtime: Runtime) -> None:
    record(runtime)
    tell(runtime)
    tell(runtime, tenant="anping", number="AP-115-000001-1")
    sender(runtime).send()
    said = {(event["tenant"], event["data"]["case_number"]) for event in outbox(runtime)}
    assert said == {("douliu", "DL-115-004217-6"), ("anping", "AP-115-000001-1")}


def test_an_event_of_an_office_makes_its_own_messages(runtime: Runtime) -> None:
    body = tell(runtime)
    other = {**body, "tenant": "anping", "data": {**body["data"], "recipient": None}}
    hear(runtime, other)  # the same id, said in another office's name
    assert [message.tenant for message in every(runtime)] == ["douliu"]


def test_the_same_reference_may_stand_in_two_offices(runtime: Runtime) -> None:
    tell(runtime)
    tell(runtime, tenant="anping", number="AP-115-000001-1")
    for message in every(runtime):
        with runtime.store.session(message.tenant) as session:
            own = messages.alone(session, message.id)
            assert own is not None
            messages.accept(session, own, "SM1", 1, clock.now())
    assert [message.reference for message in every(runtime)] == ["SM1", "SM1"]


def test_a_receipt_of_another_office_is_not_learned(full: Runtime) -> None:
    from services.notify import callbacks

    message_id = only(full).id
    with full.store.session("anping") as session:
        callbacks.learn(session, message_id, Receipt("SM1", "delivered"), clock.now())
    assert only(full).state == "waiting"
    assert attempts.undecided(Attempt(state="prepared"))
