"""The connections to one server: kept for requests, one of its own for each watch, none that may be dead."""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp

_CONNECTIONS = 100
_KEPT_SECONDS = 60.0
#: A peer that acknowledges nothing for this long is gone.
_DEAD_MILLISECONDS = 30_000


class Stream:
    """An answer without an end, on a connection of its own."""

    def __init__(self, response: aiohttp.ClientResponse, on_close: Callable[["Stream"], None]) -> None:
        self._response, self._on_close = response, on_close
        #: When something came last, on the monotonic clock.
        self.heard_at = time.monotonic()

    async def chunks(self) -> AsyncIterator[bytes]:
        """What comes, as it comes."""
        async for chunk in self._response.content.iter_any():
            self.heard_at = time.monotonic()
            yield chunk

    def close(self) -> None:
        """Drop the connection; whoever reads gets ``aiohttp.ClientError``."""
        self._response.close()
        self._on_close(self)


class Connections:
    """``longest`` tells how many seconds a request may take."""

    def __init__(self, tls: ssl.SSLContext | None, longest: Callable[[], float]) -> None:
        self._tls: ssl.SSLContext | bool = tls if tls is not None else True
        self._longest = longest
        self._requests: aiohttp.ClientSession | None = None
        self._watches: aiohttp.ClientSession | None = None
        self._streams: set[Stream] = set()
        self._closing: set[asyncio.Task[None]] = set()

    def for_requests(self) -> aiohttp.ClientSession:
        """Connections that are used again."""
        if self._requests is None:
            self._requests = self._open(keepalive_timeout=_KEPT_SECONDS)
        return self._requests

    def for_watches(self) -> aiohttp.ClientSession:
        """A new connection each time: a watch would wait for minutes on one that has died unnoticed."""
        if self._watches is None:
            self._watches = self._open(force_close=True)
        return self._watches

    def stream(self, response: aiohttp.ClientResponse) -> Stream:
        """Take charge of a watch that has begun."""
        stream = Stream(response, self._streams.discard)
        self._streams.add(stream)
        return stream

    def distrust(self, session: aiohttp.ClientSession, since: float) -> None:
        """A request on ``session``, sent at ``since``, got no answer: other connections may be dead in the same way.

        New requests get new ones, and those under way may finish. Watches that have been silent since end.
        """
        for stream in [stream for stream in self._streams if stream.heard_at < since]:
            stream.close()
        if session is self._requests:
            self._requests = None
            task = asyncio.create_task(self._close_later(session), name="close old connections")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Drop all connections at once."""
        closing = list(self._closing)
        for task in closing:
            task.cancel()
        if closing:
            await asyncio.wait(closing)
        for session in (self._requests, self._watches):
            if session is not None:
                await session.close()
        self._requests = self._watches = None

    async def _close_later(self, session: aiohttp.ClientSession) -> None:
        try:
            await asyncio.sleep(self._longest())
        finally:
            await session.close()

    def _open(self, **options: Any) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=_CONNECTIONS, ssl=self._tls, socket_factory=_socket, **options)
        return aiohttp.ClientSession(connector=connector, auto_decompress=True, trust_env=False)


def _socket(address: tuple[Any, ...]) -> socket.socket:
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
