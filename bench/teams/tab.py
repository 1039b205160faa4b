"""A browser's tab on a flow with next to no cost of its own: hundreds fit beside the server that is measured."""

import asyncio
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import orjson

_OPEN_SECONDS = 60.0
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
# A mask of zeros is a mask, and leaves the text as it is.
_MASKED, _NO_MASK = 0x80, bytes(4)

Take = Callable[["Tab", dict[str, Any], float], None]


class Tab(asyncio.Protocol):
    """``take`` is called with each message and the moment it came, seconds of ``time.perf_counter``."""

    def __init__(self, take: Take) -> None:
        self.id = ""
        self.opened = asyncio.get_running_loop().create_future()
        self.lost: str | None = None
        self._take, self._shaken, self._rest = take, False, b""
        self._transport: asyncio.WriteTransport | None = None

    @classmethod
    async def open(cls, url: str, flow: str, session: str, take: Take) -> "Tab":
        """Connect as a browser of whoever has this session, and wait for the server's hello."""
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        _, tab = await asyncio.get_running_loop().create_connection(lambda: cls(take), parts.hostname, parts.port)
        tab._write(
            f"GET /ws/flows/{flow} HTTP/1.1\r\nHost: {parts.netloc}\r\nOrigin: {url}\r\n"
            f"Cookie: weirflow_session={session}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: d2VpcmZsb3ctYmVuY2gtMQ==\r\n\r\n".encode()
        )
        async with asyncio.timeout(_OPEN_SECONDS):
            await tab.opened
        return tab

    def send(self, message: dict[str, Any]) -> None:
        """Say something; under 64 KiB."""
        text = orjson.dumps(message)
        size = (
            bytes([_MASKED | len(text)]) if len(text) < 126 else bytes([_MASKED | 126]) + len(text).to_bytes(2, "big")
        )
        self._write(bytes([0x80 | _TEXT]) + size + _NO_MASK + text)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = self.lost or str(exc or "ended")
        if not self.opened.done():
            self.opened.set_exception(RuntimeError(f"the websocket was not opened: {self.lost}"))

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        rest = self._rest + data
        if not self._shaken:
            head, found, rest = rest.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            self._shaken = True
        while (frame := _next(rest)) is not None:
            kind, body, rest = frame
            if kind == _TEXT:
                self._heard(orjson.loads(body), now)
            elif kind == _PING:
                self._write(bytes([0x80 | _PONG, _MASKED | len(body)]) + _NO_MASK + body)
            elif kind == _CLOSE:
                self.lost = f"closed with {int.from_bytes(body[:2], 'big')}"
        self._rest = rest

    def _heard(self, message: dict[str, Any], now: float) -> None:
        if message["t"] == "hello":
            self.id = message["client_id"]
            self.opened.set_result(None)
        self._take(self, message, now)

    def _write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)


def _next(data: bytes) -> tuple[int, bytes, bytes] | None:
    """Kind and body of the first frame, and what follows it; None while it is not whole. A server masks nothing."""
    if len(data) < 2:
        return None
    size, head = data[1] & 0x7F, 2
    if size > 125:
        head = 4 if size == 126 else 10
        size = int.from_bytes(data[2:head], "big")
    if len(data) < head + size:
        return None
    return data[0] & 0x0F, data[head : head + size], data[head + size :]
