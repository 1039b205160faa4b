"""The connections to one server: kept for requests, one of its own for each watch, none that may be dead."""

import ssl
import time
from collections.abc import AsyncIterator, Callable

import aiohttp

from weirflow.kube.address import Address, open_socket
from weirflow.kube.kept import Kept


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
    """Requests go to ``address``; watches, which may take their time, by a client for every kind of server."""

    def __init__(self, address: Address, tls: ssl.SSLContext | None) -> None:
        self._address = address
        self._tls: ssl.SSLContext | bool = tls if tls is not None else True
        self._requests: Kept | None = None
        self._watches: aiohttp.ClientSession | None = None
        self._streams: set[Stream] = set()

    def for_requests(self) -> Kept:
        """Connections that are used again."""
        if self._requests is None:
            self._requests = Kept(self._address)
        return self._requests

    def for_watches(self) -> aiohttp.ClientSession:
        """A new connection each time: a watch would wait for minutes on one that has died unnoticed."""
        if self._watches is None:
            connector = aiohttp.TCPConnector(ssl=self._tls, socket_factory=open_socket, force_close=True)
            self._watches = aiohttp.ClientSession(connector=connector, auto_decompress=True, trust_env=False)
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
        kept.retire()
        if kept is self._requests:
            self._requests = None

    async def close(self) -> None:
        """Drop all connections at once."""
        if self._requests is not None:
            await self._requests.close()
        if self._watches is not None:
            await self._watches.close()
        self._requests = self._watches = None
