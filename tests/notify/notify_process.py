"""Run notify alone as a real green process with `LAMPPOST_*` settings: handlers, senders and, with a port, pages.

    python -m tests.notify.notify_process [PORT]

The bus is the laptop's; leases are shorter than in earnest, so that a test need not wait for them.
"""

from chassis.serve.green import patch

patch()

import sys
from datetime import timedelta

from chassis import logs
from chassis.installation import open_all
from chassis.serve.process import Process
from services.notify import claims, doubts, manifest, sender

for module in (claims, doubts, sender):
    module.LEASE = timedelta(seconds=3)  # type: ignore[attr-defined]
sender.RENEW_AFTER = 0.8  # type: ignore[misc]
sender.TICK = 0.25  # type: ignore[misc]

logs.configure()
runtimes = open_all({"notify": manifest})
process = Process(runtimes)
port = int(sys.argv[1]) if sys.argv[1:] else None
process.start(manifest.web(runtimes["notify"]).wsgi_app if port else None, port or 0)
sys.exit(process.wait())
