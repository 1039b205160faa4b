"""Where the cluster is and how to prove who we are: one cluster, one identity, and a token that may be renewed."""

import asyncio
import math
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_RENEW_SECONDS = 5.0


class ConfigError(Exception):
    """The configuration cannot be used; the text says which file, which part and what to do."""


def _no_token() -> str:
    return ""


@dataclass(slots=True)
class ClusterConfig:
    """One cluster and one identity. The token never appears in ``repr``.

    ``read_token`` may block on a file or a program; what it gives is used for ``token_seconds``, then asked for again.
    ``new_token`` is asked when the cluster has refused a token before that: it must not answer from a cache.
    ``server_name`` is the name the server's certificate must have where that is not the address.
    """

    server: str
    namespace: str = "default"
    ssl_context: ssl.SSLContext | None = None
    read_token: Callable[[], str] = field(default=_no_token, repr=False)
    new_token: Callable[[], str] | None = field(default=None, repr=False)
    token_seconds: float = math.inf
    server_name: str | None = None
    _token: str | None = field(default=None, repr=False)
    _token_until: float = field(default=0.0, repr=False)
    _renewed_at: float = field(default=-math.inf, repr=False)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def token(self) -> str:
        """The bearer token to send now; empty without one. Raises ``ConfigError`` when it cannot be had."""
        if self._token is None or time.monotonic() >= self._token_until:
            async with self._reading:
                if self._token is None or time.monotonic() >= self._token_until:
                    self._keep(await asyncio.to_thread(self.read_token))
        assert self._token is not None
        return self._token

    async def renew(self, refused: str) -> bool:
        """Read the token again, after the cluster did not know ``refused``. Returns whether there is another now.

        However many requests were refused, the token is read once, and at most every few seconds.
        """
        async with self._reading:
            if self._token != refused:
                return True
            if time.monotonic() < self._renewed_at + _RENEW_SECONDS:
                return False
            self._renewed_at = time.monotonic()
            self._keep(await asyncio.to_thread(self.new_token or self.read_token))
        return self._token != refused

    def _keep(self, token: str) -> None:
        self._token, self._token_until = token, time.monotonic() + self.token_seconds
