"""gis on the bus: it hears which lamps are reported, and answers where an asset stands."""

from typing import Any

from chassis import clock
from chassis.bus import Heard, Worker, event_handler, rpc
from services.gis import answers, reports
from services.gis.inbox import CaseChanged


class Gis(Worker):
    """Handlers and RPCs of gis."""

    name = "gis"

    @event_handler("intake", "case_opened.v1", reads=CaseChanged)
    def on_case_opened(self, heard: Heard[CaseChanged]) -> None:
        """A lamp may be reported."""
        reports.remember(heard.session, heard.data.case)

    @event_handler("intake", "case_closed.v1", reads=CaseChanged)
    def on_case_closed(self, heard: Heard[CaseChanged]) -> None:
        """A report is done."""
        reports.remember(heard.session, heard.data.case)

    @event_handler("intake", "case_reopened.v1", reads=CaseChanged)
    def on_case_reopened(self, heard: Heard[CaseChanged]) -> None:
        """A report was not done after all."""
        reports.remember(heard.session, heard.data.case)

    @event_handler("intake", "case_withdrawn.v1", reads=CaseChanged)
    def on_case_withdrawn(self, heard: Heard[CaseChanged]) -> None:
        """A report was taken back."""
        reports.remember(heard.session, heard.data.case)

    @rpc
    def asset(self, *, tenant: str, kind: str, number: str) -> dict[str, Any]:
        """Where it stands and whether it is reported, or what may have been meant. Errors: unknown tenant or kind."""
        with self.runtime.store.session(self.runtime.tenant(tenant).code) as session:
            return answers.asset(session, kind, number, clock.now())

    @rpc
    def nearest(self, *, tenant: str, kind: str, lon: float, lat: float, limit: int = 5) -> list[dict[str, Any]]:
        """The nearest assets of a kind with their distance in metres. Errors: unknown tenant, values out of range."""
        with self.runtime.store.session(self.runtime.tenant(tenant).code) as session:
            return answers.nearest(session, kind, lon, lat, limit)
