"""One kept connection to the API server: a request at a time, and the parser's callbacks in place of a client.

Each node of a flow costs a request. A client for every kind of server takes most of a core's time for a thousand of
them a second; what an API server sends needs a fraction of that.
"""

import asyncio
import zlib
from typing import Any, NamedTuple, cast

import httptools


class Answer(NamedTuple):
    """What came: header names are in lower case, the body is as it was before it was compressed."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes

    def header(self, name: bytes) -> str:
        """A header's text, empty where there is none."""
        return self.headers.get(name, b"").decode("latin-1")


class Exchange(asyncio.Protocol):
    """A connection, made by an event loop. ``ask`` may be called again once it has answered and ``usable`` is true."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._parser: Any = None
        self._silence: asyncio.TimerHandle | None = None
        self._heard_at = 0.0
        self._reset()

    @property
    def usable(self) -> bool:
        """Whether another request may be sent."""
        transport = self._transport
        return transport is not None and self._waiting is None and not (self._ends or transport.is_closing())

    async def ask(self, request: bytes, silence: float | None = None) -> Answer:
        """Send a whole request and wait for its answer. Raises ``OSError`` when the connection ends before that, and
        ``TimeoutError`` after ``silence`` seconds in which nothing came. Whoever is cancelled here ends the connection.
        """
        if self._transport is None:
            raise ConnectionResetError("the connection has ended")
        loop = asyncio.get_running_loop()
        self._reset()
        self._parser = httptools.HttpResponseParser(self)
        waiting: asyncio.Future[Answer] = loop.create_future()
        self._waiting = waiting
        self._heard_at = loop.time()
        if silence is not None:
            self._silence = loop.call_later(silence, self._look, silence)
        self._transport.write(request)
        try:
            return await waiting
        except BaseException:
            self.abort()
            raise
        finally:
            self._waiting = None
            if self._silence is not None:
                self._silence.cancel()
                self._silence = None

    def abort(self) -> None:
        """End the connection now."""
        if self._transport is not None:
            self._transport.abort()

    def _reset(self) -> None:
        self._headers: dict[bytes, bytes] = {}
        self._body: list[bytes] = []
        self._headed = self._ends = False

    def _look(self, silence: float) -> None:
        loop = asyncio.get_running_loop()
        quiet = loop.time() - self._heard_at
        if quiet >= silence:
            self._fail(TimeoutError())
        else:
            self._silence = loop.call_later(silence - quiet, self._look, silence)

    def _fail(self, error: Exception) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)

    # What the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transports do not inherit from it

    def data_received(self, data: bytes) -> None:
        if self._is_answered:
            # Nothing was asked: whatever this is, the next answer must not be taken for it.
            self.abort()
            return
        self._heard_at = asyncio.get_running_loop().time()
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade, zlib.error) as error:
            self._fail(ConnectionError(f"the answer cannot be read: {error}"))

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if self._headed and not self._headers.keys() & {b"content-length", b"transfer-encoding"}:
            self._complete()  # the end of the connection is the end of the answer
        elif error is None or isinstance(error, OSError):
            self._fail(error or ConnectionResetError("the server ended the connection"))
        else:
            self._fail(ConnectionError(str(error) or type(error).__name__))

    # What the parser calls

    @property
    def _is_answered(self) -> bool:
        return self._waiting is None or self._waiting.done()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        self._ends = self._is_answered
        self._headed = self._parser.get_status_code() >= 200

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        if self._is_answered:
            self._ends = True  # more came than was asked for
        elif self._headed:
            # The parser knows only here; the connection itself may stay a moment longer.
            self._ends = not self._parser.should_keep_alive()
            self._complete()
        else:
            self._reset()  # the real answer follows

    def _complete(self) -> None:
        if self._waiting is None or self._waiting.done():
            return
        body = b"".join(self._body)
        if self._headers.get(b"content-encoding") == b"gzip":
            body = zlib.decompress(body, wbits=zlib.MAX_WBITS | 16)
        self._waiting.set_result(Answer(self._parser.get_status_code(), self._headers, body))
        self._headers = {}
