"""`user add|list|password|disable`: accounts of staff. A password is asked for, or read from standard input."""

import json
import sys
from typing import Any

import click

from chassis import clock
from chassis.runtime import Runtime
from services.intake import staff
from services.intake.commands.opening import check_tenant, open_intake
from services.intake.demo_accounts import PASSWORD
from services.intake.model import StaffMember


@click.group()
def user() -> None:
    """Accounts of staff. TENANT is an office's code, or * for city IT."""


@user.command()
@click.argument("tenant")
@click.argument("username")
@click.option("--name", required=True, help="As residents see it.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(staff.ROLES))
@click.option("--section", help="Code of a section of the office.")
@click.option("--extension")
@click.option("--email")
@click.option("--deputy", help="Username of who stands in.")
def add(
    tenant: str,
    username: str,
    name: str,
    roles: tuple[str, ...],
    section: str | None,
    extension: str | None,
    email: str | None,
    deputy: str | None,
) -> None:
    """Open an account for USERNAME at TENANT."""
    runtime = _opened(tenant)
    _check_section(runtime, tenant, section)
    more = {"section": section, "extension": extension, "email": email, "deputy": deputy}
    password = _password()
    with runtime.store.session(tenant) as session:
        staff.add(session, username, name=name, password=password, roles=roles, now=clock.now(), **more)
    click.echo(f"{tenant} {username}: may sign in")


@user.command(name="list")
@click.argument("tenant", required=False)
@click.option("--json", "as_json", is_flag=True)
def list_members(tenant: str | None, as_json: bool) -> None:
    """The accounts of TENANT, or all of them."""
    runtime = _opened(tenant)
    with runtime.store.session(tenant) if tenant else runtime.store.everywhere() as session:
        found = [_row(member) for member in staff.members(session)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in found:
        marks = "" if row["active"] else "  closed"
        marks += f"  password: {PASSWORD}" if row["demo"] else ""
        click.echo(f"{row['tenant']:<10} {row['username']:<16} {','.join(row['roles']):<8} {row['name']}{marks}")
    click.echo(f"{len(found)} accounts")


@user.command()
@click.argument("tenant")
@click.argument("username")
def password(tenant: str, username: str) -> None:
    """Give USERNAME a new password, and open the account if too many tries have locked it."""
    runtime = _opened(tenant)
    new = _password()
    with runtime.store.session(tenant) as session:
        staff.set_password(session, username, new)
    click.echo(f"{tenant} {username}: has a new password")


@user.command()
@click.argument("tenant")
@click.argument("username")
def disable(tenant: str, username: str) -> None:
    """Close the account of USERNAME: no new sign-in; a session that is open ends within 30 minutes."""
    runtime = _opened(tenant)
    with runtime.store.session(tenant) as session:
        staff.disable(session, username)
    click.echo(f"{tenant} {username}: closed")


def _opened(tenant: str | None) -> Runtime:
    runtime = open_intake()
    if tenant is not None:
        check_tenant(runtime, tenant, everywhere=True)
    return runtime


def _check_section(runtime: Runtime, tenant: str, section: str | None) -> None:
    known = [one.code for one in runtime.tenants[tenant].sections] if tenant in runtime.tenants else []
    if section is not None and section not in known:
        raise click.UsageError(f"--section must be one of {', '.join(known) or 'none for city IT'}, not {section}")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _row(member: StaffMember) -> dict[str, Any]:
    return {
        "tenant": member.tenant,
        "username": member.username,
        "name": member.name,
        "roles": member.roles,
        "section": member.section,
        "active": member.active,
        "demo": staff.has_password(member, PASSWORD),
    }
