"""notify on the bus: each turn of a case that its applicant must be told of."""

from chassis import clock
from chassis.bus import Heard, Worker, event_handler
from services.notify import inbox, notices


class Notify(Worker):
    """Handlers of notify. They only write down what is to be sent; the senders send it."""

    name = "notify"

    @event_handler("intake", "case_opened.v1", reads=inbox.CaseOpened)
    def on_case_opened(self, heard: Heard[inbox.CaseOpened]) -> None:
        """The receipt."""
        notices.opened(heard, clock.now())

    @event_handler("intake", "case_returned.v1", reads=inbox.CaseReturned)
    def on_case_returned(self, heard: Heard[inbox.CaseReturned]) -> None:
        """What is missing."""
        notices.returned(heard, clock.now())

    @event_handler("intake", "case_closed.v1", reads=inbox.CaseClosed)
    def on_case_closed(self, heard: Heard[inbox.CaseClosed]) -> None:
        """How it ended."""
        notices.closed(heard, clock.now())
