"""The QR code: exactly the symbol for the address, at level H, with its quiet zone and the number."""

import re
import xml.etree.ElementTree as ET

import pytest
import segno

from services.gis import links, qr

SVG = "{http://www.w3.org/2000/svg}"


def drawn(image: bytes) -> tuple[set[tuple[int, int]], float]:
    """The dark modules of the picture as (column, row), and its width."""
    root = ET.fromstring(image)
    path = next(found.get("d", "") for found in root.iter(f"{SVG}path") if found.get("stroke"))
    dark, x, y = set(), 0.0, 0.0
    for step, figures in re.findall(r"([Mmh])([^Mmh]*)", path):
        numbers = [float(figure) for figure in re.findall(r"-?\d+(?:\.\d+)?", figures)]
        if step == "h":
            dark |= {(int(x) + i, int(y)) for i in range(int(numbers[0]))}
            x += numbers[0]
        else:
            x, y = (numbers[0], numbers[1]) if step == "M" else (x + numbers[0], y + numbers[1])
    return dark, float(root.get("viewBox", "").split()[2])


@pytest.mark.parametrize("number", ["01234", "P001", "中山-12"])
def test_the_picture_is_the_symbol_of_its_address(number: str) -> None:
    address = "https://city.example.tw" + links.sticker("douliu", "lamp", number)
    symbol = segno.make_qr(address, error="h", boost_error=False)
    assert symbol.error == "H"
    dark, width = drawn(qr.svg(address, number))
    expected = {(x + 4, y + 4) for y, row in enumerate(symbol.matrix) for x, module in enumerate(row) if module}
    assert dark == expected
    assert width == len(symbol.matrix) + 2 * 4


def test_the_number_stands_beside_it_for_people() -> None:
    root = ET.fromstring(qr.svg("https://x.tw/l/douliu/01234", "01234"))
    assert [found.text for found in root.iter(f"{SVG}text")] == ["01234"]
    assert [found.text for found in root.iter(f"{SVG}title")] == ["01234"]


def test_a_long_number_still_fits() -> None:
    root = ET.fromstring(qr.svg("https://x.tw/l/douliu/1", "1" * 20))
    (text,) = root.iter(f"{SVG}text")
    width = float(root.get("viewBox", "").split()[2])
    assert float(text.get("font-size", "")) * 0.62 * 20 <= width


def test_a_lamps_code_leads_to_the_short_address_and_a_parks_to_its_page() -> None:
    assert links.sticker("douliu", "lamp", "01234") == "/l/douliu/01234"
    assert links.sticker("anping", "park", "P001") == "/anping/assets/park/P001"
    assert links.report_lamp("douliu", "中山-1") == "/douliu/services/streetlight?pole=%E4%B8%AD%E5%B1%B1-1"
