"""The distribution's packages, by apt-get, as root or through sudo without a password."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache

from . import programs
from .state import UnavailableError

# policy-rc.d with status 101 is Debian's way to say: install the service, do not start it.
SCRIPT = """
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" </dev/null 2>&1
"""
SERVICES = ("rabbitmq-server", "postgresql")
INSTALL = ("--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", "install")


def become_root() -> list[str]:
    """What to put before a command that needs root; raises UnavailableError when there is no way."""
    if not shutil.which("apt-get"):
        raise UnavailableError("no apt-get here")
    if os.geteuid() == 0:
        return []
    if programs.run(["sudo", "-n", "true"])[0] == 0:
        return ["sudo", "-n"]
    raise UnavailableError("packages are needed, and neither root nor sudo without a password is at hand")


def apt_get(*arguments: str) -> None:
    """Run apt-get as root, quietly; raises UnavailableError with its first complaint."""
    command = [*become_root(), "sh", "-c", SCRIPT, "apt-get", *arguments]
    status, lines = programs.run(command, seconds=1800)
    if status:
        said = [line for line in lines if line.startswith("E:")] or [f"exit status {status}"]
        raise UnavailableError(f"apt-get: {said[0]}")


@cache
def refresh_lists_if_empty() -> None:
    """`apt-get update` where apt knows no packages yet, as on a new machine."""
    if not candidate("rabbitmq-server"):
        refresh_lists()


@cache
def refresh_lists() -> None:
    """`apt-get update`, once a run."""
    apt_get("update")


def offered(package: str) -> bool:
    """True when the distribution has the package."""
    refresh_lists_if_empty()
    return candidate(package)


def candidate(package: str) -> bool:
    """True when apt's lists as they are have the package."""
    said = "\n".join(programs.run(["apt-cache", "policy", package])[1])
    return bool(re.search(r"Candidate: (?!\(none\))", said))


def names(pattern: str) -> list[str]:
    """Package names that the regular expression fits, in the order of their numbers."""
    refresh_lists_if_empty()
    found = [line.split()[0] for line in programs.demand(["apt-cache", "search", "--names-only", pattern])]
    return sorted(found, key=lambda name: [int(number) for number in re.findall(r"\d+", name)])


def first_offered(*choice: str) -> str:
    """The first package of the choice that the distribution has; raises UnavailableError when it has none."""
    for package in choice:
        if offered(package):
            return package
    raise UnavailableError(f"the distribution has no package {' or '.join(choice)}")


def install_for(needs: dict[str, list[str]]) -> dict[str, str]:
    """Install everything in one call, piece by piece when that fails; who must do without, and why."""
    if not needs:
        return {}
    try:
        install([package for wanted in needs.values() for package in wanted])
        return {}
    except UnavailableError:
        return {name: reason for name, wanted in needs.items() if (reason := failure(wanted))}


def failure(wanted: list[str]) -> str:
    """Try to install these; why it failed, empty when it did not."""
    try:
        install(wanted)
        return ""
    except UnavailableError as reason:
        return str(reason)


def install(wanted: list[str]) -> None:
    """Install all at once; a list of packages that has grown old is refreshed once."""
    try:
        apt_get(*INSTALL, *wanted)
    except UnavailableError:
        refresh_lists()
        apt_get(*INSTALL, *wanted)
    keep_asleep(wanted)


def keep_asleep(wanted: list[str]) -> None:
    """Let the next boot not start the distribution's own instances of what was installed for us."""
    fresh = [service for service in SERVICES if any(package.startswith(service) for package in wanted)]
    if fresh and os.path.isdir("/run/systemd/system"):
        programs.run([*become_root(), "systemctl", "disable", *fresh])
