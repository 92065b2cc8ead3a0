"""Field encryption: personal data on the bus and in tokens is sealed for one audience of one tenant.

A sealed value is a Fernet token (AES-128-CBC + HMAC-SHA256). Its key is derived (HKDF-SHA256) from the audience's
master key and the tenant's code, so that no tenant's token opens with another's key, and a service that was not given
the audience's master key opens nothing. A broker dump shows no telephone number.
"""

import base64
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unsealable(Exception):
    """The value was sealed for somebody else, or was changed on the way."""


class Sealer:
    """Seals and opens text; `masters` maps each audience this process may serve to its master key."""

    def __init__(self, masters: Mapping[str, bytes]) -> None:
        self._masters = masters
        self._fernet = lru_cache(maxsize=1024)(self._derive)

    def seal(self, text: str, *, audience: str, tenant: str) -> str:
        """Encrypt for an audience of a tenant. Errors: `Unsealable` when its key is not on this machine."""
        return self._fernet(audience, tenant).encrypt(text.encode()).decode("ascii")

    def open(self, token: str, *, audience: str, tenant: str) -> str:
        """Decrypt. Errors: `Unsealable`."""
        try:
            return self._fernet(audience, tenant).decrypt(token.encode()).decode()
        except InvalidToken as error:
            raise Unsealable(f"not sealed for {audience} of {tenant}") from error

    def _derive(self, audience: str, tenant: str) -> Fernet:
        if audience not in self._masters:
            raise Unsealable(f"no key for {audience} in LAMPPOST_KEYS (fields.{audience})")
        kdf = HKDF(SHA256(), 32, salt=None, info=f"lamppost field {audience} {tenant}".encode())
        return Fernet(base64.urlsafe_b64encode(kdf.derive(self._masters[audience])))
