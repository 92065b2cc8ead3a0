"""Where the SMS provider reports what became of a message: believed only with its signature on our public address."""

from __future__ import annotations

from flask import request
from flask_babel import gettext
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis.clock import now
from chassis.runtime import Runtime
from chassis.web import Api, Problem, current_runtime
from chassis.web.problems import FieldProblem
from services.notify import callbacks
from services.notify.counts import counts
from services.notify.couriers import CALLBACK
from services.notify.receipts import Receipt, receipt

LARGEST = 65_536  # bytes


class Named(BaseModel):
    """Which attempt the report is about, as we wrote it into the address: office, message, attempt, nonce."""

    model_config = ConfigDict(extra="ignore")

    t: str = Field(max_length=31)
    m: str = Field(max_length=36)
    n: int = Field(ge=1, le=1_000_000)
    k: str = Field(max_length=43)


def hooks() -> Api:
    """The provider's door."""
    door = Api("hooks", __name__, url_prefix="/hooks/sms", largest=LARGEST)
    door.add_url_rule("/twilio", "twilio", twilio, methods=["POST"])
    return door


def twilio() -> tuple[str, int]:
    """A status callback, signed (X-Twilio-Signature): 403 when it is not, 204 and no change when it is about nothing.

    Its form is Twilio's and grows without notice, so it is no part of our own API's document.
    """
    runtime = current_runtime()
    _verify(runtime)
    try:
        told = receipt(request.form)
    except ValueError as error:
        raise Problem(400, str(error), errors=[FieldProblem(f"#/{str(error).split()[0]}", str(error))]) from None
    counts().callbacks.labels(_take(runtime, told)).inc()
    return "", 204


def _verify(runtime: Runtime) -> None:
    # The address as we gave it away, not as a proxy shows it: that is what was signed.
    query = request.query_string.decode("latin-1")
    address = runtime.link(f"{CALLBACK}?{query}" if query else CALLBACK)
    signature = request.headers.get("X-Twilio-Signature")
    if not runtime.ports.sms.verify(address, request.form, signature):
        counts().callbacks.labels("forged").inc()
        raise Problem(403, gettext("這個回報沒有業者的簽章。"))


def _take(runtime: Runtime, told: Receipt) -> str:
    try:
        named = Named.model_validate(request.args.to_dict())
    except ValidationError:
        return "unknown"
    if named.t not in runtime.tenants:
        return "unknown"
    # A report that is lost with the store's last moments is asked for later (`callbacks.to_follow`).
    with runtime.store.session(named.t, durable=False) as session:
        return callbacks.take(session, named.m, named.n, named.k, told, now())
