"""What gis stores. Coordinates are WGS84 degrees; a cell is a square of 0.005° (some 500 m); moments are UTC.

On PostgreSQL with PostGIS the migration adds a generated column `asset.place geography(Point, 4326)` with a GiST index
for each kind; nothing here needs it (see `nearest.py`).
"""

from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Float, Index, MetaData, String, UniqueConstraint
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from chassis.store import Json, Key, Owned, UtcDateTime, ground_tables, naming

Kind = Literal["lamp", "park", "facility"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Geography(UserDefinedType[str]):
    """PostGIS's type, so that whoever inspects the database knows `asset.place` for what it is."""

    cache_ok = True

    def __init__(self, shape: str = "Point", srid: str = "4326") -> None:
        self.shape, self.srid = shape, srid

    def get_col_spec(self, **options: Any) -> str:
        """Its name in SQL."""
        return f"geography({self.shape}, {self.srid})"


ischema_names["geography"] = Geography


class Base(DeclarativeBase):
    """The tables of gis."""

    metadata = MetaData(naming_convention=naming)


class Asset(Owned, Base):
    """Something with a number and a place. The number is text: its leading zeros are part of it (DL6).

    `version` counts its changes from 1; `removed_at` says since when it no longer stands.
    """

    __tablename__ = "asset"
    __table_args__ = (
        UniqueConstraint("tenant", "kind", "number"),
        Index("asset_cell", "tenant", "kind", "cx", "cy"),
        Index("asset_village", "tenant", "kind", "village", "number"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str | None] = mapped_column(String(120))
    name_en: Mapped[str | None] = mapped_column(String(120))
    lon: Mapped[float] = mapped_column(Float(53))
    lat: Mapped[float] = mapped_column(Float(53))
    cx: Mapped[int]
    cy: Mapped[int]
    address: Mapped[str | None] = mapped_column(String(200))
    village: Mapped[str | None] = mapped_column(String(30))
    attributes: Mapped[dict[str, Any]] = mapped_column(Json)
    version: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def name(self) -> dict[str, str] | None:
        """`{"zh", "en"}`, or None where the number is the name."""
        known = self.name_zh or self.name_en
        return {"zh": self.name_zh or known, "en": self.name_en or known} if known else None


class AssetCase(Owned, Base):
    """A case of intake as gis knows it, in its newest version; open while `closed_at` is empty.

    Kind and number are empty for a case about no asset: an older version that named one may come later.
    """

    __tablename__ = "asset_case"
    __table_args__ = (Index("asset_case_asset", "tenant", "kind", "number", "opened_at"),)

    tenant: Mapped[str] = mapped_column(String(31), primary_key=True)
    case_number: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str | None] = mapped_column(String(20))
    number: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


ground_tables(Base.metadata)
