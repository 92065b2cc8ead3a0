"""Files that never change under their address: `/{service}/static/{digest}/…`, and each office's colour as a sheet.

The digest is of the whole folder, so that a module's relative import and a sheet's `url()` stay within one version.
An address with another version's digest (an old page during a deployment) gets today's file, kept by no cache.
"""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, g, send_from_directory

from chassis.tenants import Tenant

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
DIGITS = 12


def blueprint(service: str, digest: str) -> Blueprint:
    """The routes of one service's static files."""
    files = Blueprint("files", __name__, url_prefix=f"/{service}")

    @files.get("/static/<version>/<path:filename>")
    def static(version: str, filename: str) -> Response:
        response = send_from_directory(FOLDER, filename)
        response.headers["Cache-Control"] = FOREVER if version == digest else "no-cache"
        return response

    @files.get("/office/<office:tenant>.css")
    def office() -> Response:
        response = Response(sheet(g.office), mimetype="text/css")
        response.headers["Cache-Control"] = FOREVER
        return response

    return files


def asset_url(service: str, digest: str) -> Callable[[str], str]:
    """`asset("js/page.js")` for templates: the address of a static file."""

    def asset(path: str) -> str:
        return f"/{service}/static/{digest}/{path}"

    return asset


def sheet(office: Tenant) -> str:
    """The office's own colour as the one custom property everything else is made from."""
    return f":root{{--govuk-brand-colour:{office.colour}}}\n"


def office_css_url(service: str, office: Tenant) -> str:
    """The address of the office's sheet; it changes with the colour."""
    return f"/{service}/office/{office.code}.css?v={office.colour.removeprefix('#')}"


@lru_cache(maxsize=4)
def digest_of(folder: Path = FOLDER) -> str:
    """A digest of every file of a folder, names and contents."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder).as_posix()}\x00".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:DIGITS]


def register(app: Flask, service: str) -> None:
    """Serve static files in this app."""
    app.register_blueprint(blueprint(service, digest_of()))
