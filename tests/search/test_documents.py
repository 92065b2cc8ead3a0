import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from services.search.documents import Document, restored
from tests.search.corpus import START, some_document, some_documents


def test_a_document_survives_its_record() -> None:
    for document in some_documents(50, seed=3):
        assert restored(json.loads(json.dumps(document.record()))) == document


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tenant", "Douliu"),
        ("tenant", ""),
        ("tenant", "a:b"),
        ("id", ""),
        ("id", "x" * 401),
        ("id", "路" * 134),
        ("id", "a\x00"),
        ("kind", "person"),
        ("visibility", "everyone"),
        ("version", -1),
        ("version", 2**63),
        ("updated_at", datetime(2026, 11, 20)),  # noqa: DTZ001 - the point
        ("number", "\ud800"),
        ("title", {"fr": "lampe"}),
        ("body", {"zh": "\udfff"}),
    ],
)
def test_a_wrong_field_is_named(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{field} "):
        some_document(random.Random(1), "d1", **{field: value})


def test_nothing_of_what_it_said_remains_of_a_deleted_document() -> None:
    document = Document(
        *("douliu", "1", "case", "staff", 4, START.astimezone(UTC), "DL-1"),
        title={"zh": "路燈"},
        body={"zh": "王小明"},
        url="/x",
        section="工務課",
        deleted=True,
    )
    remains = document.remains()
    assert (remains.tenant, remains.id, remains.version, remains.deleted) == ("douliu", "1", 4, True)
    assert not any((remains.number, remains.title, remains.body, remains.url, remains.section))
