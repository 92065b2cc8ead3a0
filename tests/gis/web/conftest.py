"""Browsers before gis with a few assets of two offices."""

import pytest
from flask.testing import FlaskClient

from chassis.runtime import Runtime
from tests.gis.conftest import HERE, Made, case_event, fill, lamp, worker

LED = {"light": "LED", "watts": 60, "changed": "2021-03", "height_m": 8, "road": "慶生路", "house": 128}
RENWEN = {"name_zh": "人文公園", "name_en": "Renwen Park"}


@pytest.fixture
def town(gis: Runtime) -> Runtime:
    """Four lamps of Douliu (one reported), a park, a defibrillator; a lamp of Anping with a number Douliu has not."""
    x, y = HERE
    fill(
        gis,
        lamp("01234", x, y, address="慶生路 128 號前", village="虎溪里", attributes=LED),
        lamp("01235", x + 0.0003, y, address="慶生路 130 號前", village="虎溪里"),
        lamp("01236", x + 0.02, y, address="成功路 1 號前", village="三平里"),
        lamp("12340", x + 0.03, y, address="成功路 9 號前", village="三平里"),
    )
    fill(gis, lamp("P001", **RENWEN, address="大學路 1 號", attributes={"area_m2": 2424, "insured": True}), kind="park")
    fill(gis, lamp("F001", name_zh="斗六廳", name_en="Douliu Hall", attributes={"facility": "aed"}), kind="facility")
    fill(gis, lamp("09999", 120.16, 23.0, address="安平路 1 號前", village="平通里"), tenant="anping")
    worker(gis).on_case_opened(case_event())
    return gis


@pytest.fixture
def browser(town: Runtime, made: Made) -> FlaskClient:
    """A browser before the pages of gis."""
    return made.app.test_client()


def read(browser: FlaskClient, address: str, status: int = 200) -> str:
    """The text of a page. It must have the status."""
    answer = browser.get(address)
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    return answer.get_data(as_text=True)
