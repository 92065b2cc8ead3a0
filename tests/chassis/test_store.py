"""The store's promises, on SQLite and on PostgreSQL."""

import psycopg2
import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import StatementError

from chassis.store import OutboxRow, Store, StoreDown, WrongTenant
from chassis.store.migrations import migrate, pending
from chassis.store.tenancy import ONLY_THIS_TENANT
from tests.chassis.toy import Note, manifest
from tests.conftest import MakeRuntime


@pytest.fixture
def store(make_runtime: MakeRuntime, store_url: str) -> Store:
    return make_runtime(manifest, store_url).store


def note(store: Store, tenant: str, words: str) -> None:
    with store.session(tenant) as session:
        session.add(Note(words=words))


def words(store: Store, tenant: str) -> list[str]:
    with store.session(tenant) as session:
        return list(session.scalars(select(Note.words).order_by(Note.id)))


def test_a_row_belongs_to_the_session_tenant(store: Store) -> None:
    note(store, "douliu", "lamp")
    with store.everywhere() as session:
        assert session.scalars(select(Note.tenant)).all() == ["douliu"]


def test_the_neighbour_sees_nothing(store: Store) -> None:
    note(store, "douliu", "lamp")
    assert words(store, "anping") == []
    with store.session("anping") as session:
        assert session.scalar(select(func.count()).select_from(Note)) == 0
        assert session.scalar(select(func.count(Note.id))) == 0


def test_the_neighbour_changes_nothing(store: Store) -> None:
    note(store, "douliu", "lamp")
    with store.session("anping") as session:
        session.execute(update(Note).values(words="mine"))
        session.execute(delete(Note))
    assert words(store, "douliu") == ["lamp"]


def test_the_neighbours_row_is_not_found_by_its_key(store: Store) -> None:
    note(store, "douliu", "lamp")
    with store.everywhere() as session:
        key = session.scalar(select(Note.id))
    with store.session("anping") as session:
        assert session.get(Note, key) is None


def test_one_statement_serves_every_office(store: Store) -> None:
    once = select(Note.words)
    for tenant in ("douliu", "anping", "douliu"):
        note(store, tenant, f"of {tenant}")
        with store.session(tenant) as session:
            assert set(session.scalars(once)) == {f"of {tenant}"}


def test_a_scoped_statement_without_a_tenant_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="lamppost_tenant"), store.everywhere() as session:
        session.execute(select(Note).options(ONLY_THIS_TENANT))


def test_writing_for_another_tenant_is_refused(store: Store) -> None:
    with pytest.raises(WrongTenant, match="douliu"), store.session("anping") as session:
        session.add(Note(words="lamp", tenant="douliu"))
        session.flush()
    assert words(store, "douliu") == []


def test_everything_or_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.session("douliu") as session:
        session.add(Note(words="lamp"))
        session.flush()
        raise RuntimeError
    assert words(store, "douliu") == []


def test_a_raw_session_without_a_tenant_sees_nothing(store: Store) -> None:
    if store.dialect != "postgresql":
        pytest.skip("row-level security is PostgreSQL's")
    note(store, "douliu", "lamp")
    with psycopg2.connect(store.url.render_as_string(hide_password=False)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM note")
        assert cursor.fetchone() == (0,)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("INSERT INTO note (words, echoes, tenant) VALUES ('x', 0, 'douliu')")


def test_every_table_is_locked(store: Store) -> None:
    if store.dialect != "postgresql":
        pytest.skip("row-level security is PostgreSQL's")
    with store.everywhere() as session:
        locked = session.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"))
        assert set(locked) == set(manifest.tables.tables)


def test_a_tenant_is_forgotten_when_the_connection_goes_back(store: Store) -> None:
    if store.dialect != "postgresql":
        pytest.skip("the setting is PostgreSQL's")
    note(store, "douliu", "lamp")
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM note")).scalar() == 0


def test_migrating_twice_changes_nothing(store: Store) -> None:
    assert not pending(manifest, store)
    assert migrate(manifest, store) == ("0001", "0001")


def test_a_store_that_is_away_is_said_to_be_down() -> None:
    store = Store("postgresql://nobody:x@127.0.0.1:1/none")
    with pytest.raises(StoreDown), store.session("douliu"):
        pass


def test_bulk_inserts_name_their_tenant(store: Store) -> None:
    with store.session("douliu") as session:
        session.execute(insert(Note), [{"words": "a", "echoes": 0, "tenant": "douliu"}])
    assert words(store, "douliu") == ["a"]


def test_signals_follow_the_commit_only(store: Store) -> None:
    from chassis.store.engine import wake

    heard: list[str] = []
    store.listen("bell", lambda: heard.append("ding"))
    with pytest.raises(RuntimeError), store.session("douliu") as session:
        wake(session, "bell")
        raise RuntimeError
    assert heard == []
    with store.session("douliu") as session:
        wake(session, "bell")
    assert heard == ["ding"]
    assert OutboxRow.__tablename__ == "outbox"
