"""A service of two files to try the chassis with: it keeps notes, says so, and hears itself."""

from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.bus import Event
from chassis.manifest import Manifest
from chassis.store import Key, Owned, ground_tables, naming


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=naming)


class Note(Owned, Base):
    __tablename__ = "note"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    words: Mapped[str] = mapped_column(String(200))
    echoes: Mapped[int] = mapped_column(default=0)


ground_tables(Base.metadata)


class Noted(Event):
    """A note was taken."""

    source: ClassVar[str] = "toy"
    type: ClassVar[str] = "noted.v1"
    examples: ClassVar[tuple[dict[str, Any], ...]] = ({"words": "buy lamps"},)

    words: str


def _worker() -> Any:
    from tests.chassis.toy.service import Toy

    return Toy


manifest = Manifest(
    name="toy",
    prefixes=("/toys",),
    tables=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    worker=_worker,
    web=lambda runtime: None,  # type: ignore[arg-type,return-value]
    events=(Noted,),
)
