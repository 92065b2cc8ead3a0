"""The outbox for machines with a staff session: `/{tenant}/api/notify/v1/messages`."""

from datetime import datetime
from typing import Any

from flask import Response, g, jsonify
from flask_babel import gettext
from pydantic import BaseModel, Field

from chassis.runtime import Runtime
from chassis.web import Api, Problem, current_runtime
from chassis.web.operations import operation
from chassis.web.staff import staff_required
from services.notify import listing
from services.notify.listing import Story
from services.notify.model import Message
from services.notify.web import views
from services.notify.web.query import Which

UUID = {"message_id": {"type": "string", "format": "uuid"}}


class MessageList(Which):
    """Filters, place in the list, and how many."""

    limit: int = Field(default=25, ge=1, le=100)


class MessageOut(BaseModel):
    """One message. `to` is masked for clerks, and codes in links are hidden."""

    id: str
    state: str
    code: str | None = Field(description="why it did not go: ours, or the provider's error code")
    reason: str | None
    purpose: str
    channel: str
    case_number: str | None
    language: str
    to: str
    subject: str | None
    text: str
    segments: int | None
    attempts: int
    reference: str | None = Field(description="the provider's name for it")
    created_at: datetime
    updated_at: datetime
    accepted_at: datetime | None
    expires_at: datetime


class AttemptOut(BaseModel):
    """One call of the provider."""

    n: int
    state: str
    code: str | None
    reason: str | None
    reference: str | None
    started_at: datetime
    finished_at: datetime | None


class ReceiptOut(BaseModel):
    """One status the provider reported."""

    reference: str
    status: str
    code: str | None
    received_at: datetime


class DecisionOut(BaseModel):
    """One decision of staff."""

    action: str
    name: str
    decided_at: datetime


class StoryOut(MessageOut):
    """One message with all that happened to it."""

    history: list[AttemptOut]
    receipts: list[ReceiptOut]
    decisions: list[DecisionOut]


class MessagesOut(BaseModel):
    """A page of messages, newest first; `older` and `newer` are the cursors of the neighbouring pages."""

    messages: list[MessageOut]
    older: str | None
    newer: str | None


def api() -> Api:
    """The API."""
    door = Api("v1", __name__, url_prefix="/<office:tenant>/api/notify/v1")
    door.add_url_rule("/messages", "messages", staff_required()(messages))
    door.add_url_rule("/messages/<uuid:message_id>", "message", staff_required()(message))
    return door


@operation("Messages", query=MessageList, answers={200: MessagesOut}, security=["staff"], tags=["messages"])
def messages(query: MessageList) -> Response:
    """The office's messages, newest first."""
    runtime = current_runtime()
    with runtime.store.session(g.tenant) as session:
        page = listing.page(session, query.wanted, query.limit, query.before, query.after)
    found = [MessageOut.model_validate(_out(runtime, one)) for one in page.messages]
    return jsonify(MessagesOut(messages=found, older=page.older, newer=page.newer).model_dump(mode="json"))


@operation("One message", answers={200: StoryOut}, security=["staff"], tags=["messages"], path=UUID)
def message(message_id: Any) -> Response:
    """With its attempts, receipts and decisions."""
    runtime = current_runtime()
    with runtime.store.session(g.tenant) as session:
        story = listing.story(session, str(message_id))
    if story is None:
        raise Problem(404, gettext("沒有這則訊息，可能已經過了保存期限。"))
    return jsonify(StoryOut.model_validate(_out(runtime, story.message) | _history(story)).model_dump(mode="json"))


def _out(runtime: Runtime, one: Message) -> dict[str, Any]:
    columns = {name: getattr(one, name) for name in MessageOut.model_fields if hasattr(one, name)}
    return columns | {
        "attempts": one.attempt_no,
        "to": views.recipient(runtime, one),
        "text": views.text(runtime, one),
    }


def _history(story: Story) -> dict[str, list[Any]]:
    rows = {"history": story.attempts, "receipts": story.receipts, "decisions": story.decisions}
    return {name: [vars(row) for row in found] for name, found in rows.items()}
