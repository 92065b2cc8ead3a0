"""Chromium and fonts that know Chinese: not a server, but the tests of pages need them just the same."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from . import packages, programs
from .state import Had, UnavailableError

NAME = "chromium"
FONTS = "chinese-fonts"
VARIABLE = "LAMPPOST_TEST_CHROMIUM"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> Path | None:
    """A Chromium that is installed; Ubuntu's placeholder that only sends one to the snap shop is none."""
    for program in PROGRAMS:
        path = shutil.which(program)
        if path and version(Path(path)):
            return Path(path)
    return None


def version(path: Path) -> str:
    """The version a Chromium says it is; empty when it does not run."""
    status, lines = programs.run([str(path), "--version"])
    numbers = [word for word in " ".join(lines).split() if word[0].isdigit()]
    return numbers[0] if status == 0 and numbers else ""


def wanted_packages() -> list[str]:
    """What the distribution must still install for the browser itself."""
    return [] if find() else [packages.first_offered("chromium")]


def wanted_fonts() -> list[str]:
    """What the distribution must still install so that Chinese is not drawn as boxes."""
    return [] if has_chinese_font() else [packages.first_offered("fonts-noto-cjk")]


def has_chinese_font() -> bool:
    """True when fontconfig knows a font with traditional Chinese."""
    status, fonts = programs.run(["fc-list", ":lang=zh-tw"])
    return status == 0 and bool(fonts)


def given_or_known(known: Had | None) -> Had | None:
    """The Chromium named in the environment, else the one of last time; raises UnavailableError if it does not run."""
    named = os.environ.get(VARIABLE)
    if not named or (known and known.how == "installed" and named == known.address):
        return known if known and os.access(known.address, os.X_OK) else None
    said = version(Path(named))
    if not said:
        raise UnavailableError(f"{VARIABLE}={named} does not run")
    return Had("environment", named, said)


def found() -> Had:
    """The installed Chromium; raises UnavailableError when there is none."""
    path = find()
    if path is None:
        raise UnavailableError("no Chromium is installed")
    return Had("installed", str(path), version(path))
