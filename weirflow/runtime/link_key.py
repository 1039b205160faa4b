"""The key that web and module hosts share: it opens the link, and seals secret fields of states."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable

from weirflow.kube.client import ClusterClient
from weirflow.kube.resources import LINK_SECRET, SECRET


class LinkKeyError(Exception):
    """The Secret of the link is not as it should be; the text says what to do."""


async def read_link_key(cluster: ClusterClient) -> bytes:
    """The 32 bytes in the Secret ``weirflow-link``. Raises ``LinkKeyError`` and what the cluster raises."""
    secret = await cluster.get(SECRET, LINK_SECRET)
    try:
        key = base64.b64decode((secret.get("data") or {}).get("key", ""), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise LinkKeyError(
            f"Secret {LINK_SECRET} has no 32 bytes under data.key; delete it, and restart the embedded cluster or run "
            "manage.py install_cluster again"
        )
    return key


def bearer(key: bytes) -> str:
    """What whoever has the key says in ``Authorization``."""
    return f"Bearer {key.hex()}"


class BearerCheck:
    """Tells whether a request on the link carries the key that ``key`` returns. ``doubt`` is called when it carries
    another one."""

    def __init__(self, key: Callable[[], bytes], doubt: Callable[[], None]) -> None:
        self._key, self._doubt = key, doubt

    def allows(self, authorization: str) -> bool:
        """``authorization`` is the header's text, or the empty string."""
        allowed = hmac.compare_digest(authorization.encode("utf-8", "replace"), bearer(self._key()).encode())
        if authorization and not allowed:
            self._doubt()
        return allowed


def sealing_key(key: bytes) -> bytes:
    """A key of its own for sealing, so that what is shown on the link says nothing about sealed fields."""
    return hmac.new(key, b"weirflow state sealing", hashlib.sha256).digest()


def messages_key(key: bytes) -> bytes:
    """A key of its own for messages between hosts: whoever is sent it learns nothing about the link."""
    return hmac.new(key, b"weirflow messages", hashlib.sha256).digest()
