"""The reference of the web: one bare Flask route, on the same server as the services'."""

from chassis.serve.green import patch

patch()

import sys
from threading import Event
from typing import Any

from flask import Flask, request

from chassis.serve.http import HttpServer
from tests.bench.crew import ready

app = Flask(__name__)


@app.post("/requests.json")
def create() -> tuple[list[dict[str, Any]], int]:
    """Read the form, answer as Open311 does."""
    return [{"service_request_id": request.form["attribute[pole]"]}], 201


def main() -> None:
    """Serve on the port given as the one argument, until ended."""
    HttpServer(app, int(sys.argv[1])).start()
    ready()
    Event().wait()


if __name__ == "__main__":
    main()
