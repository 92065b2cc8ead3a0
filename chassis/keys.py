"""The keys file (`LAMPPOST_KEYS`, TOML): what signs staff sessions, what protects forms, what seals fields on the bus.

    [session]  private, public   Ed25519, PEM; a service that only verifies needs `public` alone
    [forms]    secret            signs form cookies and CSRF tokens
    [pepper]   secret            hashes query codes, survey tokens, API keys
    [fields]   notify, search, … one 32-byte master key (base64) an audience: who may open fields sealed for it

A service's own file holds only what that service needs; `make()` writes all of it for a laptop.
"""

import base64
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True)
class Keys:
    """The keys this process was given."""

    session_private: str | None
    session_public: str
    forms: str
    pepper: bytes
    fields: Mapping[str, bytes]


def load(path: Path) -> Keys:
    """Read the keys file. Errors: `ValueError` naming what is missing or wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="ascii"))
        session = raw["session"]
        return Keys(
            session_private=session.get("private"),
            session_public=session["public"],
            forms=raw["forms"]["secret"],
            pepper=base64.b64decode(raw["pepper"]["secret"], validate=True),
            fields={name: _master(name, value) for name, value in raw["fields"].items()},
        )
    except KeyError as error:
        raise ValueError(f"LAMPPOST_KEYS: {path}: {error} is missing") from error
    except (OSError, ValueError) as error:
        raise ValueError(f"LAMPPOST_KEYS: {path}: {error}") from error


def make(path: Path, audiences: list[str]) -> None:
    """Write a fresh keys file that only its owner may read; an existing file is never replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(_fresh(audiences))


def _fresh(audiences: list[str]) -> str:
    private, public = _session_pair()
    fields = "\n".join(f'{name} = "{_random()}"' for name in audiences)
    return (
        f"[session]\nprivate = '''\n{private}'''\npublic = '''\n{public}'''\n\n"
        f'[forms]\nsecret = "{_random()}"\n\n[pepper]\nsecret = "{_random()}"\n\n[fields]\n{fields}\n'
    )


def _session_pair() -> tuple[str, str]:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def _random() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _master(name: str, value: str) -> bytes:
    key = base64.b64decode(value, validate=True)
    if len(key) != 32:
        raise ValueError(f"fields.{name}: 32 bytes expected, {len(key)} given")
    return key
