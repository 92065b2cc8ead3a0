"""From the POST of a case to its SMS in the provider's hands, beside a bare publish → consume → HTTP call."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.crew import Hand, crew
from tests.bench.figures import percentile
from tests.bench.report import Goal, Line
from tests.fakes.twilio_remote import RemoteTwilio, twilio_process
from tests.load import api_key
from tests.platform import Platform, case_numbers, city, free_port, until

RATE = 50
PROCESSES = 2
SECONDS = 10.0
ROUNDS = 2
GOALS = (Goal("ratio at most", 3), Goal("at most", 250))
WARM = 2.0


@dataclass
class Scene:
    """Both sides, up and idle; milliseconds of every message, round by round."""

    provider: RemoteTwilio
    sides: dict[str, Hand]
    seen: dict[str, list[list[float]]] = field(default_factory=dict)

    def measure(self, name: str, seconds: float) -> list[float]:
        """One round of one side: milliseconds from due to accepted."""
        before = self.provider.count()
        self.sides[name].order(rate=RATE, seconds=seconds)
        due: dict[str, float] = self.sides[name].answer()["due"]
        until(lambda: self.provider.count() >= before + len(due), seconds=60, what="the last message")
        accepted = self._accepted(before)
        return [(accepted[mark] - moment) * 1000 for mark, moment in due.items()]

    def percentiles(self, name: str, share: float) -> list[float]:
        """In milliseconds, round by round."""
        return [percentile(times, share) for times in self.seen[name]]

    def _accepted(self, before: int) -> dict[str, float]:
        """When each message was accepted (epoch seconds), by its case's number, or its text."""
        found = self.provider.accepted()[before:]
        marks = [(case_numbers(one["body"]) or [one["body"]])[0] for one in found]
        times = [datetime.fromisoformat(one["time"]).timestamp() for one in found]
        return dict(zip(marks, times, strict=True))


def run() -> list[Line]:
    """The lines of this benchmark."""
    with scene() as stage:
        for name in stage.sides:
            stage.measure(name, WARM)
        for _ in range(ROUNDS):
            for name in stage.sides:
                stage.seen.setdefault(name, []).append(stage.measure(name, SECONDS))
    return list(_lines(stage))


def _lines(stage: Scene) -> Iterator[Line]:
    beside = "bare publish → consume → HTTP"
    what = f"POST to SMS handed over, {RATE} cases/s"
    for share in (0.5, 0.95, 0.99):
        ours, bare = stage.percentiles("ours", share), stage.percentiles("bare", share)
        goal = GOALS[0] if share == 0.95 else None
        yield Line(f"{what}, p{share * 100:g}", "ms", ours, beside, bare, goal)
    yield Line(f"{what}, p95", "ms", stage.percentiles("ours", 0.95), goal=GOALS[1])


@contextmanager
def scene() -> Iterator[Scene]:
    """intake and notify in two processes each, the provider, and the bare loop in two processes."""
    with ExitStack() as stack:
        provider = stack.enter_context(twilio_process())
        port = free_port()  # the provider calls back there, past the tests' own proxy
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="lamppost-bench-")))
        public = f"http://127.0.0.1:{port}"
        platform = stack.enter_context(city(folder, LAMPPOST_SMS=provider.setting, LAMPPOST_PUBLIC_URL=public))
        assert platform.host is not None
        platform.host.ports["notify"] = port
        for service in ("notify", "intake"):
            platform.start(service, "--processes", str(PROCESSES))
        bus = platform.environment["LAMPPOST_BUS"]
        stack.enter_context(crew(1, "sms_kombu", "--bus", bus, "--provider", provider.url))
        bare = stack.enter_context(crew(1, "sms_load", "--bus", bus))
        ours = stack.enter_context(crew(1, "sms_load", *_door(platform)))
        yield Scene(provider, {"ours": ours[0], "bare": bare[0]})


def _door(platform: Platform) -> list[str]:
    assert platform.host is not None
    url = f"http://127.0.0.1:{platform.host.ports['intake']}/douliu/open311/v2/requests.json"
    return ["--url", url, "--key", api_key(platform)]
