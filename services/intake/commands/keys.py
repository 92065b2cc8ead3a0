"""`key create|list|revoke`: API keys of other systems."""

import json

import click

from chassis import clock
from services.intake import apikeys
from services.intake.commands.opening import check_tenant, open_intake
from services.intake.model import ApiKey


@click.group()
def key() -> None:
    """API keys of other systems."""


@key.command()
@click.argument("tenant")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True)
def create(tenant: str, name: str, as_json: bool) -> None:
    """Print a new key for the system NAME at the office TENANT. It is shown this once."""
    runtime = open_intake()
    check_tenant(runtime, tenant)
    with runtime.store.session(tenant) as session:
        made = apikeys.create(session, runtime.keys.pepper, name, clock.now())
    click.echo(json.dumps({"tenant": tenant, "name": name, "key": made}) if as_json else made)


@key.command(name="list")
@click.argument("tenant", required=False)
@click.option("--json", "as_json", is_flag=True)
def list_keys(tenant: str | None, as_json: bool) -> None:
    """The keys of TENANT, or all of them; the keys themselves are not kept."""
    runtime = open_intake()
    if tenant is not None:
        check_tenant(runtime, tenant)
    with runtime.store.session(tenant) if tenant else runtime.store.everywhere() as session:
        found = [_row(one) for one in apikeys.list_keys(session)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in found:
        state = f"revoked {row['revoked']}" if row["revoked"] else f"last used {row['last_used'] or 'never'}"
        click.echo(f"{row['tenant']:<10} {row['name']:<24} created {row['created']}  {state}")
    click.echo(f"{len(found)} keys")


@key.command()
@click.argument("tenant")
@click.argument("name")
def revoke(tenant: str, name: str) -> None:
    """Make the key NAME of the office TENANT worthless, within two seconds everywhere."""
    runtime = open_intake()
    check_tenant(runtime, tenant)
    with runtime.store.session(tenant) as session:
        apikeys.revoke(session, name, clock.now())
    click.echo(f"{tenant} {name}: revoked")


def _row(one: ApiKey) -> dict[str, str | None]:
    return {
        "tenant": one.tenant,
        "name": one.name,
        "created": f"{one.created_at:%Y-%m-%d %H:%M}",
        "last_used": f"{one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else None,
        "revoked": f"{one.revoked_at:%Y-%m-%d %H:%M}" if one.revoked_at else None,
    }
