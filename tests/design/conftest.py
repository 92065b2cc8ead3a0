"""The gallery, written to a folder and served."""

from collections.abc import Iterator

import pytest

from tests.design import gallery
from tests.design.served import served


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the served gallery: `<pages>/<name>.<lang>.html`."""
    if not (gallery.WEB / "static" / "built" / "lamppost.css").is_file():
        pytest.fail("the assets are not built: python chassis/web/assets/build.py")
    folder = tmp_path_factory.mktemp("gallery")
    list(gallery.render_all(folder))
    with served(folder) as address:
        yield address
