"""Photos of forms that were never sent go with their draft; what a case or a live draft holds stays."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image

from chassis.runtime import Runtime
from services.intake import attachments, drafts, leftovers
from services.intake.act import APPLICANT, Act
from services.intake.attachments import Kept
from tests.intake.conftest import NOON, Open

LATER = NOON + timedelta(hours=25)


def keep(intake: Runtime, colour: str) -> Kept:
    content = BytesIO()
    Image.new("RGB", (8, 8), colour).save(content, "PNG")
    return attachments.keep(intake, "douliu", content.getvalue(), f"{colour}.png")


def draft_with(intake: Runtime, file: Kept, hours: int = 0) -> None:
    with intake.store.session("douliu") as session:
        office = intake.tenants["douliu"]
        drafts.start(session, office, "streetlight", NOON + timedelta(hours=hours), files=[vars(file)])


def on_disk(intake: Runtime) -> set[str]:
    return {path.stem for path in Path(intake.settings.data / "uploads" / "douliu").rglob("*.png")}


def test_only_what_nobody_holds_any_more_goes(intake: Runtime, open_case: Open) -> None:
    lost, sent, again = (keep(intake, colour) for colour in ("red", "green", "blue"))
    for file in (lost, sent, again):
        draft_with(intake, file)
    draft_with(intake, again, hours=20)
    number = open_case().case.number
    with intake.store.session("douliu") as session:
        attachments.attach(Act(intake, session, APPLICANT, NOON), number, [sent])
    assert leftovers.sweep(intake, NOON) == 0
    assert leftovers.sweep(intake, LATER) == 1
    assert on_disk(intake) == {sent.sha256, again.sha256}
    assert leftovers.sweep(intake, LATER) == 0
