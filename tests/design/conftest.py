"""The gallery written to a folder and served, and one Chromium for all tests of pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import servers
from tests.design import browser, gallery


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browser.chromium(servers.required("CHROMIUM")) as started:
        yield started


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the served gallery: `<pages>/<name>.<lang>.html`."""
    if not (gallery.WEB / "static" / "built" / "lamppost.css").is_file():
        pytest.fail("the assets are not built: python chassis/web/assets/build.py")
    folder = tmp_path_factory.mktemp("gallery")
    list(gallery.render_all(folder))
    with browser.served(folder) as address:
        yield address
