"""One client's connection to the flows' listener: HTTP/1.1 with keep-alive and pipelining, within limits."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from typing import TYPE_CHECKING, cast

import httptools

from weirflow.runtime.http_wire import encode, plain, query_of, shown, target_of
from weirflow.services import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from weirflow.runtime.http_listener import FlowListener
    from weirflow.runtime.http_routes import FlowRoute

log = logging.getLogger(__name__)

_MAX_HEAD_BYTES = 32 * 1024
_MAX_FIELDS = 100
_MAX_PIPELINED = 16
#: How long what a refused client still sends is thrown away: a reset in its face could take the answer from it.
_LINGER_SECONDS = 2.0


class FlowConnection(asyncio.Protocol):
    """Requests of one connection are answered one after the other, in their order."""

    __slots__ = (
        "_body",
        "_body_bytes",
        "_closing",
        "_deaf",
        "_ended",
        "_fields",
        "_head_bytes",
        "_in_head",
        "_lingering_since",
        "_listener",
        "_params",
        "_parser",
        "_path",
        "_query",
        "_queue",
        "_refused",
        "_route",
        "_silent_bytes",
        "_task",
        "_transport",
        "_unsent",
        "_unsent_since",
        "_url",
        "_writable",
        "busy",
        "quiet_since",
        "receiving_since",
    )

    def __init__(self, listener: FlowListener) -> None:
        self._listener = listener
        self._parser = httptools.HttpRequestParser(self)
        #: What is to be answered: a request and its route or a response, whether to keep on, whether without a body.
        self._queue: deque[tuple[HttpRequest, FlowRoute, bool, bool] | tuple[HttpResponse, None, bool, bool]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._writable: asyncio.Event | None = None
        self._closing = False
        #: Since when the last answer has been sent and what still comes in is awaited.
        self._lingering_since = 0.0
        #: Bytes the client has not taken, as last looked at, and since when it has taken none of them.
        self._unsent, self._unsent_since = 0, 0.0
        #: What comes in is thrown away: it cannot be told apart any more, or there will be nothing.
        self._deaf = False
        #: The client has ended its side. It may still read.
        self._ended = False
        #: Bytes since the parser last had something to tell; it keeps an unfinished field in memory.
        self._silent_bytes = 0
        self.busy = False
        self.quiet_since = time.monotonic()
        #: Since when a request has been coming in that is not complete yet; 0 for none.
        self.receiving_since = 0.0
        self._reset()

    def _reset(self) -> None:
        self._url = b""
        self._path, self._query = "", b""
        self._fields: dict[str, str] = {}
        self._in_head = True
        self._head_bytes = 0
        self._body: list[bytes] = []
        self._body_bytes = 0
        self._route: FlowRoute | None = None
        self._params: dict[str, str] = {}
        self._refused: HttpResponse | None = None

    # The transport's side.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # An event loop's own transports need not derive from the abstract one.
        self._transport = cast("asyncio.Transport", transport)
        if not self._listener.connected(self):
            self._refuse(503, "too many connections; try again soon")

    def connection_lost(self, error: Exception | None) -> None:
        self._closing = True
        self._queue.clear()
        self._listener.disconnected(self)
        if self._writable is not None:
            self._writable.set()

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        self.quiet_since = time.monotonic()
        self._silent_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # The request has been queued as an ordinary one; what follows would be in the other protocol.
            self._deaf = True
        except (httptools.HttpParserError, httptools.HttpParserCallbackError, UnicodeDecodeError):
            self._refuse(400, "this is not an HTTP request that this listener understands")
        if self._silent_bytes > _MAX_HEAD_BYTES:
            self._refuse(431, f"a header field may have {_MAX_HEAD_BYTES} bytes")

    def eof_received(self) -> bool:
        self._ended = self._deaf = True
        # A client may say that it sends no more and wait for its answers.
        return self.busy

    def pause_writing(self) -> None:
        self._writable = asyncio.Event()

    def resume_writing(self) -> None:
        if self._writable is not None:
            self._writable.set()
            self._writable = None

    # The parser's side.

    def on_message_begin(self) -> None:
        self.receiving_since = time.monotonic()
        self._reset()

    def on_url(self, url: bytes) -> None:
        self._silent_bytes = 0
        self._url += url
        self._count_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._silent_bytes = 0
        if not self._in_head:
            # A field behind a chunked body must not pass for one that the request began with.
            return
        self._count_head(len(name) + len(value) + 4)
        if len(self._fields) >= _MAX_FIELDS:
            self._refuse(431, f"a request may have {_MAX_FIELDS} header fields")
            return
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        known = self._fields.get(key)
        self._fields[key] = text if known is None else f"{known}; {text}" if key == "cookie" else f"{known}, {text}"

    def on_headers_complete(self) -> None:
        self._silent_bytes = 0
        self._in_head = False
        if not self._listener.answers_to(self._fields.get("host", "")):
            self._refuse(421, "this listener does not answer to that Host; add the name to WEIRFLOW_HTTP_HOSTS")
            return
        path, self._query = target_of(self._url)
        self._path = path
        method = self._parser.get_method().decode("ascii")
        route, self._params, allowed = self._listener.routes.find(method, path)
        if route is None and method == "OPTIONS" and (asked := self._fields.get("access-control-request-method")):
            route, self._params = self._listener.routes.find_preflight(asked.upper(), path) or (None, {})
        self._route = route
        if route is None:
            if self._listener.starting:
                self._refused = plain(503, "the flows are being started; try again soon", {"retry-after": "1"})
            elif allowed:
                self._refused = plain(405, f"{shown(path)} answers {', '.join(allowed)}", {"allow": ", ".join(allowed)})
            else:
                self._refused = plain(404, f"no flow answers {shown(path)}")
        length = self._fields.get("content-length", "0")
        limit = route.max_body if route is not None else 64 * 1024
        if length.isdecimal() and int(length) > limit:
            self._refuse(413, f"the body may have {limit} bytes here")
        elif self._fields.get("expect", "").lower() == "100-continue":
            if self._refused is not None:
                self._answer_last(self._refused)
            elif self._transport is not None and not self.busy and not self._deaf:
                # Not between the answers to earlier requests: the client's patience with an expectation has an end.
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._silent_bytes = 0
        if self._deaf:
            return
        self._body_bytes += len(body)
        limit = self._route.max_body if self._route is not None else 64 * 1024
        if self._body_bytes > limit:
            self._refuse(413, f"the body may have {limit} bytes here")
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        self.receiving_since = 0.0
        if self._closing or self._deaf:
            return
        keep = self._parser.should_keep_alive() and not self._parser.should_upgrade() and not self._listener.stopping
        is_head = self._parser.get_method() == b"HEAD"
        if self._route is None:
            assert self._refused is not None
            self._queue.append((self._refused, None, keep, is_head))
        else:
            request = HttpRequest(
                self._parser.get_method().decode("ascii"),
                shown(self._path),
                self._fields,
                query_of(self._query) if self._query else {},
                b"".join(self._body),
                {name: shown(value) for name, value in self._params.items()} if self._params else {},
            )
            self._queue.append((request, self._route, keep, is_head))
        if len(self._queue) >= _MAX_PIPELINED and self._transport is not None:
            self._transport.pause_reading()
        self._begin_answering()

    # Answering.

    def _begin_answering(self) -> None:
        if self._task is None:
            self.busy = True
            self._task = asyncio.get_running_loop().create_task(self._answer_all())

    async def _answer_all(self) -> None:
        transport = self._transport
        assert transport is not None
        try:
            while self._queue and not self._closing:
                head, route, keep, is_head = self._queue.popleft()
                if route is None:
                    assert isinstance(head, HttpResponse)
                    response = head
                else:
                    assert isinstance(head, HttpRequest)
                    response = await self._listener.handle(head, route)
                if self._closing:
                    return
                keep = keep and not self._listener.stopping
                transport.write(encode(response, keep, is_head))
                if self._writable is not None:
                    await self._writable.wait()
                if not keep:
                    self._end()
                    return
                if len(self._queue) < _MAX_PIPELINED // 2:
                    transport.resume_reading()
            if self._ended:
                self.close()
        finally:
            self._task = None
            self.busy = False
            self.quiet_since = time.monotonic()

    def refuse_if_late(self, now: float, quiet: float, receiving: float) -> None:
        """Close a connection that has been silent for ``quiet`` seconds, or whose request has taken ``receiving``; one
        whose client does not read what it asked for within ``quiet`` loses it."""
        assert self._transport is not None
        unsent = self._transport.get_write_buffer_size()
        if unsent != self._unsent:
            self._unsent, self._unsent_since = unsent, now
        if unsent:
            if now - self._unsent_since > quiet:
                self._transport.abort()
        elif self._lingering_since:
            if now - self._lingering_since > _LINGER_SECONDS:
                self.close()
        elif self.receiving_since and now - self.receiving_since > receiving:
            self._refuse(408, f"a request must arrive within {receiving:g} seconds")
        elif not self.busy and now - self.quiet_since > quiet:
            self.close()

    def close(self) -> None:
        """End the connection after what has been written."""
        self._closing = True
        if self._transport is not None:
            self._transport.close()

    def _end(self) -> None:
        """The last answer has been written: close, at once if the client cannot be sending any more."""
        if self._deaf and not self._ended and self._transport is not None and self._transport.can_write_eof():
            self._lingering_since = time.monotonic()
            self._transport.write_eof()
        else:
            self.close()

    def _count_head(self, count: int) -> None:
        self._head_bytes += count
        if self._head_bytes > _MAX_HEAD_BYTES:
            self._refuse(431, f"the head of a request may have {_MAX_HEAD_BYTES} bytes")

    def _refuse(self, status: int, message: str) -> None:
        """Answer in turn and close: what follows on this connection cannot be told apart any more."""
        self._answer_last(plain(status, message))

    def _answer_last(self, response: HttpResponse) -> None:
        if self._closing or self._deaf:
            return
        self._deaf = True
        self.receiving_since = 0.0
        self._queue.append((response, None, False, False))
        self._begin_answering()
