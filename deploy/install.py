"""Make `.venv`, fill it from a lock, build the page assets: `python deploy/install.py run|dev [--anew]`.

Standard library only. What is as the lock says is left alone, so that a second call takes no time. `--anew` makes the
environment again when it is of another Python version than the one that runs this. Exit status 0 done, 1 not done.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUFFICES = {"run": ("run", "dev"), "dev": ("dev",)}  # which locks have what the one asked for has
PIP_INSTALL = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")
SECONDS = 1800  # for one step, on a slow line


class NotInstalledError(Exception):
    """Something that cannot be had here; the message is one line that says why, and the remedy if there is one."""


class Environment:
    """The virtual environment of one working copy, and the note of what was put into it last."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self.note = self.folder / "lamppost-installed"

    def version(self) -> str | None:
        """Its Python's version (`3.11`), or None when there is none that works and has pip."""
        if not self.python.exists():
            return None
        ask = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
        done = subprocess.run([self.python, "-c", ask], capture_output=True, text=True, timeout=60, check=False)
        return done.stdout.strip() if done.returncode == 0 else None

    def has(self, lock: str) -> bool:
        """True when what was installed last is all that this lock asks for."""
        return self._noted() in [[str(self.root), self.digest(name)] for name in SUFFICES[lock]]

    def moved(self) -> bool:
        """True when the working copy was copied or renamed since: programs in there still name the old place."""
        return self._noted()[:1] not in ([], [str(self.root)])

    def digest(self, lock: str) -> str:
        """SHA-256 over what decides what is installed, as hex."""
        files = (self.root / "deploy" / "locks" / f"{lock}.txt", self.root / "pyproject.toml")
        return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()

    def remember(self, lock: str) -> None:
        """Note, last of all, what is there now: what was cut short is done again."""
        self.note.write_text(f"{self.root}\n{self.digest(lock)}\n", encoding="utf-8")

    def forget(self) -> None:
        """From here until `remember`, nothing is certain."""
        self.note.unlink(missing_ok=True)

    def _noted(self) -> list[str]:
        return self.note.read_text(encoding="utf-8").splitlines() if self.note.is_file() else []


def main(arguments: list[str]) -> int:
    """Install what the arguments ask for; the exit status."""
    parser = argparse.ArgumentParser(prog="deploy/install.py", description=__doc__)
    parser.add_argument("lock", choices=sorted(SUFFICES))
    parser.add_argument("--anew", action="store_true", help="of this very Python version")
    given = parser.parse_args(arguments)
    try:
        with one_at_a_time(ROOT):
            install(Environment(ROOT), given.lock, given.anew)
    except (NotInstalledError, OSError, subprocess.TimeoutExpired) as reason:
        sys.stderr.write(f"not installed: {reason}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def install(environment: Environment, lock: str, anew: bool) -> None:
    """Bring the environment to what the lock says, then the page assets to what their sources say."""
    there = environment.version()
    if there is None or environment.moved() or (anew and there != version_of_this()):
        make(environment)
    if not environment.has(lock):
        fill(environment, lock)
    run(environment, "the page assets", "chassis/web/assets/build.py")


def version_of_this() -> str:
    """The version of the Python that runs this."""
    return "{}.{}".format(*sys.version_info[:2])


def make(environment: Environment) -> None:
    """Make an empty environment in place of whatever is there."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        package = f"python{version_of_this()}-venv"
        raise NotInstalledError(f"{sys.executable} has no venv module: apt-get install {package} (or python3-venv)")
    if environment.folder.exists():
        shutil.rmtree(environment.folder)
    done = subprocess.run([sys.executable, "-m", "venv", environment.folder], check=False, timeout=SECONDS)
    if done.returncode:
        raise NotInstalledError(f"`{sys.executable} -m venv .venv` failed, see above")


def fill(environment: Environment, lock: str) -> None:
    """Install the lock by its hashes, wheels only (a compiler is never needed), then Lamppost itself from here."""
    file = f"deploy/locks/{lock}.txt"
    sys.stdout.write(f"installing {file} into .venv (Python {environment.version()}) …\n")
    sys.stdout.flush()
    environment.forget()
    run(environment, file, *PIP_INSTALL, "--require-hashes", "--only-binary", ":all:", "--requirement", file)
    run(environment, "lamppost", *PIP_INSTALL, "--no-deps", "--no-build-isolation", "--editable", ".")
    environment.remember(lock)


def run(environment: Environment, what: str, *arguments: str) -> None:
    """Run the environment's Python in the working copy. Errors: `NotInstalledError`."""
    done = subprocess.run([environment.python, *arguments], cwd=environment.root, check=False, timeout=SECONDS)
    if done.returncode:
        raise NotInstalledError(f"{what}: see above")


@contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Let two calls on one working copy wait for each other."""
    handle = os.open(root / "pyproject.toml", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
