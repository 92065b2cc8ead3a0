"""The one place that reads the clock. Rules take `now` as an argument; only boundaries call this."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

TAIPEI = ZoneInfo("Asia/Taipei")


def now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)
