"""The connections to one server: kept for requests, one of its own for each watch, none that may be dead."""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
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


class Kept:
    """Connections that are used again, and the requests that wait for an answer on them."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session
        #: When each was sent, on the monotonic clock, by what ends its waiting.
        self._waiting: dict[asyncio.Timeout, float] = {}

    @asynccontextmanager
    async def waiting(self) -> AsyncIterator[None]:
        """One request. Raises ``TimeoutError`` in it once the connections are not to be trusted."""
        async with asyncio.timeout(None) as patience:
            self._waiting[patience] = time.monotonic()
            try:
                yield
            finally:
                del self._waiting[patience]

    def hurry(self, seconds: float) -> None:
        """Nobody is to wait longer than ``seconds``, all in all."""
        now, loop_now = time.monotonic(), asyncio.get_running_loop().time()
        for patience, sent_at in self._waiting.items():
            if not patience.expired():
                patience.reschedule(loop_now + max(0.0, sent_at + seconds - now))


class Connections:
    """``longest`` tells how many seconds a request may take."""

    def __init__(self, tls: ssl.SSLContext | None, longest: Callable[[], float]) -> None:
        self._tls: ssl.SSLContext | bool = tls if tls is not None else True
        self._longest = longest
        self._requests: Kept | None = None
        self._watches: aiohttp.ClientSession | None = None
        self._streams: set[Stream] = set()
        self._closing: set[asyncio.Task[None]] = set()

    def for_requests(self) -> Kept:
        """Connections that are used again."""
        if self._requests is None:
            self._requests = Kept(self._open(keepalive_timeout=_KEPT_SECONDS))
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

    def distrust(self, kept: Kept, since: float) -> None:
        """A request on ``kept``, sent at ``since``, got no answer: other connections may be dead in the same way.

        New requests get new ones. Those under way on the old ones wait no longer than that one did, and watches that
        have been silent since end.
        """
        for stream in [stream for stream in self._streams if stream.heard_at < since]:
            stream.close()
        kept.hurry(time.monotonic() - since)
        if kept is self._requests:
            self._requests = None
            task = asyncio.create_task(self._close_later(kept.session), name="close old connections")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Drop all connections at once."""
        closing = list(self._closing)
        for task in closing:
            task.cancel()
        if closing:
            await asyncio.wait(closing)
        if self._requests is not None:
            await self._requests.session.close()
        if self._watches is not None:
            await self._watches.close()
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
