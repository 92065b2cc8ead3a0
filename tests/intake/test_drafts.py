"""A half-filled form is kept for its owner, becomes one case, and is forgotten in time."""

from datetime import timedelta

from chassis.runtime import Runtime
from services.intake import drafts
from services.intake.model import Draft
from tests.intake.conftest import NOON

DAY = timedelta(hours=24)


def begun(intake: Runtime, tenant: str = "douliu") -> Draft:
    with intake.store.session(tenant) as session:
        return drafts.start(session, intake.tenants[tenant], "streetlight", NOON, pole="01234")


def test_answers_are_kept_and_taken_out(intake: Runtime) -> None:
    key = begun(intake).key
    with intake.store.session("douliu") as session:
        draft = drafts.load(session, key, NOON, locked=True)
        assert draft is not None
        drafts.fill(draft, {"name": "王小明", "pole": None})
    with intake.store.session("douliu") as session:
        draft = drafts.load(session, key, NOON)
        assert draft is not None
        assert draft.data == {"name": "王小明"}


def test_a_sent_form_forgets_its_answers_and_leads_to_its_case(intake: Runtime) -> None:
    key = begun(intake).key
    with intake.store.session("douliu") as session:
        draft = drafts.load(session, key, NOON, locked=True)
        assert draft is not None
        drafts.finish(draft, "DL-115-000001-7")
    with intake.store.session("douliu") as session:
        draft = drafts.load(session, key, NOON)
        assert draft is not None
        assert (draft.number, draft.data) == ("DL-115-000001-7", {})


def test_nobody_elses_and_no_old_draft_is_found(intake: Runtime) -> None:
    key = begun(intake).key
    with intake.store.session("anping") as session:
        assert drafts.load(session, key, NOON) is None
    with intake.store.session("douliu") as session:
        assert drafts.load(session, key, NOON + DAY) is None
        assert drafts.load(session, "x" * 1000, NOON) is None


def test_old_drafts_of_all_offices_are_forgotten(intake: Runtime) -> None:
    begun(intake)
    begun(intake, "anping")
    assert drafts.sweep(intake.store, NOON + DAY - timedelta(seconds=1)) == 0
    assert drafts.sweep(intake.store, NOON + DAY) == 2


def test_keys_cannot_be_guessed(intake: Runtime) -> None:
    keys = {begun(intake).key for _ in range(5)}
    assert len(keys) == 5
    assert all(len(key) == 32 for key in keys)
