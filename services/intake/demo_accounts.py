"""Demonstration accounts of staff, from `demo_staff.toml`; all have one password, which `user list` shows."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from chassis.runtime import Runtime
from chassis.store import EVERYWHERE
from services.intake import staff
from services.intake.model import StaffMember

PASSWORD = "lamppost-demo"  # noqa: S105 - shown to everybody on purpose
FILE = Path(__file__).with_name("demo_staff.toml")


def load_accounts(runtime: Runtime, tenant: str, now: datetime) -> int:
    """Open the demonstration accounts of an office, and city IT's. Returns how many were new."""
    return sum(_open(runtime, row, now) for row in _rows() if row["tenant"] in (tenant, EVERYWHERE))


def shown(runtime: Runtime, tenant: str) -> list[Mapping[str, Any]]:
    """The demonstration accounts an office has, as `demo_staff.toml` has them, for the sign-in page of a laptop."""
    rows = [row for row in _rows() if row["tenant"] == tenant]
    with runtime.store.session(tenant) as session:
        there = set(session.scalars(select(StaffMember.username)))
    return [row for row in rows if row["username"] in there]


def greeting(runtime: Runtime, tenant: str) -> list[str]:
    """How to sign in at an office's desk as each of its roles; nothing where the demonstration is not loaded."""
    by_role = {role: row["username"] for row in reversed(shown(runtime, tenant)) for role in row["roles"]}
    people = "  ".join(f"{username} ({role})" for role, username in sorted(by_role.items()))
    return [f"/{tenant}/desk/  {people}  password {PASSWORD}"] if people else []


def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["staff"]
    return rows


def _open(runtime: Runtime, row: Mapping[str, Any], now: datetime) -> bool:
    with runtime.store.session(row["tenant"]) as session:
        same = (StaffMember.tenant == row["tenant"], StaffMember.username == row["username"])
        if session.scalars(select(StaffMember).where(*same)).first() is not None:
            return False
        more = {name: row.get(name) for name in ("section", "extension", "deputy")}
        staff.add(
            session,
            row["username"],
            name=row["name"],
            password=PASSWORD,
            roles=row["roles"],
            now=now,
            **more,
        )
    return True
