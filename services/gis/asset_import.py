"""Bringing a file of assets in: each row is imported or refused with line and reason; twice changes nothing more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chassis.store import Store
from chassis.tenants import Tenant
from services.gis.asset_rows import read_row
from services.gis.columns import Columns
from services.gis.inventory import NewAsset, put
from services.gis.model import Kind
from services.gis.table_file import Refused, Row, Table

BATCH = 500

Progress = Callable[[int, int], None]


@dataclass
class Report:
    """What became of a file. `swapped` rows had their axes put right; `refused` are in the order of the file."""

    encoding: str
    rows: int
    added: int = 0
    changed: int = 0
    same: int = 0
    swapped: int = 0
    refused: list[Refused] = field(default_factory=list)


def import_table(store: Store, office: Tenant, kind: Kind, table: Table, now: datetime, progress: Progress) -> Report:
    """Import a file in batches, each one transaction. Errors: `ValueError` when a needed column is missing."""
    columns = Columns(table.headers)
    report = Report(table.encoding, len(table.rows))
    seen: dict[str, tuple[int, NewAsset]] = {}
    for start in range(0, len(table.rows), BATCH):
        rows = table.rows[start : start + BATCH]
        assets = _read(rows, columns, office, seen, report)
        with store.session(office.code) as session:
            outcome = put(session, kind, assets, now)
        report.added += outcome.added
        report.changed += outcome.changed
        report.same += outcome.same
        progress(start + len(rows), len(table.rows))
    return report


def _read(
    rows: Sequence[Row | Refused],
    columns: Columns,
    office: Tenant,
    seen: dict[str, tuple[int, NewAsset]],
    report: Report,
) -> list[NewAsset]:
    """The assets of some rows; what is wrong with the others goes into the report."""
    assets = []
    for row in rows:
        if isinstance(row, Refused):
            report.refused.append(row)
            continue
        try:
            told = read_row(row.values, columns, office)
            if _first(row.line, told.asset, seen):
                assets.append(told.asset)
            else:
                report.same += 1
            report.swapped += told.swapped
        except ValueError as error:
            report.refused.append(Refused(row.line, str(error)))
    return assets


def _first(line: int, asset: NewAsset, seen: dict[str, tuple[int, NewAsset]]) -> bool:
    """True when the file names this asset for the first time. Errors: `ValueError` when it named another so."""
    before, told = seen.setdefault(asset.number, (line, asset))
    if told != asset:
        raise ValueError(f"number: {asset.number} stands in line {before} already, with other data")
    return before == line
