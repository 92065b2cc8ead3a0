"""What one service holds while it runs: built once a process, handed to its web app, its worker and its rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chassis import keys as key_file
from chassis.asking import Ask
from chassis.sealing import Sealer
from chassis.store import Store
from chassis.tenants import Tenant, Tenants

if TYPE_CHECKING:
    from chassis.keys import Keys
    from chassis.manifest import Manifest
    from chassis.settings import Settings


@dataclass
class Runtime:
    """One running service. `ports` is the service's own view of the outside world (see `Manifest.ports`)."""

    manifest: Manifest
    settings: Settings
    tenants: Tenants
    keys: Keys
    store: Store
    sealer: Sealer
    ask: Ask = field(default_factory=Ask)
    ports: Any = None

    @property
    def name(self) -> str:
        """The service's name."""
        return self.manifest.name

    def link(self, path: str) -> str:
        """An absolute link as it is sent to people: `LAMPPOST_PUBLIC_URL` + path."""
        return self.settings.public_url + path

    def tenant(self, code: str) -> Tenant:
        """The office with this code. Errors: `KeyError`."""
        return self.tenants[code]


def build(manifest: Manifest, settings: Settings, tenants: Tenants) -> Runtime:
    """Open everything a service needs. Errors: `ValueError` naming the setting that is wrong."""
    keys = key_file.load(settings.keys)
    runtime = Runtime(
        manifest=manifest,
        settings=settings,
        tenants=tenants,
        keys=keys,
        store=Store(settings.store(manifest.name)),
        sealer=Sealer(keys.fields),
    )
    runtime.ports = manifest.ports(runtime)
    return runtime
