"""Files sent with a case: photos and PDFs, known by their first bytes, photos freed of where and when they were taken.

A photo is decoded and written anew: what is not picture (EXIF, GPS, a script behind the image) is gone. Where that
cannot be done the file is refused. Bytes lie under `LAMPPOST_DATA/uploads/<tenant>/`, named by their SHA-256.
"""

import os
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select

from chassis.heavy import apart
from chassis.runtime import Runtime
from chassis.store.tenancy import ScopedSession
from chassis.store.together import write_once
from services.intake.act import Act
from services.intake.lifecycle import Label
from services.intake.model import Attachment

LARGEST = 10 * 2**20
MOST_FILES = 5
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2_400
QUALITY = 85
PDF = "application/pdf"
SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", PDF: ".pdf"}
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}

REASONS = {
    "empty": Label("檔案是空的。", "The file is empty."),
    "too_large": Label("檔案超過 10 MB。", "The file is larger than 10 MB."),
    "kind": Label("只收 JPEG、PNG、WebP 照片和 PDF。", "Only JPEG, PNG and WebP photos and PDF are taken."),
    "broken": Label("這個檔案打不開，請換一個。", "This file cannot be opened; please choose another."),
}


class NotAccepted(ValueError):
    """The file is not taken; `reason` is a key of `REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(REASONS[reason].en)
        self.reason = reason


@dataclass(frozen=True)
class Kept:
    """A file whose bytes are on disk. `size` in bytes."""

    sha256: str
    name: str
    mime: str
    size: int


def keep(runtime: Runtime, tenant: str, content: bytes, name: str) -> Kept:
    """Check a file, free it of hidden data and lay it on disk; before the transaction that names it.

    Errors: `NotAccepted`.
    """
    mime = _kind(content)
    clean = content if mime == PDF else apart(_redrawn, content, FORMATS[mime])
    kept = Kept(sha256(clean).hexdigest(), file_name(name, mime), mime, len(clean))
    _lay(_path(runtime, tenant, kept.sha256, mime), clean)
    return kept


def attach(act: Act, number: str, files: Sequence[Kept]) -> Sequence[Kept]:
    """Write the rows of files that were kept; one that the case has already is passed over."""
    for file in files:
        row = vars(file) | {"tenant": act.session.tenant, "number": number}
        row |= {"added_at": act.now, "added_by": act.actor.kind}
        write_once(act.session, Attachment, row)
    return files


def of_case(session: ScopedSession, number: str) -> Sequence[Attachment]:
    """The files of a case, oldest first."""
    query = select(Attachment).where(Attachment.number == number).order_by(Attachment.id)
    return session.scalars(query).all()


def find(session: ScopedSession, number: str, digest: str) -> Attachment | None:
    """One file of a case by its SHA-256."""
    query = select(Attachment).where(Attachment.number == number, Attachment.sha256 == digest)
    return session.scalars(query).one_or_none()


def path_of(runtime: Runtime, attachment: Attachment) -> Path:
    """Where its bytes are."""
    return _path(runtime, attachment.tenant, attachment.sha256, attachment.mime)


def file_name(name: str, mime: str) -> str:
    """A name that is safe on any disk and in any header, with the suffix of what it is."""
    stem = Path(unicodedata.normalize("NFC", name).replace("\\", "/")).stem
    stem = re.sub(r"[^\w .()-]", "_", stem).strip(" .")[:80]
    return (stem or "file") + SUFFIXES[mime]


def _kind(content: bytes) -> str:
    if not content:
        raise NotAccepted("empty")
    if len(content) > LARGEST:
        raise NotAccepted("too_large")
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"%PDF-"):
        return PDF
    raise NotAccepted("kind")


def _redrawn(content: bytes, file_format: str) -> bytes:
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(content), formats=[file_format]) as photo:
            if photo.width * photo.height > MOST_PIXELS:
                raise NotAccepted("too_large")
            upright = ImageOps.exif_transpose(photo)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _written(upright, file_format)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, NotAccepted):
            raise
        raise NotAccepted("broken") from error


def _written(photo: Any, file_format: str) -> bytes:
    from PIL import Image

    mode = "RGB" if file_format == "JPEG" or photo.mode not in ("L", "RGBA", "LA", "P") else "RGBA"
    drawn = photo.convert(mode)
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    out = BytesIO()
    bare.save(out, format=file_format, quality=QUALITY)
    return out.getvalue()


def _path(runtime: Runtime, tenant: str, digest: str, mime: str) -> Path:
    return runtime.settings.data / "uploads" / tenant / digest[:2] / (digest + SUFFIXES[mime])


def _lay(path: Path, content: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
