"""A service of three pages and an API, to try the web ground with."""

from pathlib import Path

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.manifest import Manifest
from chassis.store import Key, Owned, ground_tables, naming


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=naming)


class Note(Owned, Base):
    __tablename__ = "note"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    words: Mapped[str] = mapped_column(String(200))


ground_tables(Base.metadata)

manifest = Manifest(
    name="tiny",
    prefixes=("/{tenant}/notes", "/{tenant}/api/tiny"),
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    worker=lambda: None,  # type: ignore[arg-type,return-value]
    web=lambda runtime: None,  # type: ignore[arg-type,return-value]
)
