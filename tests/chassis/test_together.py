"""New rows in one round trip: all or none, typed as the models are, refused for another office."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError

from chassis.store import DeadLetter, InboxRow, OutboxRow, Store, WrongTenant
from chassis.store.tables import Ground
from chassis.store.together import write_together

NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)


@pytest.fixture
def store(store_url: str) -> Any:
    made = Store(store_url)
    Ground.metadata.create_all(made.engine)
    yield made
    made.close()


def outbox(tenant: str = "douliu", **more: Any) -> dict[str, Any]:
    row = {"tenant": tenant, "event_id": "e1", "type": "a.v1", "subject": "s", "envelope": {"字": [1, None]}}
    return row | {"created_at": NOW, "due_at": NOW, "attempts": 0} | more


def inbox(number: str = "e1") -> dict[str, Any]:
    return {"tenant": "douliu", "handler": "on_a", "event_id": number, "received_at": NOW}


def test_rows_come_back_as_they_were_written(store: Store) -> None:
    with store.session("douliu") as session:
        write_together(session, [(InboxRow, inbox()), (InboxRow, inbox("e2")), (OutboxRow, outbox())])
    with store.session("douliu") as session:
        heard = session.scalars(select(InboxRow.event_id).order_by(InboxRow.event_id)).all()
        said = session.scalars(select(OutboxRow)).one()
    assert heard == ["e1", "e2"]
    assert (said.envelope, said.created_at, said.published_at) == ({"字": [1, None]}, NOW, None)


def test_one_wrong_row_and_none_is_written(store: Store) -> None:
    with pytest.raises(DBAPIError), store.session("douliu") as session:
        write_together(session, [(OutboxRow, outbox()), (InboxRow, inbox()), (InboxRow, inbox())])
    with store.session("douliu") as session:
        assert session.scalars(select(OutboxRow)).all() == []


def test_a_row_of_another_office_is_refused(store: Store) -> None:
    with pytest.raises(WrongTenant), store.session("douliu") as session:
        write_together(session, [(OutboxRow, outbox()), (OutboxRow, outbox("anping"))])
    with store.everywhere() as session:
        assert session.scalars(select(OutboxRow)).all() == []


def test_postgresql_needs_one_statement(store: Store) -> None:
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with store.session("douliu") as session:
        before = len(statements)
        write_together(session, [(InboxRow, inbox()), (OutboxRow, outbox())])
    assert len(statements) - before == (1 if store.dialect == "postgresql" else 2)


def test_shapes_of_other_columns_are_not_mixed_up(store: Store) -> None:
    with store.session("douliu") as session:
        for error in (None, "later"):
            more = {"error": error} if error else {}
            write_together(session, [(InboxRow, inbox(str(error))), (OutboxRow, outbox(**more))])
        assert session.scalars(select(OutboxRow.error).order_by(OutboxRow.position)).all() == [None, "later"]
        assert session.scalars(select(DeadLetter)).all() == []


def test_at_once_is_one_value_of_one_office(store: Store) -> None:
    insert = (
        "INSERT INTO inbox (tenant, handler, event_id, received_at) VALUES (:tenant, 'h', :id, :at) RETURNING event_id"
    )
    assert store.at_once("douliu", insert, id="e9", at=NOW.isoformat()) == "e9"
    with store.session("anping") as session:
        assert session.scalars(select(InboxRow)).all() == []
