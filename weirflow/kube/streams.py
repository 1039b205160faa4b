"""Watches: answers without an end, each on a connection of its own, by a client for every kind of server."""

import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

import aiohttp

from weirflow.kube.address import open_socket


class Stream:
    """An answer, to be closed by who asked. Reading raises ``OSError`` when its connection ends."""

    def __init__(self, response: aiohttp.ClientResponse, on_close: Callable[["Stream"], None]) -> None:
        self._response, self._on_close = response, on_close
        self.status = response.status
        #: When something came last, on the monotonic clock.
        self.heard_at = time.monotonic()

    def header(self, name: str) -> str:
        """A header's text, empty where there is none."""
        return self._response.headers.get(name, "")

    async def chunks(self) -> AsyncIterator[bytes]:
        """What comes, as it comes. Raises ``TimeoutError`` when it was silent for too long."""
        with _connection_errors():
            async for chunk in self._response.content.iter_any():
                self.heard_at = time.monotonic()
                yield chunk

    async def whole(self) -> bytes:
        """All of an answer that ends."""
        with _connection_errors():
            return await self._response.read()

    def close(self) -> None:
        """Drop the connection; whoever reads gets ``OSError``."""
        self._response.close()
        self._on_close(self)


class Streams:
    """Opens watches to one server, whose TLS names it ``server_name`` where that is given."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        # A new connection each time: a watch would wait for minutes on one that has died unnoticed.
        connector = aiohttp.TCPConnector(
            ssl=tls if tls is not None else True, socket_factory=open_socket, force_close=True
        )
        self._session = aiohttp.ClientSession(connector=connector, auto_decompress=True, trust_env=False)
        self._open: set[Stream] = set()

    async def open(
        self, url: str, query: dict[str, str], headers: dict[str, str], silence: float, server_name: str | None
    ) -> Stream:
        """Ask; reading the answer fails after ``silence`` seconds in which nothing came. Raises ``OSError``."""
        with _connection_errors():
            response = await self._session.get(
                url,
                params=query,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=None, sock_read=silence),
                allow_redirects=False,
                server_hostname=server_name,
            )
        stream = Stream(response, self._open.discard)
        self._open.add(stream)
        return stream

    def end_silent(self, since: float) -> None:
        """Close those that have not been heard of since a moment of the monotonic clock."""
        for stream in [stream for stream in self._open if stream.heard_at < since]:
            stream.close()

    async def close(self) -> None:
        """Drop all connections at once."""
        await self._session.close()


@contextmanager
def _connection_errors() -> Iterator[None]:
    """The client's own errors as those that every connection may end with."""
    try:
        yield
    except OSError:
        # A time that was up is one, and stays what it is.
        raise
    except aiohttp.ClientError as error:
        raise ConnectionError(str(error) or type(error).__name__) from error
