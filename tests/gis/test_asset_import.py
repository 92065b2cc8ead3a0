"""Importing a file: every row imported or told of, twice the same, one office only."""

from chassis.runtime import Runtime
from services.gis import assets
from services.gis.asset_import import BATCH, Report, import_table
from services.gis.assets import Selection
from services.gis.model import Kind
from services.gis.table_file import read
from tests.gis.conftest import NOW
from tests.gis.test_inventory import said

FILE = """路燈編碼,TWD97座標X,TWD97座標Y,WGS84座標東經度,WGS84座標北緯度,所屬村里,地址,瓦數
00001,,,120.5431,23.7118,虎溪里,慶生路 1 號前,60
00002,,,23.7119,120.5432,虎溪里,慶生路 2 號前,60
00003,,,0,0,虎溪里,慶生路 3 號前,60
,,,120.5431,23.7118,虎溪里,慶生路 4 號前,60
00001,,,120.5431,23.7118,虎溪里,慶生路 1 號前,60
00002,,,120.55,23.72,虎溪里,別處,60
00005,,,121.5645,25.0340,信義區,台北 101,60
"""


def bring(runtime: Runtime, content: str, kind: Kind = "lamp", tenant: str = "douliu") -> Report:
    steps: list[tuple[int, int]] = []
    table = read(content.encode())
    office = runtime.tenant(tenant)
    report = import_table(runtime.store, office, kind, table, NOW, lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == sorted({done for done, _ in steps})
    assert not steps or steps[-1] == (report.rows, report.rows)
    assert report.added + report.changed + report.same + len(report.refused) == report.rows
    return report


def test_every_row_is_imported_or_named_with_its_line(gis: Runtime) -> None:
    report = bring(gis, FILE)
    assert (report.added, report.changed, report.same, report.swapped) == (2, 0, 1, 1)
    assert [(one.line, one.reason.split(":")[0]) for one in report.refused] == [
        (4, "WGS84座標東經度, WGS84座標北緯度"),
        (5, "路燈編碼"),
        (7, "number"),
        (8, "coordinates"),
    ]
    assert report.refused[2].reason == "number: 00002 stands in line 3 already, with other data"
    with gis.store.session("douliu") as session:
        found = assets.find(session, "lamp", "00002")
        assert found is not None
        assert (found.lon, found.lat, found.village, found.attributes) == (120.5432, 23.7119, "虎溪里", {"watts": 60})


def test_a_second_time_nothing_changes(gis: Runtime) -> None:
    bring(gis, FILE)
    again = bring(gis, FILE)
    assert (again.added, again.changed, again.same) == (0, 0, 3)
    with gis.store.session("douliu") as session:
        assert {asset.version for asset in assets.page(session, Selection("lamp"), 10)} == {1}


def test_a_changed_row_changes_its_asset(gis: Runtime) -> None:
    bring(gis, FILE)
    report = bring(gis, FILE.replace("慶生路 1 號前", "慶生路 9 號前"))
    assert (report.added, report.changed, report.same) == (0, 1, 2)


def test_many_rows_go_in_batches(gis: Runtime) -> None:
    count = 2 * BATCH + 7
    rows = "".join(f"{i:05d},{120.50 + i / 20_000},23.7\n" for i in range(count))
    assert bring(gis, "number,lon,lat\n" + rows).added == count
    with gis.store.session("douliu") as session:
        assert assets.count(session, Selection("lamp")) == count


def test_parks_are_announced_when_they_are_new_or_changed(gis: Runtime) -> None:
    park = "公園編號,公園名稱,英文名稱,經度,緯度\nP001,人文公園,Renwen Park,120.5431,23.7118\n"
    bring(gis, park, "park")
    bring(gis, park, "park")
    bring(gis, park.replace("人文公園", "人文森林公園"), "park")
    assert [event["data"]["name"]["zh"] for event in said(gis)] == ["人文公園", "人文森林公園"]


def test_the_import_of_one_office_is_unseen_at_the_next(gis: Runtime) -> None:
    bring(gis, FILE)
    with gis.store.session("anping") as session:
        assert assets.count(session, Selection("lamp")) == 0


def test_an_empty_file_imports_nothing(gis: Runtime) -> None:
    assert bring(gis, "number,lon,lat\n").rows == 0
