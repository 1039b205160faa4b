"""Where a server is, and how a connection to it is made."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

P = TypeVar("P", bound=asyncio.Protocol)

#: A peer that acknowledges nothing for this long is gone.
_DEAD_MILLISECONDS = 30_000
#: How long one address of several has before the next is tried, in seconds.
_TURN_SECONDS = 1.0


class NotConnected(OSError):
    """There is no connection to the server, so that nothing was sent."""


class Address:
    """Of a URL as it stands in a kubeconfig. ``tls`` not given means the system's trust; ``name`` is what the server's
    certificate must say, if not the host."""

    def __init__(self, url: str, tls: ssl.SSLContext | None = None, name: str | None = None) -> None:
        parts = urlsplit(url)
        #: As it stands in the header ``Host``, and the path that all others are below.
        self.host = parts.netloc.rpartition("@")[2]
        self.path = parts.path.rstrip("/")
        self._name = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls: dict[str, Any] = {}
        if parts.scheme == "https":
            self._tls = {"ssl": tls or ssl.create_default_context(), "server_hostname": name or self._name}

    async def connect(self, make: Callable[[], P]) -> P:
        """A connection, with the protocol that ``make`` gives. Raises ``NotConnected``."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(self._name, self._port, type=socket.SOCK_STREAM)
            sock = await self._first(found)
            try:
                _, protocol = await loop.create_connection(make, sock=sock, **self._tls)
            except BaseException:
                sock.close()
                raise
        except OSError as error:
            raise NotConnected(f"cannot connect to {self.host}: {error}") from error
        return protocol

    async def _first(self, found: list[tuple[Any, ...]]) -> socket.socket:
        """The first of the addresses that answers."""
        loop = asyncio.get_running_loop()
        for place, address in enumerate(found):
            is_last = place == len(found) - 1
            sock = open_socket(address)
            try:
                sock.setblocking(False)
                async with asyncio.timeout(None if is_last else _TURN_SECONDS):
                    await loop.sock_connect(sock, address[4])
            except (OSError, TimeoutError):
                sock.close()
                if is_last:
                    raise
            except BaseException:
                sock.close()
                raise
            else:
                return sock
        raise OSError("the name has no address")


def open_socket(address: tuple[Any, ...]) -> socket.socket:
    """A socket that notices a peer that vanished without a word, which a watch would otherwise wait for in silence."""
    family, kind, protocol = address[:3]
    sock = socket.socket(family, kind, protocol)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", 15),
        ("TCP_KEEPINTVL", 5),
        ("TCP_KEEPCNT", 3),
        ("TCP_USER_TIMEOUT", _DEAD_MILLISECONDS),
    ):
        if hasattr(socket, option):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
    return sock
