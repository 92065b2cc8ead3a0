"""The tiny service's web app: what a service author writes."""

from typing import Annotated, ClassVar, Literal

from flask import Blueprint, Flask, Response, g, jsonify, redirect, render_template, url_for
from flask_babel import LazyString, lazy_gettext
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as AnyResponse

from chassis.runtime import Runtime
from chassis.web import Api, Pages, Problem, body_limit, create_app, current_runtime, forms, idempotency
from chassis.web.forms import Form, FormErrors
from chassis.web.operations import operation
from chassis.web.staff import local_path, staff_required
from tests.chassis.web.tiny import Note


class NoteForm(Form):
    wording: ClassVar[dict[str, LazyString]] = {"words.missing": lazy_gettext("請寫下要記的事")}

    words: Annotated[str, Field(max_length=200)]
    weight: int | None = Field(default=None, ge=0, le=1000)
    tags: tuple[str, ...] = ()

    @field_validator("words")
    @classmethod
    def not_only_dots(cls, words: str) -> str:
        if not words.strip("."):
            raise ValueError("寫點什麼")
        return words


class NewNote(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: str = Field(min_length=1, max_length=200)
    kind: Literal["short", "long"] = "short"
    labels: tuple[str, ...] = ()


class NoteByForm(BaseModel):
    words: str = Field(max_length=200)
    kind: Literal["short", "long"] = "short"


class Written(BaseModel):
    id: int
    words: str
    pole: str | None = None


class Which(BaseModel):
    limit: int = Field(default=10, ge=1, le=100)
    kind: Literal["short", "long"] | None = None


pages = Pages("notes", __name__, url_prefix="/<office:tenant>/notes")


@pages.get("/")
def index() -> str:
    return render_template("tiny/index.html")


@pages.get("/new")
def new() -> str:
    return render_template("tiny/new.html", values={})


@pages.post("/new")
def create() -> AnyResponse | tuple[str, int]:
    try:
        form = forms.read(NoteForm)
    except FormErrors as errors:
        return render_template("tiny/new.html", values=forms.sent(), errors=errors.by_field), 422
    with current_runtime().store.session(g.tenant) as session:
        session.add(Note(words=form.words))
    return redirect(url_for(".index"))


@pages.post("/photo")
@body_limit(3_000_000)
def photo() -> str:
    form = forms.read(NoteForm, files=("photo",))
    return form.words


@pages.get("/desk")
@staff_required("clerk", "chief")
def desk() -> str:
    return f"desk of {g.staff.name}"


@pages.post("/desk")
@staff_required("chief")
def decide() -> str:
    return "decided"


@pages.get("/next/<path:there>")
def follow(there: str) -> AnyResponse:
    return redirect(local_path(there, "/nowhere"))


@pages.get("/break/<how>")
def broken(how: str) -> str:
    if how == "store":
        raise OperationalError("select secret", {}, Exception("secret host"))
    raise RuntimeError("secret words of a resident")


api = Api("machine", __name__, url_prefix="/<office:tenant>/api/tiny/v1")


@api.get("/notes")
@operation("Notes", query=Which, answers={200: list[Written]})
def notes(query: Which) -> Response:
    with current_runtime().store.session(g.tenant) as session:
        found = session.scalars(select(Note).order_by(Note.id).limit(query.limit)).all()
    return jsonify([Written(id=note.id, words=note.words).model_dump() for note in found])


@api.get("/notes/<int:number>")
@operation("One note", answers={200: Written})
def note(number: int) -> Response:
    with current_runtime().store.session(g.tenant) as session:
        found = session.get(Note, number)
    if found is None:
        raise Problem(404, "no such note")
    return jsonify(Written(id=found.id, words=found.words).model_dump())


@api.post("/notes")
@operation("Write a note", body=NewNote, answers={201: Written}, idempotent=True)
def write(body: NewNote) -> Response:
    key, print_ = idempotency.key(), idempotency.fingerprint(body)
    with current_runtime().store.session(g.tenant) as session:
        if answer := idempotency.once(session, key, print_):
            return answer.response()
        note = Note(words=body.words)
        session.add(note)
        session.flush()
        written = Written(id=note.id, words=note.words).model_dump_json()
        return idempotency.remember(session, key, print_, idempotency.Answer(201, written)).response()


@api.post("/forms")
@operation("Write a note by form", form=NoteByForm, answers={200: Written})
def by_form(form: NoteByForm) -> Response:
    return jsonify(Written(id=1, words=form.words).model_dump())


@api.get("/count")
@staff_required("clerk")
@operation("How many", answers={200: dict[str, int]}, security=["staff"])
def count() -> Response:
    with current_runtime().store.session(g.tenant) as session:
        return jsonify(notes=session.scalar(select(func.count()).select_from(Note)))


@api.post("/empty")
@staff_required("clerk")
@operation("Forget all", answers={204: None}, security=["staff"])
def empty() -> tuple[str, int]:
    return "", 204


def _in_xml(problem: Problem) -> Response:
    return Response(f"<error>{problem.status}</error>", problem.status, mimetype="text/xml")


odd = Api("odd", __name__, url_prefix="/<office:tenant>/odd", render=_in_xml)


@odd.get("/gone")
def gone() -> str:
    raise Problem(410)


plain = Blueprint("plain", __name__)


@plain.route("/plain", methods=["GET", "POST"])
def simple() -> str:
    return "plain"


def app(runtime: Runtime) -> Flask:
    return create_app(runtime, [pages, api, odd, plain], package="tests.chassis.web.tiny")
