"""Encrypting the secret fields of states before they enter a resource."""

from __future__ import annotations

import base64
from typing import Any

from weirflow.errors import StateError


class Sealer:
    """Seals with one key. The cryptography is loaded at the first use: most hosts never need it."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._fernet: Any = None

    def seal(self, plain: bytes) -> str:
        """``plain`` as text that only this key opens."""
        return str(self._load().encrypt(plain).decode("ascii"))

    def unseal(self, sealed: str) -> bytes:
        """The reverse of ``seal``. Raises ``StateError`` if it was sealed with another key."""
        from cryptography.fernet import InvalidToken

        try:
            return bytes(self._load().decrypt(sealed.encode("ascii")))
        except (InvalidToken, UnicodeEncodeError) as error:
            raise StateError(
                "a secret field was sealed with another key; restore the Secret weirflow-link, or set the field again"
            ) from error

    def _load(self) -> Any:
        if self._fernet is None:
            from cryptography.fernet import Fernet

            self._fernet = Fernet(base64.urlsafe_b64encode(self._key))
        return self._fernet
