"""Servers that answer byte by byte as a test wants it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Answer = bytes | Callable[["Asked"], bytes] | None


@dataclass
class Asked:
    """A request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Peer:
    """A server on loopback; `answers` by path, with `None` for one that never answers."""

    host: str = "127.0.0.1"
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    ended: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


def response(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole response; names of headers with `_` for `-`."""
    fields = {"content_length": str(len(body)), **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def _has(address: str) -> bool:
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as one:
            one.bind((address, 0))
    except OSError:
        return False
    return True


#: This machine's addresses of itself; IPv6 is off on some.
LOOPBACKS = [address for address in ("127.0.0.1", "::1") if _has(address)]


@asynccontextmanager
async def peer(host: str = "127.0.0.1", **options: object) -> AsyncIterator[Peer]:
    """A running one."""
    one = Peer(host=f"[{host}]" if ":" in host else host)
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                line, *rest = head.rstrip().split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                asked = Asked(line, headers, body)
                one.asked.append(asked)
                answer = one.answers.get(line.split()[1].partition("?")[0], response())
                if answer is None:
                    await reader.read()
                    break
                data = answer(asked) if callable(answer) else answer
                assert data is not None
                writer.write(data)
                await writer.drain()
                if b"connection: close" in data or not data:
                    break
        one.ended += 1
        writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        one.connections += 1
        task = asyncio.create_task(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, host, 0, limit=1 << 20, **options)  # type: ignore[arg-type]
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
