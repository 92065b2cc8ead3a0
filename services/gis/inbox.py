"""What gis hears: which lamps are reported and which reports are done."""

from datetime import datetime

from chassis.bus import Reader


class Case(Reader):
    """The case and the asset it is about, if any."""

    number: str
    version: int
    status: str
    asset_kind: str | None = None
    asset_number: str | None = None
    opened_at: datetime
    closed_at: datetime | None = None


class CaseChanged(Reader):
    """A case was opened, closed, reopened or withdrawn."""

    case: Case
