"""nats-py's client with a shorter way for messages: no task and no dictionary for each, one write per turn of the loop.

What it takes over of the client are `_process_msg`, its connection's stream and its buffer of commands, which the
pinned version has; a test holds them to it. Connecting, authentication, TLS, pings and reconnecting are the client's
own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.aio.transport import TcpTransport

_BUFFER_BYTES = 256 * 1024

#: Takes subject, reply subject (may be empty), header block or None, and payload. It must not block.
Handler = Callable[[bytes, bytes, bytes | None, bytes], None]


class ShortClient(Client):
    """``listen`` in the place of ``subscribe``, ``send`` in the place of ``publish``."""

    def __init__(self) -> None:
        super().__init__()
        self._handlers: dict[int, Handler] = {}
        self._ready: list[bytes] = []

    async def listen(self, subject: str, handler: Handler, queue: str = "") -> Subscription:
        """Have ``handler`` called in the reader for each message; also after a reconnect."""
        self._handlers[self._sid + 1] = handler
        return await self.subscribe(subject, queue=queue, cb=_never)

    async def settle(self, seconds: int) -> None:
        """Return when the server has taken all that was sent so far. Raises what ``flush`` raises."""
        # The first ping overtakes what still waits in the buffer; that is written before the second one.
        await self.flush(seconds)
        await self.flush(seconds)

    def send(self, subject: str, reply: str, headers: bytes, payload: bytes) -> None:
        """Have a message written before the loop waits again, together with all others of this turn."""
        if headers:
            head = f"HPUB {subject} {reply} {len(headers)} {len(headers) + len(payload)}\r\n".encode()
            command = b"%b%b%b\r\n" % (head, headers, payload)
        else:
            command = b"%b%b\r\n" % (f"PUB {subject} {reply} {len(payload)}\r\n".encode(), payload)
        self._ready.append(command)
        if len(self._ready) == 1:
            asyncio.get_running_loop().call_soon(self._write)

    def _write(self) -> None:
        commands, self._ready = self._ready, []
        transport = self._transport
        if self.is_connected and type(transport) is TcpTransport and not self._pending:
            stream = transport._io_writer.transport  # type: ignore[union-attr]
            if stream.get_write_buffer_size() < _BUFFER_BYTES:
                stream.write(b"".join(commands))
                return
        # The connection is slow, or none: the client's flusher waits for it.
        self._pending += commands
        self._pending_data_size += sum(map(len, commands))
        if self._flush_queue is not None and self._flush_queue.empty():
            self._flush_queue.put_nowait(asyncio.get_running_loop().create_future())

    async def _process_msg(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes | None) -> None:
        handler = self._handlers.get(sid)
        if handler is not None:
            handler(subject, reply, headers, data)


async def _never(_message: Msg) -> None:
    """Stands where the client wants a callback; messages do not come this way."""
