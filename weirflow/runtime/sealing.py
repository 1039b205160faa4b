"""Encrypting the secret fields of states before they enter a resource.

A sealed text is ``sealed:<id of the key>:<base64>``. It opens only for the node and the field that it was made for: the
key is derived for the node, and both names are authenticated. By the node's name and not its uid, so that the state of
a node whose deletion is undone can be read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import Any

from weirflow.errors import StateError
from weirflow.kube.resources import LINK_SECRET, STATE_KEYS_SECRET
from weirflow.kube.state_keys import LEGACY, SEALED_PREFIX, StateKeys, key_id_of

_NONCE_BYTES = 12


class MissingKey(StateError):
    """A text was sealed with a key that is not at hand."""

    code = "state_key_missing"


class Sealer:
    """``legacy`` is the key of old texts. The cryptography is loaded at the first use: most hosts never need it."""

    def __init__(self, legacy: bytes, keys: StateKeys | None = None) -> None:
        self._legacy = legacy
        self.keys = keys or StateKeys()

    def is_current(self, sealed: str) -> bool:
        """Whether the text is sealed with the primary key."""
        return bool(self.keys.primary) and key_id_of(sealed) == self.keys.primary

    def seal(self, plain: bytes, node: str, field: str) -> str:
        """``plain`` as text that opens only for this node and field. Raises ``StateError`` if there is no key."""
        primary = self.keys.primary
        if not primary:
            raise MissingKey(
                f"{field!r} is secret and there is no key to seal it with: the Secret {STATE_KEYS_SECRET} is missing "
                "or empty; install Weirflow on the cluster again, which makes it"
            )
        nonce = os.urandom(_NONCE_BYTES)
        cipher = _cipher(self.keys.keys[primary], node)
        raw = nonce + cipher.encrypt(nonce, plain, _place(node, field))
        return f"{SEALED_PREFIX}{primary}:{base64.urlsafe_b64encode(raw).decode('ascii')}"

    def unseal(self, sealed: str, node: str, field: str) -> bytes:
        """The reverse of ``seal``. Raises ``MissingKey``, or ``StateError`` for a text that was not sealed for this
        place."""
        key_id = key_id_of(sealed)
        if not key_id:
            raise _cannot_open(field, node)
        if key_id == LEGACY:
            return self._unseal_legacy(sealed, field)
        if (key := self.keys.keys.get(key_id)) is None:
            raise MissingKey(
                f"{field!r} is sealed with the key {key_id!r}, which the Secret {STATE_KEYS_SECRET} does not have; put "
                "that key back. What is stored stays as it is"
            )
        from cryptography.exceptions import InvalidTag

        try:
            raw = base64.b64decode(sealed.rpartition(":")[2], altchars=b"-_", validate=True)
            plain: bytes = _cipher(key, node).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _place(node, field))
        except (ValueError, InvalidTag):
            raise _cannot_open(field, node) from None
        return plain

    def _unseal_legacy(self, sealed: str, field: str) -> bytes:
        from cryptography.fernet import Fernet, InvalidToken

        try:
            return Fernet(base64.urlsafe_b64encode(self._legacy)).decrypt(sealed.encode("ascii"))
        except (InvalidToken, UnicodeEncodeError):
            raise MissingKey(
                f"{field!r} is sealed with another key than that of the Secret {LINK_SECRET}; put that Secret back. "
                "What is stored stays as it is"
            ) from None


def _cipher(key: bytes, node: str) -> Any:
    """Each node has a key of its own, so that random nonces are few enough never to meet."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(hmac.new(key, b"weirflow state of " + node.encode(), hashlib.sha256).digest())


def _cannot_open(field: str, node: str) -> StateError:
    return StateError(
        f"{field!r} cannot be opened: it was not sealed for this field of {node}, or was changed since; put back what "
        "stood there, or delete the key from status.metadata and set it again"
    )


def _place(node: str, field: str) -> bytes:
    return f"{node}\0{field}".encode()
