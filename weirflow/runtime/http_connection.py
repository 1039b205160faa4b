"""One client's connection to the flows' listener: HTTP/1.1 with keep-alive and pipelining, within limits."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, unquote

import httptools

from weirflow.services import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from weirflow.runtime.http_listener import FlowListener
    from weirflow.runtime.http_routes import FlowRoute

log = logging.getLogger(__name__)

_MAX_HEAD_BYTES = 32 * 1024
_MAX_FIELDS = 100
_MAX_PIPELINED = 16
_REASONS = {status.value: status.phrase for status in HTTPStatus}
_FORBIDDEN = ("content-length", "transfer-encoding", "connection", "date", "keep-alive", "upgrade")

_date_line = (0, b"")


class FlowConnection(asyncio.Protocol):
    """Requests of one connection are answered one after the other, in their order."""

    __slots__ = (
        "_body",
        "_body_bytes",
        "_closing",
        "_fields",
        "_head_bytes",
        "_listener",
        "_params",
        "_parser",
        "_queue",
        "_refused",
        "_route",
        "_task",
        "_transport",
        "_url",
        "_writable",
        "busy",
        "quiet_since",
        "receiving_since",
    )

    def __init__(self, listener: FlowListener) -> None:
        self._listener = listener
        self._parser = httptools.HttpRequestParser(self)
        self._queue: deque[tuple[HttpRequest, FlowRoute, bool] | tuple[HttpResponse, None, bool]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._writable: asyncio.Event | None = None
        self._closing = False
        self.busy = False
        self.quiet_since = time.monotonic()
        #: Since when a request has been coming in that is not complete yet; 0 for none.
        self.receiving_since = 0.0
        self._reset()

    def _reset(self) -> None:
        self._url = b""
        self._fields: dict[str, str] = {}
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
            self._refuse_now(503, "too many connections; try again soon")

    def connection_lost(self, error: Exception | None) -> None:
        self._closing = True
        self._queue.clear()
        self._listener.disconnected(self)
        if self._writable is not None:
            self._writable.set()

    def data_received(self, data: bytes) -> None:
        self.quiet_since = time.monotonic()
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._refuse_now(400, "this listener does not upgrade connections")
        except (httptools.HttpParserError, httptools.HttpParserCallbackError, UnicodeDecodeError):
            if not self._closing:
                self._refuse_now(400, "this is not an HTTP request that this listener understands")

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
        self._url += url
        self._count_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count_head(len(name) + len(value) + 4)
        if len(self._fields) >= _MAX_FIELDS:
            self._refuse_now(431, f"a request may have {_MAX_FIELDS} header fields")
            return
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        known = self._fields.get(key)
        self._fields[key] = text if known is None else f"{known}; {text}" if key == "cookie" else f"{known}, {text}"

    def on_headers_complete(self) -> None:
        if not self._listener.answers_to(self._fields.get("host", "")):
            self._refuse_now(421, "this listener does not answer to that Host; add the name to WEIRFLOW_HTTP_HOSTS")
            return
        path = unquote(self._url.partition(b"?")[0].decode("latin-1"))
        method = self._parser.get_method().decode("ascii")
        route, self._params, allowed = self._listener.routes.find(method, path)
        self._route = route
        if route is None:
            if allowed:
                self._refused = _plain(405, f"{path} answers {', '.join(allowed)}", {"allow": ", ".join(allowed)})
            else:
                self._refused = _plain(404, f"no flow answers {path}")
        length = self._fields.get("content-length", "0")
        limit = route.max_body if route is not None else 64 * 1024
        if length.isdecimal() and int(length) > limit:
            self._refuse_now(413, f"the body may have {limit} bytes here")
        elif self._fields.get("expect", "").lower() == "100-continue" and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        limit = self._route.max_body if self._route is not None else 64 * 1024
        if self._body_bytes > limit:
            self._refuse_now(413, f"the body may have {limit} bytes here")
        elif not self._closing:
            self._body.append(body)

    def on_message_complete(self) -> None:
        self.receiving_since = 0.0
        if self._closing:
            return
        keep = self._parser.should_keep_alive() and not self._listener.stopping
        if self._route is None:
            assert self._refused is not None
            self._queue.append((self._refused, None, keep))
        else:
            path, _, query = self._url.partition(b"?")
            request = HttpRequest(
                self._parser.get_method().decode("ascii"),
                unquote(path.decode("latin-1")),
                self._fields,
                _query(query.decode("latin-1")) if query else {},
                b"".join(self._body),
                self._params,
            )
            self._queue.append((request, self._route, keep))
        if len(self._queue) >= _MAX_PIPELINED and self._transport is not None:
            self._transport.pause_reading()
        if self._task is None:
            self.busy = True
            self._task = asyncio.get_running_loop().create_task(self._answer_all())

    # Answering.

    async def _answer_all(self) -> None:
        transport = self._transport
        assert transport is not None
        try:
            while self._queue and not self._closing:
                head, route, keep = self._queue.popleft()
                if route is None:
                    assert isinstance(head, HttpResponse)
                    response, is_head = head, False
                else:
                    assert isinstance(head, HttpRequest)
                    response, is_head = await self._listener.handle(head, route), head.method == "HEAD"
                if self._closing:
                    return
                keep = keep and not self._listener.stopping
                transport.write(_encode(response, keep, is_head))
                if self._writable is not None:
                    await self._writable.wait()
                if not keep:
                    self.close()
                    return
                if len(self._queue) < _MAX_PIPELINED // 2:
                    transport.resume_reading()
        finally:
            self._task = None
            self.busy = False
            self.quiet_since = time.monotonic()

    def refuse_if_late(self, now: float, quiet: float, receiving: float) -> None:
        """Close a connection that has been silent for ``quiet`` seconds, or whose request has taken ``receiving``."""
        if self.receiving_since and now - self.receiving_since > receiving:
            self._refuse_now(408, f"a request must arrive within {receiving:g} seconds")
        elif not self.busy and now - self.quiet_since > quiet:
            self.close()

    def close(self) -> None:
        """End the connection after what has been written."""
        self._closing = True
        if self._transport is not None:
            self._transport.close()

    def _count_head(self, count: int) -> None:
        self._head_bytes += count
        if self._head_bytes > _MAX_HEAD_BYTES:
            self._refuse_now(431, f"the head of a request may have {_MAX_HEAD_BYTES} bytes")

    def _refuse_now(self, status: int, message: str) -> None:
        """Answer out of turn and close: what follows on this connection cannot be told apart any more."""
        if self._closing or self._transport is None:
            return
        self._transport.write(_encode(_plain(status, message), False, False))
        self.close()


def _plain(status: int, message: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(
        status, {"content-type": "text/plain; charset=utf-8", **(headers or {})}, f"{message}\n".encode()
    )


def _query(text: str) -> dict[str, str | list[str]]:
    query: dict[str, str | list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=1000):
        known = query.get(name)
        if known is None:
            query[name] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            query[name] = [known, value]
    return query


def _encode(response: HttpResponse, keep: bool, is_head: bool) -> bytes:
    global _date_line
    now = int(time.time())
    if _date_line[0] != now:
        _date_line = (now, f"date: {formatdate(now, usegmt=True)}\r\n".encode())
    status = response.status
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, '')}"]
    for name, value in response.headers.items():
        # A flow's data must not be able to add fields or to end the head.
        if name.lower() not in _FORBIDDEN and not any(c in f"{name}{value}" for c in "\r\n\0"):
            lines.append(f"{name}: {value}")
    if status >= 200 and status not in (204, 304):
        lines.append(f"content-length: {len(response.body)}")
    lines.append("connection: keep-alive" if keep else "connection: close")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n" + _date_line[1] + b"\r\n"
    return head if is_head or status in (204, 304) else head + response.body
