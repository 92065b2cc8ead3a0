"""The short address in the QR code on a lamp: it leads straight to the report form (SL7)."""

from flask import abort, g, redirect
from werkzeug.wrappers import Response

from chassis.web import Pages
from services.gis import links
from services.gis.numbers import LONGEST, fold

pages = Pages("stickers", __name__, url_prefix="/l")


@pages.get("/<office:tenant>/<number>")
def lamp(number: str) -> Response:
    """To intake's form with the pole filled in. No store is asked: the form says it when there is no such lamp."""
    folded = fold(number)
    if not 0 < len(folded) <= LONGEST:
        abort(404)
    return redirect(links.report_lamp(g.tenant, folded))
