"""Opening an installation: settings, tenants, keys, and the runtime of each service asked for."""

from collections.abc import Mapping

from chassis import keys, runtime, settings, tenants
from chassis.manifest import Manifest
from chassis.runtime import Runtime
from chassis.settings import Settings


def open_all(manifests: Mapping[str, Manifest]) -> dict[str, Runtime]:
    """A runtime for each of these services. Errors: `SettingsError`, `ValueError`, each naming what is wrong."""
    found = settings.load(list(manifests))
    ensure_keys(found, manifests)
    offices = tenants.load(found.tenants)
    return {name: runtime.build(manifest, found, offices) for name, manifest in manifests.items()}


def audiences(manifests: Mapping[str, Manifest]) -> set[str]:
    """Whose sealed fields these services open or make."""
    return {audience for manifest in manifests.values() for audience in (*manifest.reads, *manifest.seals)}


def ensure_keys(found: Settings, manifests: Mapping[str, Manifest]) -> None:
    """On a laptop, make the keys file on the first run; elsewhere a missing one is an error of the settings."""
    if found.embedded and not found.keys.exists():
        keys.make(found.keys, sorted(audiences(manifests)))
