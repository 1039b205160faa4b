"""Messages to nodes that other processes serve, and from them: one ``Messages`` per host, over its transports."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from weirflow.errors import Fail
from weirflow.kube.backoff import Backoff
from weirflow.runtime.window import Window
from weirflow.transport import Envelope, Receive, Transport, Unreachable

log = logging.getLogger(__name__)

#: Answers with the addresses at which a module is served, each of which will do; none: it is served, and its hosts are
#: about to say where. Raises ``Fail`` when nobody serves it.
Directory = Callable[[str], Sequence[str]]

#: How long hosts are waited for that have not said their address yet.
_ADDRESS_SECONDS = 3.0
_SHORT_SECONDS = 0.001


class Messages:
    """``transports`` are told apart by the scheme of addresses. The first is the one by which others reach this host;
    the rest only call. ``on_open`` hears of the address, as soon as there is one."""

    def __init__(
        self,
        transports: Sequence[Transport],
        directory: Directory,
        on_open: Callable[[str], None] = lambda _address: None,
    ) -> None:
        self._transports = {transport.scheme: transport for transport in transports}
        self._main = transports[0]
        self._directory, self._on_open = directory, on_open
        self._window = Window()
        self._turn = itertools.count()
        self._changed = asyncio.Event()
        self._receive: Receive | None = None
        self._opening: asyncio.Task[None] | None = None

    @property
    def window(self) -> Window:
        """The places for messages that are with other processes."""
        return self._window

    @property
    def address(self) -> str:
        """The URL at which other processes send to this one; empty until it is open."""
        return self._main.address

    async def start(self, receive: Receive, *, at_once: bool = True) -> None:
        """Take messages from now on; if not ``at_once``, from ``open`` on: a host alone needs no port for others."""
        self._receive = receive
        if at_once:
            self.open()
            assert self._opening is not None
            await asyncio.wait([self._opening], timeout=_ADDRESS_SECONDS)

    def open(self) -> None:
        """Begin to take messages, in a task of its own. May be called again."""
        if self._opening is None and self._receive is not None:
            self._opening = asyncio.create_task(self._open(self._receive), name="opening for messages")

    def news(self) -> None:
        """A host came, went or said its address: whoever waits for one looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def stop(self, seconds: float) -> None:
        """Take nothing new, let what is in flight end within ``seconds``."""
        self._receive = None
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        await asyncio.gather(*(transport.stop(seconds) for transport in self._transports.values()))

    async def call(self, module: str, envelope: Envelope) -> bytes | None:
        """Deliver to any process that serves ``module``, the next one where the message surely did not arrive.
        Raises ``Fail``."""
        began = time.monotonic()
        addresses = self._directory(module) or await self._addresses(module, min(_ADDRESS_SECONDS, envelope.timeout))
        size = len(envelope.payload)
        await self._window.enter(size, deep=envelope.depth > 1)
        try:
            if (waited := time.monotonic() - began) > _SHORT_SECONDS:
                envelope = replace(envelope, timeout=max(envelope.timeout - waited, _SHORT_SECONDS))
            if len(addresses) == 1:
                return await self.send(addresses[0], envelope)
            first = next(self._turn) % len(addresses)
            *others, last = *addresses[first:], *addresses[:first]
            for address in others:
                try:
                    return await self.send(address, envelope)
                except Unreachable as error:
                    if error.delivered:
                        raise
                    log.info("%s; trying another replica of %s", error, module)
            return await self.send(last, envelope)
        finally:
            self._window.leave(size)

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

    async def _addresses(self, module: str, seconds: float) -> Sequence[str]:
        try:
            async with asyncio.timeout(seconds):
                while not (addresses := self._directory(module)):
                    await self._changed.wait()
                return addresses
        except TimeoutError:
            raise Unreachable(
                f"the hosts of module {module} say no address for messages; do they listen? their logs say",
                delivered=False,
            ) from None

    async def _open(self, receive: Receive) -> None:
        backoff = Backoff(0.2, 5.0)
        while True:
            try:
                await self._main.start(receive)
            except OSError as error:
                log.warning("%s; it is tried again", error)
                await asyncio.sleep(backoff.pause())
            else:
                log.info("taking messages of other hosts at %s", self._main.address)
                self._on_open(self._main.address)
                return
