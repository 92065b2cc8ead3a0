"""What search stores: every document it has heard of, at its newest version; the index is made from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, MetaData, String, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.store import Json, Key, Owned, UtcDateTime, ground_tables, naming

WAITING = text("waiting")


class Base(DeclarativeBase):
    """Search's tables."""

    metadata = MetaData(naming_convention=naming)


class Entry(Owned, Base):
    """One document (`services.search.documents.Document` as JSON); `waiting` until the index has it."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("tenant", "document"),
        Index("entry_waiting", "heard_at", postgresql_where=WAITING, sqlite_where=WAITING),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    document: Mapped[str] = mapped_column(String(400))
    version: Mapped[int] = mapped_column(BigInteger)
    record: Mapped[dict[str, Any]] = mapped_column(Json)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    waiting: Mapped[bool]


ground_tables(Base.metadata)
