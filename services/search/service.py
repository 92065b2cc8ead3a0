"""Search on the bus: it hears of whatever can be found."""

from chassis import clock
from chassis.bus import Heard, Worker, event_handler
from services.search import entries
from services.search.inbox import AssetPublished, CaseChanged, ServicePublished


class Search(Worker):
    """Handlers of search. Every case event carries the whole case, so all of them do the same."""

    name = "search"

    @event_handler("intake", "case_opened.v1", reads=CaseChanged)
    def on_case_opened(self, heard: Heard[CaseChanged]) -> None:
        """A new case."""
        _case(heard)

    @event_handler("intake", "case_taken.v1", reads=CaseChanged)
    def on_case_taken(self, heard: Heard[CaseChanged]) -> None:
        """In hand."""
        _case(heard)

    @event_handler("intake", "case_returned.v1", reads=CaseChanged)
    def on_case_returned(self, heard: Heard[CaseChanged]) -> None:
        """Waiting for the applicant."""
        _case(heard)

    @event_handler("intake", "case_supplemented.v1", reads=CaseChanged)
    def on_case_supplemented(self, heard: Heard[CaseChanged]) -> None:
        """In hand again."""
        _case(heard)

    @event_handler("intake", "case_closed.v1", reads=CaseChanged)
    def on_case_closed(self, heard: Heard[CaseChanged]) -> None:
        """Finished."""
        _case(heard)

    @event_handler("intake", "case_reopened.v1", reads=CaseChanged)
    def on_case_reopened(self, heard: Heard[CaseChanged]) -> None:
        """Not finished after all."""
        _case(heard)

    @event_handler("intake", "case_withdrawn.v1", reads=CaseChanged)
    def on_case_withdrawn(self, heard: Heard[CaseChanged]) -> None:
        """Withdrawn."""
        _case(heard)

    @event_handler("intake", "service_published.v1", reads=ServicePublished)
    def on_service_published(self, heard: Heard[ServicePublished]) -> None:
        """A service of the catalogue."""
        entries.keep(heard.session, entries.of_service(heard.tenant, heard.data), clock.now())

    @event_handler("gis", "asset_published.v1", reads=AssetPublished)
    def on_asset_published(self, heard: Heard[AssetPublished]) -> None:
        """A place people look up."""
        if (document := entries.of_asset(heard.tenant, heard.data)) is not None:
            entries.keep(heard.session, document, clock.now())


def _case(heard: Heard[CaseChanged]) -> None:
    case = heard.data.case
    description = heard.open(case.description, "search") if case.description else None
    entries.keep(heard.session, entries.of_case(heard.tenant, case, description), clock.now())
