"""Secrets at rest: AES-256-GCM with a key file beside the store, so that a copied database shows none of them."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from weirflow.private_files import write_private

NONCE_BYTES = 12
SEALED = b"\x01"
"""First byte of a sealed body: the form's version. JSON never starts with it."""


class KeyMismatch(Exception):
    """The key file does not open what is stored."""


class Vault:
    """Seals the bodies of the resource `secrets` and leaves all others as they are."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def from_file(cls, path: Path) -> Vault:
        """The vault of the key in `path`, made (mode 0600) at the first start."""
        if not path.exists():
            write_private(path, os.urandom(32))
        return cls(path.read_bytes())

    def seal(self, resource: str, body: bytes) -> bytes:
        if resource != "secrets":
            return body
        nonce = os.urandom(NONCE_BYTES)
        return SEALED + nonce + self._cipher.encrypt(nonce, body, resource.encode())

    def open(self, resource: str, body: bytes) -> bytes:
        if resource != "secrets":
            return body
        nonce, sealed = body[1 : 1 + NONCE_BYTES], body[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, sealed, resource.encode())
        except InvalidTag as error:
            raise KeyMismatch(
                "cluster/secrets.key does not open the stored Secrets; put back the key that belongs to this cluster.db"
            ) from error
