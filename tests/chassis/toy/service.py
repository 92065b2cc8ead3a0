"""The toy's worker: a handler that fails as often as the words ask for, and a question."""

from sqlalchemy import func, select, update

from chassis.bus import Heard, Reader, Worker, event_handler, rpc
from tests.chassis.toy import Note

failures: dict[str, int] = {}


class Noted(Reader):
    words: str


class Toy(Worker):
    name = "toy"

    @event_handler("toy", "noted.v1", reads=Noted)
    def on_noted(self, heard: Heard[Noted]) -> None:
        words, _, times = heard.data.words.partition(" fails ")
        failures[heard.id] = failures.get(heard.id, 0) + 1
        if failures[heard.id] <= int(times or 0):
            raise RuntimeError(f"not yet: {words}")
        heard.session.execute(update(Note).where(Note.words == heard.data.words).values(echoes=Note.echoes + 1))

    @rpc
    def count(self, *, tenant: str) -> int:
        with self.runtime.store.session(tenant) as session:
            return session.scalar(select(func.count()).select_from(Note)) or 0
