"""Run the toy as a real process, with `LAMPPOST_*` settings; it asks itself one question for ever."""

from chassis.serve.green import patch

patch()

import json
import sys

import eventlet

from chassis.bus import AskFailed, retry
from chassis.installation import open_all
from chassis.serve.process import Process
from tests.chassis.toy import manifest

retry.DELAYS = (50, 100, 150)


def ask_for_ever(runtime: object) -> None:
    while True:
        try:
            answer = runtime.ask("toy", "count", tenant="douliu", timeout=2)  # type: ignore[attr-defined]
        except AskFailed as error:
            answer = str(error)
        sys.stdout.write(json.dumps({"answer": answer}) + "\n")
        sys.stdout.flush()
        eventlet.sleep(0.3)


runtimes = open_all({"toy": manifest})
process = Process(runtimes)
process.start(None, 0)
eventlet.spawn(ask_for_ever, runtimes["toy"])
sys.exit(process.wait())
