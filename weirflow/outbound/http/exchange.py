"""One kept connection to a server: a request at a time, and the parser's callbacks in place of a client."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import httptools

from weirflow.outbound.guard import Place
from weirflow.outbound.http.gunzip import Gunzip

#: Bytes of everything before an answer's body.
HEAD_LIMIT = 128 << 10


class TooLarge(Exception):
    """The answer has more bytes than were asked for."""


class Broken(ConnectionError):
    """The connection ended, or what came was no HTTP. `early`: before anything of an answer had come."""

    def __init__(self, reason: str, *, early: bool = False) -> None:
        super().__init__(reason)
        self.early = early


class Full(Exception):
    """Answers under way have taken all the memory that there is for them."""


@dataclass(slots=True)
class Room:
    """For bodies of answers under way, those of all connections together."""

    bytes: int
    taken: int = 0


class Answer(NamedTuple):
    """What came: header names are in lower case, the body is as it was before it was compressed."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Exchange(asyncio.Protocol):
    """A connection, made by an event loop. ``ask`` may be called again once it has answered and ``usable`` is true.
    ``on_lost`` is told when it has ended."""

    def __init__(self, on_lost: Callable[[Exchange], None], room: Room) -> None:
        self._on_lost, self._room = on_lost, room
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._parser: Any = None
        self.born_at = self.used_at = time.monotonic()
        #: Of which rules of the project it was opened by.
        self.generation = 0
        #: Where it leads, by those.
        self.place: Place | None = None
        self._reset()
        self._heard = 0
        self._max_body, self._bodiless = 0, False

    @property
    def usable(self) -> bool:
        """Whether another request may be sent."""
        transport = self._transport
        return transport is not None and self._waiting is None and not (self._ends or transport.is_closing())

    async def ask(self, request: bytes, body: bytes, max_body: int, *, bodiless: bool) -> Answer:
        """Send a whole request and wait for its answer, of which ``bodiless`` says that no body follows its head.

        Raises ``Broken`` and ``TooLarge``. Whoever is cancelled here ends the connection.
        """
        transport = self._transport
        if transport is None:
            raise Broken("the connection has ended", early=True)
        self._reset()
        self._heard = 0
        self._max_body, self._bodiless = max_body, bodiless
        self._parser = httptools.HttpResponseParser(self)
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        if body:
            transport.writelines((request, body))
        else:
            transport.write(request)
        try:
            return await waiting
        except BaseException:
            self.abort()
            raise
        finally:
            self._waiting = None
            self._parser = None
            self._room.taken -= self._size
            self.used_at = time.monotonic()

    def abort(self) -> None:
        """End the connection now."""
        if self._transport is not None:
            self._transport.abort()

    def cut(self, why: Exception) -> None:
        """End the connection now; whoever waits for an answer gets ``why``."""
        self._fail(why)
        self.abort()

    def _reset(self) -> None:
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._size = 0
        self._headed = self._ends = self._framed = False
        self._unzip: Gunzip | None = None

    def _fail(self, error: Exception) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)
            self._ends = True

    # What the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transports do not inherit from it

    def data_received(self, data: bytes) -> None:
        if self._is_answered:
            # Nothing was asked: whatever this is, the next answer must not be taken for it.
            self._ends = True
            self.abort()
            return
        self._heard += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(Broken("what it answered is no HTTP that can be read"))
        if not self._headed and self._heard > HEAD_LIMIT:
            self._fail(Broken(f"the head of its answer has more than {HEAD_LIMIT:,} bytes"))

    def eof_received(self) -> None:
        """The default, and the transport closes itself."""

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if self._headed and not self._framed:
            self._complete()  # the end of the connection is the end of the answer
        else:
            # The words of the error may be of TLS; what counts is that it ended.
            self._fail(Broken("it ended the connection", early=not self._heard))
        self._on_lost(self)

    # What the parser calls

    @property
    def _is_answered(self) -> bool:
        return self._waiting is None or self._waiting.done()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self._ends = self._is_answered
        self._headed = self._parser.get_status_code() >= 200
        if not self._headed:
            return
        for name, value in self._headers:
            if name == b"content-length":
                self._framed = True
                if not self._bodiless and value.isdigit() and int(value[:20]) > self._max_body:
                    self._fail(TooLarge())
            elif name == b"transfer-encoding":
                self._framed = True
            elif name == b"content-encoding" and value.lower() in (b"gzip", b"x-gzip"):
                self._unzip = Gunzip()
        if self._bodiless:
            # The parser knows nothing of the request, and would wait for the body that the head tells of.
            self._ends = True
            self._complete()

    def on_body(self, body: bytes) -> None:
        if self._is_answered:
            return
        if self._unzip is not None:
            try:
                body = self._unzip.feed(body, self._max_body - self._size + 1)
            except zlib.error:
                self._fail(Broken("the compressed body of its answer cannot be read"))
                return
        self._size += len(body)
        self._room.taken += len(body)
        if self._size > self._max_body:
            self._fail(TooLarge())
        elif self._room.taken > self._room.bytes:
            self._fail(Full())
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        if self._is_answered:
            self._ends = True  # more came than was asked for
        elif self._headed:
            # The parser knows only here; the connection itself may stay a moment longer.
            self._ends = self._ends or not self._parser.should_keep_alive()
            self._complete()
        else:
            self._reset()  # the real answer follows

    def _complete(self) -> None:
        if self._is_answered:
            return
        assert self._waiting is not None
        if self._unzip is not None:
            if self._unzip.begun and not self._unzip.ended:
                self._fail(Broken("the compressed body of its answer is not whole"))
                return
            self._headers = [each for each in self._headers if each[0] not in (b"content-encoding", b"content-length")]
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        self._waiting.set_result(Answer(self._status, self._headers, body))

    @property
    def _status(self) -> int:
        return int(self._parser.get_status_code())
