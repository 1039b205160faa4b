"""A keep-alive HTTP/1.1 connection with next to no cost of its own: what is measured is the server."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlsplit

from weirflow.kube.config import ClusterConfig

ANSWER_SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class Connection:
    """One request after the other; `stream()` reads an answer that does not end, line by line."""

    def __init__(self, address: str, config: ClusterConfig | None = None) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port
        self._tls = config.ssl_context if config else None
        self._headers = f"Host: {parts.netloc}\r\n"
        if config:
            self._headers += f"Authorization: Bearer {config.read_token()}\r\n"

    async def __aenter__(self) -> "Connection":
        self._reader, self._writer = await asyncio.open_connection(
            self._host, self._port, ssl=self._tls, limit=64 * 2**20
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    async def request(
        self, method: str, path: str, body: bytes = b"", content_type: str = "application/json", headers: str = ""
    ) -> Answer:
        """Send, and read the whole answer. Raises TimeoutError."""
        async with asyncio.timeout(ANSWER_SECONDS):
            self._send(method, path, body, content_type, headers)
            status, fields = await self._head()
            if fields.get(b"transfer-encoding") == b"chunked":
                return Answer(status, b"".join([chunk async for chunk in self._chunks()]))
            return Answer(status, await self._reader.readexactly(int(fields.get(b"content-length", b"0"))))

    async def open_stream(self, path: str) -> int:
        """Ask for an answer that does not end; its status. `line()` then reads it."""
        self._send("GET", path, b"", "application/json", "")
        self._rest = b""
        self._chunk = self._chunks()
        return (await self._head())[0]

    async def line(self) -> bytes:
        """The next line of the stream."""
        while b"\n" not in self._rest:
            self._rest += await anext(self._chunk)
        line, self._rest = self._rest.split(b"\n", 1)
        return line

    def _send(self, method: str, path: str, body: bytes, content_type: str, headers: str) -> None:
        head = f"{method} {path} HTTP/1.1\r\n{self._headers}{headers}"
        if body:
            head += f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        self._writer.write(head.encode() + b"\r\n" + body)

    async def _head(self) -> tuple[int, dict[bytes, bytes]]:
        lines = (await self._reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        fields = dict(line.split(b": ", 1) for line in lines[1:] if b": " in line)
        return int(lines[0].split()[1]), {name.lower(): value for name, value in fields.items()}

    async def _chunks(self) -> AsyncGenerator[bytes, None]:
        while size := int((await self._reader.readuntil(b"\r\n")).split(b";")[0], 16):
            yield (await self._reader.readexactly(size + 2))[:size]
        await self._reader.readexactly(2)
