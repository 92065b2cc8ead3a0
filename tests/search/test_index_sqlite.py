import sqlite3
import threading
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest

from services.search import schema_sqlite
from services.search.index import Index, index_from
from services.search.selection_sqlite import select
from services.search.tree import EVERYTHING, Term
from tests.search.corpus import EVERYONE, found, some_documents
from tests.search.test_index import PUBLIC, document


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "search.db"


@pytest.fixture
def sqlite(file: Path) -> Index:
    return index_from(f"sqlite:///{file}")


@pytest.fixture
def inside(sqlite: Index, file: Path) -> Iterator[sqlite3.Connection]:
    """A look into the file of an index."""
    sqlite.ping()
    connection = sqlite3.connect(file)
    yield connection
    connection.close()


def test_readers_do_not_wait_for_a_writer(sqlite: Index, inside: sqlite3.Connection) -> None:
    sqlite.put([document(title={"zh": "路燈"})])
    assert inside.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    inside.execute("BEGIN IMMEDIATE")
    assert found(sqlite, Term("路燈"), "douliu") == ["1"]


def test_a_batch_is_whole_or_not_at_all(sqlite: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_at_the_end(db: sqlite3.Connection, row: int, document: object) -> None:
        if row == 3:
            raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(schema_sqlite, "index", fails_at_the_end)
    with pytest.raises(Exception, match="disk I/O error"):
        sqlite.put([document(str(number)) for number in range(3)])
    assert sqlite.count(tenant="douliu") == 0


def test_threads_write_at_the_same_time(sqlite: Index) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 25):
            sqlite.put([document(f"d{number}", title={"zh": "路燈"})])

    writers = [threading.Thread(target=write, args=(start,)) for start in (0, 25, 50, 75)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sqlite.count(tenant="douliu") == 100
    assert len(found(sqlite, Term("路燈"), "douliu")) == 100


def put_in_a_process(file: Path, first: int) -> None:
    index_from(f"sqlite:///{file}").put([document(f"d{first + number}") for number in range(150)])


def test_processes_write_at_the_same_time_even_at_the_first_start(file: Path) -> None:
    spawn = get_context("spawn")
    writers = [spawn.Process(target=put_in_a_process, args=(file, start)) for start in (0, 150)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert index_from(f"sqlite:///{file}").count(tenant="douliu") == 300


def test_tokens_of_another_analyser_are_made_anew(sqlite: Index, inside: sqlite3.Connection, file: Path) -> None:
    sqlite.put([document(title={"zh": "路燈"}), document("2", version=3, deleted=True)])
    inside.executescript("UPDATE passages SET title = 'old'; DELETE FROM words; PRAGMA user_version = 9999;")
    inside.commit()
    upgraded = index_from(f"sqlite:///{file}")
    assert found(upgraded, Term("路燈"), "douliu") == ["1"]
    assert upgraded.suggest("路登", tenant="douliu", audience=PUBLIC) == ["路燈"]
    assert inside.execute("PRAGMA user_version").fetchone()[0] != 9999


def test_a_rebuild_that_was_cut_short_is_done_again(
    sqlite: Index, inside: sqlite3.Connection, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite.put([document(title={"zh": "路燈"})])
    inside.executescript("UPDATE passages SET title = 'old'; PRAGMA user_version = 9999;")
    with monkeypatch.context() as patch:
        patch.setattr(schema_sqlite, "index", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            index_from(f"sqlite:///{file}").ping()
    assert found(index_from(f"sqlite:///{file}"), Term("路燈"), "douliu") == ["1"]


def test_a_tombstone_keeps_a_version_and_no_words(sqlite: Index, inside: sqlite3.Connection) -> None:
    sqlite.put([document(version=1, title={"zh": "王小明"}, number="DL-115-004217-6")])
    sqlite.put([document(version=2, title={"zh": "王小明"}, number="DL-115-004217-6", deleted=True)])
    (record,) = inside.execute("SELECT record FROM documents WHERE version = 2").fetchone()
    assert "王小明" not in record
    assert "4217" not in record
    for table in ("passages", "words", "forms", "uses"):
        assert inside.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_word_is_forgotten_with_its_last_document(sqlite: Index, inside: sqlite3.Connection) -> None:
    sqlite.put([document("1", title={"zh": "路燈"}), document("2", title={"zh": "路燈"})])
    sqlite.put([document("1", version=2, title={"zh": "公園"})])
    assert inside.execute("SELECT word FROM words ORDER BY word").fetchall() == [("公園",), ("路燈",)]
    sqlite.put([document("2", version=2, title={"zh": "公園"})])
    assert inside.execute("SELECT word FROM words").fetchall() == [("公園",)]
    assert inside.execute("SELECT count(*) FROM forms").fetchone() == (3,)


def test_the_text_index_is_asked_first(sqlite: Index, inside: sqlite3.Connection) -> None:
    sqlite.put(some_documents(50, seed=1))
    sql, parameters = select(Term("路燈"), "douliu", EVERYONE, {"case"}).page(None, 10)
    plan = [step[3] for step in inside.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    scans = [step for step in plan if "passages" in step or "documents" in step]
    assert "passages" in scans[0], plan


def test_everything_of_an_office_is_read_without_the_text_index() -> None:
    assert "passages" not in select(EVERYTHING, "douliu", EVERYONE, {"case"}).source
