"""The address table: every documented path has one owner."""

import pytest

from chassis.manifest import installed
from chassis.serve.addresses import nginx, owner, table

ROWS = table(installed())


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/", "intake"),
        ("/douliu/", "intake"),
        ("/douliu/services/streetlight", "intake"),
        ("/douliu/cases/DL-115-004217-6", "intake"),
        ("/douliu/desk/", "intake"),
        ("/douliu/open311/v2/requests.json", "intake"),
        ("/douliu/messages/", "notify"),
        ("/hooks/sms/twilio", "notify"),
        ("/douliu/search", "search"),
        ("/douliu/surveys/1", "survey"),
        ("/s/abc", "survey"),
        ("/douliu/map", "gis"),
        ("/douliu/assets/lamp/01234", "gis"),
        ("/l/douliu/01234", "gis"),
        ("/douliu/api/gis/v1/assets/lamp/01234", "gis"),
        ("/douliu/api/notify/v1/messages", "notify"),
        ("/gis/openapi.json", "gis"),
        ("/survey/health/ready", "survey"),
        ("/intake/metrics", "intake"),
    ],
)
def test_a_path_has_its_owner(path: str, service: str) -> None:
    assert owner(path, ROWS) == service


def test_the_proxy_tries_particular_addresses_first() -> None:
    blocks = nginx(installed(), lambda name: f"http://{name}").splitlines()
    assert blocks[-1].endswith("http://intake; }")
    assert len(blocks) == len(ROWS)
