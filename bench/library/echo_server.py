"""A server that costs as little as one can: it answers each request with its body. Prints its port."""

import asyncio
import re

import uvloop

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class Echo(asyncio.Protocol):
    def __init__(self) -> None:
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            found = _LENGTH.search(self._held, 0, end)
            length = int(found[1]) if found else 0
            body = self._held[end + 4 : end + 4 + length]
            if len(body) < length:
                return
            self._held = self._held[end + 4 + length :]
            head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % length
            self._transport.write(head + body)


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 the reader of this line asks for it
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve())
