"""The gallery: every sample page, to look at and to test: `python -m tests.design.gallery FOLDER`."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup

from chassis.web.templating import Careful, Lenient
from tests.design.context import PAGES
from tests.design.context.words import in_language

HERE = Path(__file__).parent
WEB = HERE.parents[1] / "chassis" / "web"
ENGLISH: dict[str, str] = json.loads((HERE / "english.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Office:
    """The office as the layouts see it."""

    code: str = "douliu"
    telephone: str = "05-532-2000"
    colour: str = "#14304a"
    languages: tuple[str, ...] = ("zh-Hant", "en")

    def name(self, lang: str) -> str:
        """Name of the office."""
        return "Douliu City Office" if lang == "en" else "斗六市公所"

    def head(self, lang: str) -> str:
        """Title of its head."""
        return "Mayor" if lang == "en" else "市長"

    def address(self, lang: str) -> str:
        """Where it is."""
        return "38 Fuqian Street, Douliu City, Yunlin County" if lang == "en" else "雲林縣斗六市府前街 38 號"


@dataclass(frozen=True)
class Staff:
    """Who is signed in."""

    name: str
    extension: str = "312"
    roles: tuple[str, ...] = ("clerk",)


@lru_cache
def environment(lang: str, static: str = "static") -> Environment:
    """Jinja as the pages need it: layouts, samples, govuk-frontend-jinja, translations, static addresses."""
    govuk = PrefixLoader({"govuk_frontend_jinja": Lenient(PackageLoader("govuk_frontend_jinja"))})
    files = FileSystemLoader([HERE / "samples", WEB / "templates"])
    env = Environment(
        loader=ChoiceLoader([files, govuk]), undefined=Careful, autoescape=True, extensions=["jinja2.ext.i18n"],
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    words = ENGLISH if lang == "en" else {}
    env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: words.get(text, text), lambda one, many, number: words.get(one, one), newstyle=True
    )
    env.globals["asset"] = lambda path: f"{static}/{path}"
    env.globals["csrf_token"] = lambda: "sample-token"
    return env


def surroundings(page: dict[str, Any], lang: str) -> dict[str, Any]:
    """What the chassis supplies to every page."""
    english = lang == "en"
    residents = ["Services", "Map", "My case"] if english else ["服務項目", "地圖", "查案件"]
    desk = ["Queue", "Messages", "Mayor"] if english else ["佇列", "訊息", "市長"]
    signed_in = page.get("staff_page") and not page.get("signed_out")
    labels = desk if signed_in else [] if page.get("staff_page") else residents
    other = ("zh-Hant", "中文") if english else ("en", "English")
    return {
        "office": Office(),
        "errors": {},
        "lang": lang,
        "home_url": "#home",
        "sign_out_url": "#out",
        "office_css": None,
        "other_languages": [(other[0], other[1], "#lang")],
        "staff": Staff("Lin Yi-chun" if english else "林怡君") if signed_in else None,
        "nav": [(label, f"#nav{i}", i == page["nav_current"]) for i, label in enumerate(labels)],
        "footer_links": [("Accessibility", "#a"), ("Privacy", "#p"), ("Open data", "#o")]
        if english
        else [("無障礙聲明", "#a"), ("隱私權", "#p"), ("開放資料", "#o")],
    }


def render(name: str, lang: str = "zh-Hant", static: str = "static") -> str:
    """The sample page `name` as HTML."""
    page = in_language(PAGES[name], lang)
    for result in page.get("results", []):
        result["excerpt"] = Markup(result["marked"])
    template = page.get("template", name)
    path = template if template.endswith(".html") else f"{template}.html"
    return environment(lang, static).get_template(path).render({**surroundings(page, lang), **page})


def render_all(folder: Path) -> Iterator[Path]:
    """Write every page in both languages as `<name>.<lang>.html`, beside a link to the static files."""
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "static"
    if not link.exists():
        link.symlink_to(WEB / "static")
    for name in PAGES:
        for lang in ("zh-Hant", "en"):
            path = folder / f"{name}.{lang}.html"
            path.write_text(render(name, lang), encoding="utf-8")
            yield path


if __name__ == "__main__":
    for written in render_all(Path(sys.argv[1])):
        print(written)
