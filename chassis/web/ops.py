"""The operations side of every service: `/{service}/health/…`, `/metrics`, `/openapi.json`, `/dead-letters`."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, json, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from kombu.exceptions import KombuError
from werkzeug.wrappers import Response as AnyResponse

from chassis.bus import dead
from chassis.bus.publisher import BrokerDown
from chassis.runtime import Runtime
from chassis.store import StoreDown
from chassis.web import health, metrics
from chassis.web.blueprints import Api, Pages
from chassis.web.openapi import Document
from chassis.web.problems import Problem
from chassis.web.staff import CITY_IT, staff_required

PAGE = 50


def machine_doors(runtime: Runtime) -> Api:
    """Health, metrics and the OpenAPI document."""
    doors = Api("ops", __name__, url_prefix=f"/{runtime.name}")
    counted = metrics.metrics(runtime.name)

    @doors.get("/health/live")
    def live() -> Response:
        return jsonify(status="ok")

    @doors.get("/health/ready")
    def ready() -> tuple[Response, int]:
        needed = health.checks(runtime)
        failed = health.missing(needed)
        answer = {"status": "down" if failed else "ok", "checked": sorted(needed), "missing": failed}
        return jsonify(answer), 503 if failed else 200

    @doors.get("/metrics")
    def exposition() -> Response:
        try:
            counted.look(runtime.store)
        except StoreDown:
            counted.backlog.set(float("nan"))
        return metrics.exposition(runtime.name)

    return doors


def openapi_door(app: Flask, runtime: Runtime) -> None:
    """Serve the app's OpenAPI document, written at the first request for it."""
    written: list[bytes] = []

    def document() -> Response:
        if not written:
            written.append(json.dumps(Document(app, runtime).write()).encode())
        return Response(written[0], mimetype="application/json")

    app.add_url_rule(f"/{runtime.name}/openapi.json", "openapi", document)


def dead_letters(runtime: Runtime) -> Pages:
    """The page of messages nobody could handle, for city IT: look, replay, drop."""
    pages = Pages("dead_letters", __name__, url_prefix=f"/{runtime.name}/dead-letters")

    @pages.get("")
    @staff_required(CITY_IT)
    def index() -> str:
        letters = dead.list_dead(runtime.store, PAGE + 1, request.args.get("before", type=int))
        older = letters[PAGE - 1].id if len(letters) > PAGE else None
        return render_template("ops/dead_letters.html", letters=letters[:PAGE], older=older, service=runtime.name)

    @pages.get("/<int:number>")
    @staff_required(CITY_IT)
    def show(number: int) -> str:
        letter = _found(lambda: dead.show(runtime.store, number))
        return render_template("ops/dead_letter.html", letter=letter, service=runtime.name)

    @pages.post("/<int:number>/replay")
    @staff_required(CITY_IT)
    def replay(number: int) -> AnyResponse:
        _found(lambda: dead.replay(runtime.store, runtime.settings.bus, number))
        return redirect(url_for(".index"))

    @pages.post("/<int:number>/drop")
    @staff_required(CITY_IT)
    def drop(number: int) -> AnyResponse:
        _found(lambda: dead.drop(runtime.store, number))
        return redirect(url_for(".index"))

    return pages


def _found(look: Callable[[], Any]) -> Any:
    try:
        return look()
    except dead.NoSuchLetter:
        raise Problem(404, gettext("沒有這封死信，可能已經重送或丟棄。")) from None
    except (BrokerDown, KombuError, OSError):
        raise Problem(503, gettext("現在連不上訊息匯流排，死信還在，請稍後再重送。")) from None
    except ValueError:
        raise Problem(409, gettext("這封死信的內容不是 JSON，不能重送。")) from None
