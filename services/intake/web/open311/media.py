"""An answer in the form the address asks for."""

from collections.abc import Sequence

from flask import Response, json
from pydantic import BaseModel

from chassis.web.idempotency import Answer
from services.intake.web.open311 import xml

JSON, XML = "application/json", "text/xml"
MEDIA = (JSON, XML)

Content = BaseModel | Sequence[BaseModel]


def answer(kind: str, root: str, content: Content, status: int = 200) -> Response:
    """JSON, or XML under `root`."""
    return written(kind, root, content, status).response()


def written(kind: str, root: str, content: Content, status: int = 200) -> Answer:
    """The same, as text that can be kept."""
    plain = content.model_dump() if isinstance(content, BaseModel) else [one.model_dump() for one in content]
    if kind == "xml":
        return Answer(status, xml.write(root, plain), XML)
    return Answer(status, json.dumps(plain), JSON)
