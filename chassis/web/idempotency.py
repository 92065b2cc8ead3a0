"""`Idempotency-Key`: the same POST sent twice creates one thing and gets one answer.

The key is claimed and the answer kept in the transaction of the change itself, so both are there or neither. Whoever
comes second with the same key waits for the first transaction (briefly), then gets its answer.

    with store.session(g.tenant) as session:
        if answer := once(session, key, print_):
            return answer.response()
        …change…
        return remember(session, key, print_, Answer(201, body)).response()
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from flask_babel import gettext
from pydantic import BaseModel
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from chassis.clock import now
from chassis.store import IdempotencyKey
from chassis.store.tenancy import ScopedSession
from chassis.store.together import write_once
from chassis.web.problems import FieldProblem, Problem

HEADER = "Idempotency-Key"
SHAPE = re.compile(r"[!-~]{1,255}")
IN_FLIGHT = 0
WAIT = "SET LOCAL lock_timeout = '3s'"
LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True)
class Answer:
    """What was answered: status and body (JSON text, or whatever `mimetype` says)."""

    status: int
    body: str
    mimetype: str = "application/json"

    def response(self) -> Response:
        """As an HTTP response."""
        return Response(self.body, self.status, mimetype=self.mimetype)


def key() -> str | None:
    """The request's key, if it has one. Errors: `Problem` 400 when it is not 1 to 255 visible ASCII characters."""
    given = request.headers.get(HEADER)
    if given is None or SHAPE.fullmatch(given):
        return given
    detail = gettext("Idempotency-Key 要是 1 到 255 個可見的 ASCII 字元。")
    raise Problem(400, detail, errors=[FieldProblem("#/Idempotency-Key", detail)])


def fingerprint(*parts: BaseModel | str) -> str:
    """What was asked for, as 64 hexadecimal digits: equal for equal payloads."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update((part if isinstance(part, str) else part.model_dump_json()).encode() + b"\x00")
    return digest.hexdigest()


def once(session: ScopedSession, key: str | None, fingerprint: str, route: str | None = None) -> Answer | None:
    """Claim the key; the answer given before, if there is one. Without a key nothing is claimed.

    Errors: `Problem` 409 while the first request is still under way, 422 when the key came with another payload.
    """
    if key is None or _claimed(session, key, fingerprint, route or _route()):
        return None
    found = session.scalars(_row(key, route or _route())).one()
    if found.fingerprint != fingerprint:
        detail = gettext("這個 Idempotency-Key 已經用在另一份內容上。")
        raise Problem(422, detail, errors=[FieldProblem("#/Idempotency-Key", detail)])
    if found.status == IN_FLIGHT:
        raise _in_flight()
    mimetype, _, body = found.body.partition("\n")
    return Answer(found.status, body, mimetype)


def remember(
    session: ScopedSession, key: str | None, fingerprint: str, answer: Answer, route: str | None = None
) -> Answer:
    """Keep the answer under the claimed key, in the same transaction; returns it."""
    if key is not None:
        session.execute(
            update(IdempotencyKey)
            .where(IdempotencyKey.route == (route or _route()), IdempotencyKey.key == key)
            .where(IdempotencyKey.fingerprint == fingerprint)
            .values(status=answer.status, body=f"{answer.mimetype}\n{answer.body}")
            .execution_options(synchronize_session=False)
        )
    return answer


def _claimed(session: ScopedSession, key: str, fingerprint: str, route: str) -> bool:
    row = {
        "tenant": session.tenant,
        "route": route,
        "key": key,
        "fingerprint": fingerprint,
        "status": IN_FLIGHT,
        "body": "",
        "created_at": now(),
    }
    try:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text(WAIT))
        return write_once(session, IdempotencyKey, row)
    except OperationalError as error:
        if getattr(error.orig, "pgcode", None) == LOCK_NOT_AVAILABLE:
            raise _in_flight() from None
        raise


def _row(key: str, route: str) -> Any:
    return select(IdempotencyKey).where(IdempotencyKey.route == route, IdempotencyKey.key == key)


def _route() -> str:
    return request.endpoint or ""


def _in_flight() -> Problem:
    return Problem(409, gettext("同一個 Idempotency-Key 的請求還在處理，請稍後再試。"), headers={"Retry-After": "1"})
