"""The QR code on a lamp or a sign (AP7, SL7): an SVG to print, with the number beside it for those without a phone."""

from xml.sax.saxutils import escape

import segno

QUIET = 4  # modules, ISO/IEC 18004
LEVEL = "h"  # 30 % may be scratched off: a sticker weathers
CAPTION = 6  # modules for the line of text


def svg(address: str, number: str) -> bytes:
    """The symbol for an address, black on white, with the number under it."""
    symbol = segno.make_qr(address, error=LEVEL, boost_error=False)
    side = symbol.symbol_size(border=QUIET)[0]
    squares = symbol.svg_inline(border=QUIET, light="#fff", svgclass=None, lineclass=None, omitsize=True)
    # As wide as the symbol: a number of many signs is written smaller.
    size = min(CAPTION, 1.6 * (side - 2 * QUIET) / max(len(number), 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side + CAPTION}" width="40mm">'
        f"<title>{escape(number)}</title>"
        f'<rect width="{side}" height="{side + CAPTION}" fill="#fff"/>'
        f'<svg width="{side}" height="{side}">{squares}</svg>'
        f'<text x="{side / 2}" y="{side + 2}" text-anchor="middle" font-size="{size:.2f}" font-weight="700"'
        f' font-family="Noto Sans Mono, Noto Sans TC, monospace">{escape(number)}</text></svg>'
    ).encode()
