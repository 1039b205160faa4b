"""Messages to nodes that other processes serve, and from them: one ``Messages`` per host, over its transports."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Callable, Sequence

from weirflow.errors import Fail
from weirflow.transport import Envelope, Receive, Transport, Unreachable

log = logging.getLogger(__name__)

#: Answers with the addresses at which a module is served, each of which will do. Raises ``Fail`` when there is none.
Directory = Callable[[str], Sequence[str]]


class Messages:
    """``transports`` are told apart by the scheme of addresses; the first is the one others reach this host by."""

    def __init__(self, transports: Sequence[Transport], directory: Directory) -> None:
        self._transports = {transport.scheme: transport for transport in transports}
        self._main = transports[0]
        self._directory = directory
        self._turn = itertools.count()

    @property
    def address(self) -> str:
        """The URL at which other processes send to this one, once started."""
        return self._main.address

    async def start(self, receive: Receive) -> None:
        """Take messages from now on."""
        for transport in self._transports.values():
            await transport.start(receive)

    async def stop(self, seconds: float) -> None:
        """Take nothing new, let what is in flight end within ``seconds``."""
        await asyncio.gather(*(transport.stop(seconds) for transport in self._transports.values()))

    async def call(self, module: str, envelope: Envelope) -> bytes | None:
        """Deliver to any process that serves ``module``, the next one where the message surely did not arrive.
        Raises ``Fail``."""
        began = time.monotonic()
        addresses = self._directory(module)
        first = next(self._turn) % len(addresses)
        for index in range(len(addresses)):
            address = addresses[(first + index) % len(addresses)]
            try:
                return await self.send(address, envelope)
            except Unreachable as error:
                last = index == len(addresses) - 1
                if error.delivered or last or time.monotonic() - began > envelope.timeout:
                    raise
                log.info("%s; trying another replica of %s", error, module)
        raise AssertionError("a directory never answers with nothing")

    async def send(self, address: str, envelope: Envelope) -> bytes | None:
        """Deliver to exactly the process at ``address``. Raises ``Fail``."""
        transport = self._transports.get(address.partition("://")[0])
        if transport is None:
            raise Fail(
                f"this host cannot send to {address}; give all hosts of a cluster the same transport",
                code="transport_missing",
                retryable=True,
            )
        return await transport.call(address, envelope)
