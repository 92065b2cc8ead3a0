"""Which language a page speaks: `?lang=` (remembered in a cookie), then the cookie, then the browser, then the office.

Chinese (`zh-Hant`) is the language of the source texts; English comes from the catalogues.
"""

from typing import NamedTuple
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from chassis.web.blueprints import Api, blueprint_of
from chassis.web.catalogs import Catalogs, load

LANGUAGES = {"zh-Hant": "中文", "en": "English"}
LOCALES = {"zh-Hant": "zh_Hant_TW", "en": "en"}
COOKIE = "lamppost_language"
PARAMETER = "lang"
YEAR_SECONDS = 365 * 24 * 3600
TAGS = {"zh-Hant": "zh-Hant", "zh-TW": "zh-Hant", "zh": "zh-Hant", "en": "en"}


class OtherLanguage(NamedTuple):
    """A way to the same page in another language."""

    code: str
    label: str
    url: str


def current() -> str:
    """The language of this request: `zh-Hant` or `en`."""
    if "language" not in g:
        g.language = _choose()
    return str(g.language)


def others() -> list[OtherLanguage]:
    """The same address in the office's other languages."""
    return [OtherLanguage(code, LANGUAGES[code], _address(code)) for code in offered() if code != current()]


def offered() -> tuple[str, ...]:
    """The office's languages, its own first; all of them where there is no office."""
    return tuple(g.office.languages) if g.get("office") else tuple(LANGUAGES)


def register(app: Flask, package: str, *, secure: bool) -> None:
    """Give the app its translations and let it remember a language that was asked for."""
    babel = Babel(app, default_locale=LOCALES["zh-Hant"], locale_selector=lambda: LOCALES[current()])
    babel.domain_instance = Catalogs(load(package))

    @app.after_request
    def remember(response: Response) -> Response:
        if "language_asked" in g:
            response.set_cookie(COOKIE, current(), max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")
        return response


def _choose() -> str:
    asked, known = _asked(), offered()
    if asked in known:
        g.language_asked = asked
        return str(asked)
    remembered = request.cookies.get(COOKIE)
    if remembered in known:
        return str(remembered)
    return _preferred(known) or known[0]


def _asked() -> str | None:
    if isinstance(blueprint_of(current_app, request), Api):
        return None  # a parameter of the API's own, if anything
    return request.args.get(PARAMETER)


def _preferred(known: tuple[str, ...]) -> str | None:
    if not (wanted := request.accept_languages):
        return None
    tag = wanted.best_match([tag for tag, code in TAGS.items() if code in known])
    return TAGS[tag] if tag else None


def _address(code: str) -> str:
    query = MultiDict(request.args)
    query[PARAMETER] = code
    return f"{quote(request.path)}?{urlencode(list(query.items(multi=True)))}"
