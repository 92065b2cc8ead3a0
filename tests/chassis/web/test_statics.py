from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chassis.web import statics


def test_a_file_under_its_digest_may_be_kept_for_ever(browser: FlaskClient, app: Flask) -> None:
    digest = statics.digest_of()
    name = next(path for path in statics.FOLDER.rglob("*") if path.is_file()).relative_to(statics.FOLDER).as_posix()
    asset = statics.asset_url("tiny", digest)
    with browser.get(asset(name)) as kept:
        assert kept.status_code == 200
        assert "immutable" in kept.headers["Cache-Control"]
    with browser.get(f"/tiny/static/000000000000/{name}") as old:
        assert old.status_code == 200
        assert old.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["../catalogs.py", "..%2fcatalogs.py", "%2e%2e/catalogs.py", "//etc/passwd", "none.css"]
)
def test_nothing_outside_the_folder_is_served(browser: FlaskClient, path: str) -> None:
    assert browser.get(f"/tiny/static/{statics.digest_of()}/{path}").status_code in (308, 404)


def test_the_digest_follows_names_and_contents(tmp_path: Path) -> None:
    def digest() -> str:
        statics.digest_of.cache_clear()
        return statics.digest_of(tmp_path)

    (tmp_path / "a.css").write_text("a")
    first = digest()
    (tmp_path / "a.css").write_text("b")
    second = digest()
    (tmp_path / "a.css").rename(tmp_path / "b.css")
    assert len({first, second, digest()}) == 3


def test_an_office_has_its_own_colour(browser: FlaskClient) -> None:
    sheet = browser.get("/tiny/office/anping.css?v=5a1a1a")
    assert sheet.mimetype == "text/css"
    assert sheet.get_data(as_text=True) == ":root{--govuk-brand-colour:#5a1a1a}\n"
    assert "immutable" in sheet.headers["Cache-Control"]
    assert browser.get("/tiny/office/nowhere.css").status_code == 404
