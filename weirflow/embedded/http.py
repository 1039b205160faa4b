"""HTTP/1.1 in front of the cluster: one protocol object per connection.

Written on the parser directly because the cluster answers most requests in tens of microseconds, without a task; a web
framework would cost several times that and 20 MiB of memory.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

import httptools

from weirflow.embedded.access import ANONYMOUS
from weirflow.embedded.cluster import EmbeddedCluster
from weirflow.embedded.errors import ApiError, bad_request, too_large, unauthorized
from weirflow.embedded.messages import BODY_BYTES, Answer, Request
from weirflow.embedded.watching import WatchStream

HEADER_BYTES = 32 * 1024
PIPELINED = 64
WRITE_BUFFER = 256 * 1024
PHRASES = {
    200: "OK", 201: "Created", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 406: "Not Acceptable", 409: "Conflict", 410: "Gone", 413: "Request Entity Too Large",
    415: "Unsupported Media Type", 421: "Misdirected Request", 422: "Unprocessable Entity",
    431: "Request Header Fields Too Large", 500: "Internal Server Error", 504: "Gateway Timeout",
    507: "Insufficient Storage",
}  # fmt: skip
STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-cache, private\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)

log = logging.getLogger("weirflow.embedded")

Authenticate = Callable[[str], str | None]
"""Bearer token -> role, None for a token nobody was given."""


class Connection(asyncio.Protocol):
    """One client. Requests are answered in order; while one waits for the disk, a bounded number queue behind it."""

    def __init__(
        self, cluster: EmbeddedCluster, authenticate: Authenticate, hosts: frozenset[str], open_set: set[Connection]
    ) -> None:
        self._cluster = cluster
        self._authenticate = authenticate
        self._hosts = hosts
        self._open = open_set
        self._transport: asyncio.Transport | None = None
        self._parser: Any = httptools.HttpRequestParser(self)
        self._waiting: deque[tuple[Request | ApiError, bool, bool]] = deque()
        self._busy = False
        self._paused_at: float | None = None
        self._closing = False
        self._stream: WatchStream | None = None
        self.since = asyncio.get_running_loop().time()
        """When the connection last did something; the server closes idle ones."""
        self._reset()

    def _reset(self) -> None:
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._header_bytes = 0
        self._body: list[bytes] = []
        self._body_bytes = 0

    @property
    def idle(self) -> bool:
        """True when nothing is owed to the client."""
        return not self._busy and self._stream is None

    def stalled(self, before: float) -> bool:
        """True when the client has read nothing of what it asked for since `before` (loop time)."""
        return self._paused_at is not None and self._paused_at < before

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transports do not inherit from it
        self._transport.set_write_buffer_limits(high=WRITE_BUFFER)
        self._open.add(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._open.discard(self)
        self._transport = None
        self._waiting.clear()
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def data_received(self, data: bytes) -> None:
        self.since = asyncio.get_running_loop().time()
        if self._stream is not None or self._closing:
            return  # a watch reads nothing more; its connection ends with it
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._refuse(bad_request("upgrades are not supported"))
        except httptools.HttpParserError:
            self._refuse(bad_request("this is not an HTTP/1.1 request"))
        except ApiError as error:
            self._refuse(error)

    def _refuse(self, error: ApiError) -> None:
        """Answer a request that cannot be read to its end, and close."""
        if not self._closing:
            self._closing = True
            self._waiting.append((error, False, False))
            self._next()

    def on_url(self, url: bytes) -> None:
        self._url += url
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        self._headers[name.lower()] = value

    def _count(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > HEADER_BYTES:
            self._raise(ApiError(431, "", f"request headers are limited to {HEADER_BYTES} bytes"))

    def on_headers_complete(self) -> None:
        length = self._headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > BODY_BYTES:
            self._raise(too_large(BODY_BYTES))
        if self._headers.get(b"expect", b"").lower() == b"100-continue" and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes > BODY_BYTES:
            self._raise(too_large(BODY_BYTES))
        self._body.append(body)

    def _raise(self, error: ApiError) -> None:
        # The parser swallows the type of what a callback raises: answer first, then stop it.
        self._refuse(error)
        raise error

    def on_message_complete(self) -> None:
        method = self._parser.get_method().decode()
        keep = self._parser.should_keep_alive()
        try:
            item: Request | ApiError = self._request(method)
        except ApiError as error:
            item = error
        self._reset()
        self._waiting.append((item, keep, method == "HEAD"))
        if len(self._waiting) > PIPELINED:
            self._closing = True
            if self._transport is not None:
                self._transport.abort()
            return
        self._next()

    def _request(self, method: str) -> Request:
        headers = self._headers
        host = headers.get(b"host", b"").decode("latin-1")
        if host.rpartition(":")[0].strip("[]") not in self._hosts and host not in self._hosts:
            raise ApiError(
                421, "", f"Host {host!r} is not this cluster; it answers to {', '.join(sorted(self._hosts))}"
            )
        parts = urlsplit(self._url.decode("latin-1"))
        return Request(
            method=method,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)) if parts.query else {},
            role=self._role(headers.get(b"authorization", b"").decode("latin-1")),
            body=b"".join(self._body),
            content_type=headers.get(b"content-type", b"").decode("latin-1"),
            accept=headers.get(b"accept", b"").decode("latin-1"),
            address=host,
            agent=headers.get(b"user-agent", b"").decode("latin-1"),
        )

    def _role(self, header: str) -> str:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            return ANONYMOUS
        role = self._authenticate(token.strip())
        if role is None:
            raise unauthorized()
        return role

    def _next(self) -> None:
        """Start on the next request unless one is under way."""
        while self._waiting and not self._busy and self._paused_at is None and self._transport is not None:
            item, keep, bodiless = self._waiting.popleft()
            if isinstance(item, ApiError):
                self._send(Answer.failure(item), keep=keep, bodiless=bodiless)
                continue
            answer = self._handle(item)
            if answer.open is not None:
                self._start_stream(answer)
            elif answer.ticket is None or answer.ticket.done():
                self._send(self._outcome(answer), keep=keep, bodiless=bodiless)
            else:
                self._busy = True
                answer.ticket.add_done_callback(partial(self._stored, answer, keep))

    def _handle(self, request: Request) -> Answer:
        try:
            return self._cluster.handle(request)
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            return Answer.failure(ApiError(500, "InternalError", "the cluster failed on this request; see its log"))

    def _outcome(self, answer: Answer) -> Answer:
        problem = answer.ticket.exception() if answer.ticket is not None else None
        return Answer.failure(problem) if isinstance(problem, ApiError) else answer

    def _stored(self, answer: Answer, keep: bool, _ticket: asyncio.Future[None]) -> None:
        self._busy = False
        self._send(self._outcome(answer), keep=keep, bodiless=False)
        self._next()

    def _send(self, answer: Answer, *, keep: bool, bodiless: bool) -> None:
        if self._transport is None:
            return
        extra = "Retry-After: 1\r\n" if answer.status == 504 else ""
        extra += "".join(f'Warning: 299 - "{quoted(text)}"\r\n' for text in answer.warnings)
        head = (
            f"HTTP/1.1 {answer.status} {PHRASES.get(answer.status, '')}\r\nContent-Type: {answer.content_type}\r\n"
            f"Server: weirflow\r\nCache-Control: no-cache, private\r\n{extra}"
            f"{'' if keep else 'Connection: close' + chr(13) + chr(10)}"
            f"Content-Length: {len(answer.body)}\r\n\r\n"
        )
        self._transport.write(head.encode() if bodiless else head.encode() + answer.body)
        if not keep:
            self._closing = True
            self._transport.close()

    def _start_stream(self, answer: Answer) -> None:
        assert answer.open is not None
        assert self._transport is not None
        self._transport.write(STREAM_HEAD)
        self._busy = True
        self._stream = answer.open(self._flush)
        self._flush()

    def _flush(self) -> None:
        """Hand the watch's lines to the network, unless the client is not reading: then they queue, up to a bound."""
        stream, transport = self._stream, self._transport
        if stream is None or transport is None or self._paused_at is not None:
            return
        over = stream.ended
        lines = stream.take()
        if lines:
            text = b"".join(lines)
            transport.write(b"%x\r\n%b\r\n" % (len(text), text))
        if over:
            self._stream = None
            stream.close()
            self._closing = True
            transport.write(b"0\r\n\r\n")
            transport.close()

    def pause_writing(self) -> None:
        self._paused_at = asyncio.get_running_loop().time()

    def resume_writing(self) -> None:
        self._paused_at = None
        self._flush()
        self._next()

    def shut(self) -> None:
        """Close now if nothing is owed, else after the answer under way."""
        if self._transport is None:
            return
        if self.idle:
            self._transport.close()
        else:
            self._closing = True
            self._waiting.clear()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def quoted(text: str) -> str:
    """A text as it may stand between quotes in a header, whatever a client has called its fields."""
    plain = "".join(char if " " <= char <= "~" else "?" for char in text)
    return plain.replace("\\", "\\\\").replace('"', '\\"')
