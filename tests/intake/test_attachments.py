"""Uploads: known by their bytes, freed of hidden data, kept apart by office."""

from io import BytesIO

import pytest
from PIL import Image

from chassis.runtime import Runtime
from services.intake import attachments, cases
from services.intake.act import APPLICANT, Act
from services.intake.attachments import NotAccepted, keep
from tests.intake.conftest import CLERK, NOON, Open

GPS = 0x8825
ORIENTATION = 0x0112
MAKER = 0x010F


def photo(file_format: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    """A photo as a telephone makes it: with maker, place and orientation inside."""
    image = Image.new(mode, size, 120 if mode == "L" else (200, 30, 30, 90)[: len(mode)])
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION] = "Secret Phone", 6
    exif.get_ifd(GPS)[2] = (23.0, 42.0, 33.0)
    out = BytesIO()
    image.save(out, format=file_format, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("mime", ["image/jpeg", "image/png", "image/webp"])
def test_a_photo_loses_where_and_with_what_it_was_taken(lite: Runtime, mime: str) -> None:
    content = photo(attachments.FORMATS[mime])
    assert b"Secret Phone" in content
    kept = keep(lite, "douliu", content, "IMG_1.HEIC")
    path = attachments._path(lite, "douliu", kept.sha256, kept.mime)
    stored = path.read_bytes()
    assert (kept.mime, kept.size, kept.name) == (mime, len(stored), f"IMG_1{attachments.SUFFIXES[mime]}")
    assert b"Secret Phone" not in stored
    with Image.open(BytesIO(stored)) as drawn:
        assert len(drawn.getexif()) == 0
        assert drawn.size == (40, 60)  # upright, as the orientation said


def test_a_script_behind_a_picture_is_gone(lite: Runtime) -> None:
    kept = keep(lite, "douliu", photo() + b"<script>alert(1)</script>", "a.jpg")
    assert b"<script>" not in attachments._path(lite, "douliu", kept.sha256, kept.mime).read_bytes()


def test_a_large_photo_is_made_smaller(lite: Runtime) -> None:
    kept = keep(lite, "douliu", photo(size=(3_000, 200)), "a.jpg")
    with Image.open(attachments._path(lite, "douliu", kept.sha256, kept.mime)) as drawn:
        assert max(drawn.size) == attachments.LONGEST_SIDE


@pytest.mark.parametrize("mode", ["L", "RGBA"])
def test_other_kinds_of_colour_are_taken(lite: Runtime, mode: str) -> None:
    assert keep(lite, "douliu", photo("PNG", mode=mode), "a.png").mime == "image/png"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"GIF89a" + b"x" * 50, "kind"),
        (b"<svg onload=alert(1)>", "kind"),
        (b"MZ\x90\x00", "kind"),
        (b"\xff\xd8\xff" + b"x" * 100, "broken"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "broken"),
        (b"RIFF\x00\x00\x00\x00WEBPxxxx", "broken"),
        (b"%PDF-" + b"x" * attachments.LARGEST, "too_large"),
    ],
)
def test_what_is_no_photo_and_no_pdf_is_refused(lite: Runtime, content: bytes, reason: str) -> None:
    with pytest.raises(NotAccepted) as caught:
        keep(lite, "douliu", content, "a.jpg")
    assert caught.value.reason == reason
    assert not (lite.settings.data / "uploads").exists()


def test_a_picture_of_too_many_points_is_refused(lite: Runtime) -> None:
    out = BytesIO()
    Image.new("1", (8_000, 7_000)).save(out, format="PNG")
    with pytest.raises(NotAccepted) as caught:
        keep(lite, "douliu", out.getvalue(), "bomb.png")
    assert caught.value.reason == "too_large"


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\照片 1.PNG", "照片 1.pdf"),
        ('a"\r\nSet-Cookie: x', "a___Set-Cookie_ x.pdf"),
        ("", "file.pdf"),
        ("..", "file.pdf"),
        ("x" * 300, "x" * 80 + ".pdf"),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert attachments.file_name(given, attachments.PDF) == safe


def test_an_answer_with_a_photo_alone_is_an_answer(intake: Runtime, open_case: Open) -> None:
    number = open_case().case.number
    kept = keep(intake, "douliu", photo(), "燈桿.jpg")
    with intake.store.session("douliu") as session:
        clerk = Act(intake, session, CLERK, NOON)
        cases.take(clerk, number)
        cases.return_case(clerk, number, ["照片"])
        cases.supplement(Act(intake, session, APPLICANT, NOON), number, files=[kept, kept])
    with intake.store.session("douliu") as session:
        [row] = attachments.of_case(session, number)
        found = attachments.find(session, number, kept.sha256)
    assert (row.name, row.mime, row.added_by) == ("燈桿.jpg", "image/jpeg", "applicant")
    assert found is not None
    assert attachments.path_of(intake, found).is_file()
    with intake.store.session("anping") as session:
        assert attachments.of_case(session, number) == []
        assert attachments.find(session, number, kept.sha256) is None
