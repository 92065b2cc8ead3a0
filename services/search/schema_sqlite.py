"""The tables of the SQLite index, and one document's rows in them."""

import json
import sqlite3

from services.search.analysis import ANALYSER
from services.search.documents import Document, restored
from services.search.paging import microseconds
from services.search.passages import passage
from services.search.suggestions import shortened

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
  row INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  visibility TEXT NOT NULL,
  updated INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  record TEXT NOT NULL,
  UNIQUE (tenant, id)
);
CREATE VIRTUAL TABLE IF NOT EXISTS passages USING fts5(
  title, body, characters, codes, tokenize = "ascii tokenchars '.'"
);
CREATE TABLE IF NOT EXISTS words (number INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS forms (
  form TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (form, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uses (
  row INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (row, number)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uses_number ON uses (number);
"""

_REPLACE = """
INSERT INTO documents (tenant, id, version, kind, visibility, updated, deleted, record)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (tenant, id) DO UPDATE SET
  version = excluded.version, kind = excluded.kind, visibility = excluded.visibility,
  updated = excluded.updated, deleted = excluded.deleted, record = excluded.record
WHERE excluded.version > documents.version
RETURNING row
"""


def create(db: sqlite3.Connection) -> bool:
    """Make the tables that are missing; True when the tokens in them are of another analyser."""
    db.execute("PRAGMA journal_mode = WAL")
    made_by = db.execute("PRAGMA user_version").fetchone()[0]
    if made_by != ANALYSER:
        db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
    if made_by == 0:
        stamp(db)
    return made_by not in (0, ANALYSER)


def stamp(db: sqlite3.Connection) -> None:
    """Say that all tokens are of today's analyser."""
    db.execute(f"PRAGMA user_version = {ANALYSER}")


def replace(db: sqlite3.Connection, document: Document) -> None:
    """Put a document in place of its lower versions; higher and equal ones stay."""
    kept = document.remains() if document.deleted else document
    written = db.execute(_REPLACE, _values(kept)).fetchone()
    if written:
        index(db, written[0], kept)


def index(db: sqlite3.Connection, row: int, document: Document) -> None:
    """Write the tokens of a row anew."""
    forget_tokens(db, row)
    if document.deleted:
        return
    read = passage(document)
    db.execute(
        "INSERT INTO passages (rowid, title, body, characters, codes) VALUES (?, ?, ?, ?, ?)",
        (row, read.title, read.body, read.characters, read.codes),
    )
    numbers = [_number(db, word) for word in sorted(read.words)]
    db.executemany("INSERT INTO uses (row, number) VALUES (?, ?)", [(row, number) for number in numbers])


def forget_tokens(db: sqlite3.Connection, row: int) -> None:
    """Take a row out of the search; its version stays."""
    db.execute("DELETE FROM passages WHERE rowid = ?", (row,))
    used = db.execute("SELECT number, word FROM uses JOIN words USING (number) WHERE row = ?", (row,))
    words = used.fetchall()
    db.execute("DELETE FROM uses WHERE row = ?", (row,))
    for number, word in words:
        _forget_unused(db, number, word)


def forget_words(db: sqlite3.Connection) -> None:
    """Empty the vocabulary; indexing every row fills it again."""
    for table in ("words", "forms", "uses"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names


def load(record: str) -> Document:
    """The document of a stored record."""
    return restored(json.loads(record))


def _number(db: sqlite3.Connection, word: str) -> int:
    found = db.execute("SELECT number FROM words WHERE word = ?", (word,)).fetchone()
    if found:
        return int(found[0])
    (number,) = db.execute("INSERT INTO words (word) VALUES (?) RETURNING number", (word,)).fetchone()
    forms = [(form, number) for form in sorted(shortened(word))]
    db.executemany("INSERT INTO forms (form, number) VALUES (?, ?)", forms)
    return int(number)


def _forget_unused(db: sqlite3.Connection, number: int, word: str) -> None:
    if db.execute("SELECT 1 FROM uses WHERE number = ? LIMIT 1", (number,)).fetchone():
        return
    db.execute("DELETE FROM words WHERE number = ?", (number,))
    forms = [(form, number) for form in sorted(shortened(word))]
    db.executemany("DELETE FROM forms WHERE form = ? AND number = ?", forms)


def _values(document: Document) -> tuple[str | int, ...]:
    return (
        document.tenant,
        document.id,
        document.version,
        document.kind,
        document.visibility,
        microseconds(document.updated_at),
        document.deleted,
        json.dumps(document.record(), ensure_ascii=False),
    )
