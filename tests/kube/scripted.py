"""A server that answers as a test tells it, byte by byte, to play the faults a real cluster rarely shows."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import orjson

from weirflow.kube.config import ClusterConfig


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    writer: asyncio.StreamWriter

    async def json(self, status: int, body: Any, headers: str = "") -> None:
        raw = orjson.dumps(body)
        self.writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(raw)}\r\n{headers}\r\n".encode() + raw)
        await self.writer.drain()

    async def status(self, code: int, reason: str, message: str = "no", *, headers: str = "", **details: Any) -> None:
        body = {"kind": "Status", "code": code, "reason": reason, "message": message, "details": details}
        await self.json(code, body, headers)

    async def page(self, *objects: Any, rv: str, more: str = "") -> None:
        await self.json(200, {"items": list(objects), "metadata": {"resourceVersion": rv, "continue": more}})

    async def open_watch(self) -> None:
        self.writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        await self.writer.drain()

    async def event(self, type_: str, obj: Any) -> None:
        await self.raw(orjson.dumps({"type": type_, "object": obj}) + b"\n")

    async def raw(self, part: bytes) -> None:
        self.writer.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        await self.writer.drain()

    async def end(self) -> None:
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    def cut(self) -> None:
        self.writer.transport.abort()


Answer = Callable[[Request], Awaitable[None]]


def obj(name: str, rv: str, **labels: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "resourceVersion": rv, "labels": labels}}


@dataclass
class Scripted:
    """Each request takes the next answer of ``answers``; when they are used up, ``rest``."""

    answers: list[Answer] = field(default_factory=list)
    rest: Answer | None = None
    tls: ssl.SSLContext | None = None
    seen: list[Request] = field(default_factory=list)
    config: ClusterConfig = field(init=False)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls)
        self.port = int(self._server.sockets[0].getsockname()[1])
        self.config = ClusterConfig(f"http://127.0.0.1:{self.port}", read_token=lambda: "t0ken")
        self._tasks: set[asyncio.Task[None]] = set()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, *fields = head.decode().split("\r\n")
                method, target, _ = line.split(" ")
                headers = {k.lower(): v for k, _, v in (f.partition(": ") for f in fields if f)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                url = urlsplit(target)
                request = Request(
                    method, url.path, dict(parse_qsl(url.query)), headers, orjson.loads(body) if body else None, writer
                )
                self.seen.append(request)
                answer = self.answers.pop(0) if self.answers else self.rest
                assert answer is not None, f"unexpected {method} {target}"
                await answer(request)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()
