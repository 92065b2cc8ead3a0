"""Transactions that begin with their first statement: one message, and still all or nothing, still one tenant's."""

from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from chassis.store import Store, StoreDown
from chassis.store.postgresql import opening
from tests import servers
from tests.chassis.toy import Note, manifest
from tests.conftest import MakeRuntime

MESSAGE = text("SELECT current_query()")
SCOPE = "SELECT set_config('lamppost.tenant', 'douliu', true)"


@pytest.fixture
def store(make_runtime: MakeRuntime) -> Iterator[Store]:
    with servers.database("store") as url:
        yield make_runtime(manifest, url).store


def take_notes(store: Store, *words: str) -> None:
    with store.session("douliu") as session:
        session.add_all(Note(words=one) for one in words)


def words(store: Store) -> list[str]:
    with store.session("douliu") as session:
        return list(session.scalars(select(Note.words).order_by(Note.id)))


def test_the_first_statement_brings_begin_and_tenant_with_it(store: Store) -> None:
    with store.session("douliu") as session:
        messages = [session.scalar(MESSAGE), session.scalar(MESSAGE)]
    assert messages == [f"BEGIN; {SCOPE};SELECT current_query()", "SELECT current_query()"]


def test_a_statement_alone_is_a_transaction_by_itself(store: Store) -> None:
    with store.session("douliu", alone=True) as session:
        assert session.scalar(MESSAGE) == f" {SCOPE};SELECT current_query()"
    with pytest.raises(RuntimeError), store.session("douliu", alone=True) as session:
        session.execute(insert(Note).values(words="lamp", echoes=0, tenant="douliu"))
        raise RuntimeError
    assert words(store) == ["lamp"]


def test_what_need_not_last_says_so_for_its_transaction_only(store: Store) -> None:
    shown = text("SHOW synchronous_commit")
    with store.session("douliu", durable=False) as session:
        assert session.scalar(shown) == "off"
    with store.session("douliu") as session:
        assert session.scalar(shown) == "on"


def test_an_error_takes_everything_back_and_leaves_the_connection_whole(store: Store) -> None:
    with pytest.raises(IntegrityError), store.session("douliu") as session:
        session.execute(insert(Note).values(words="lamp", echoes=0, tenant="douliu"))
        session.execute(text("INSERT INTO note (words, tenant) VALUES ('no echoes', 'douliu')"))
    with store.session("anping") as session:
        assert session.scalar(text("SELECT current_setting('lamppost.tenant')")) == "anping"
    assert words(store) == []


def test_many_at_once_are_part_of_the_transaction(store: Store) -> None:
    take_notes(store, "a", "b")
    both = update(Note.__table__).where(Note.words == text(":old")).values(echoes=1)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError), store.session("douliu") as session:
        session.connection().execute(both, [{"old": "a"}, {"old": "b"}])
        raise RuntimeError
    with store.session("douliu") as session:
        assert session.scalar(select(func.sum(Note.echoes))) == 0


@pytest.mark.parametrize("alone", [False, True])
def test_many_at_once_come_first_and_are_counted(store: Store, alone: bool) -> None:
    take_notes(store, "a", "b", "c")
    both = update(Note.__table__).where(Note.words == text(":old")).values(echoes=1)  # type: ignore[arg-type]
    with store.session("douliu", alone=alone) as session:
        assert session.connection().execute(both, [{"old": "a"}, {"old": "b"}]).rowcount == 2
    with store.session("douliu") as session:
        assert session.scalar(select(func.sum(Note.echoes))) == 2


def test_several_changed_objects_are_written_as_one_expects(store: Store) -> None:
    take_notes(store, "a", "b", "c")
    with store.session("douliu") as session:
        for note in session.scalars(select(Note)):
            note.echoes = 7
    with store.session("douliu") as session:
        assert session.scalar(select(func.sum(Note.echoes))) == 21


def test_a_savepoint_is_inside(store: Store) -> None:
    with store.session("douliu") as session:
        session.add(Note(words="kept"))
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text("INSERT INTO note (words, tenant) VALUES ('no echoes', 'douliu')"))
    assert words(store) == ["kept"]


def test_a_session_that_asked_nothing_leaves_no_tenant_behind(store: Store) -> None:
    take_notes(store, "lamp")
    with store.session("douliu"):
        pass
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM note")).scalar() == 0


def test_a_connection_the_server_closed_is_replaced_unnoticed(store: Store) -> None:
    take_notes(store, "lamp")
    for _ in range(2):
        end_all_of(store)
        assert words(store) == ["lamp"]


def test_a_connection_that_breaks_within_a_transaction_is_a_store_down(store: Store) -> None:
    with pytest.raises(StoreDown), store.session("douliu") as session:
        session.add(Note(words="lost"))
        session.flush()
        end_all_of(store)
    assert words(store) == []


@pytest.mark.parametrize("tenant", ["dou'liu", "", "a b", "%s", "a\\", "**"])
def test_what_can_be_no_tenant_opens_nothing(tenant: str) -> None:
    with pytest.raises(ValueError, match="tenant"):
        opening(tenant)


def end_all_of(store: Store) -> None:
    with psycopg2.connect(servers.required("POSTGRES")) as admin:
        admin.cursor().execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (store.url.database,)
        )
