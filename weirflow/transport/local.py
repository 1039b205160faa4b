"""The way between hosts inside one process: for tests of components and flows, without sockets or a broker."""

from __future__ import annotations

import asyncio

from weirflow.errors import Fail
from weirflow.transport.base import Receive, Unreachable
from weirflow.transport.calls import late
from weirflow.transport.envelope import Envelope
from weirflow.transport.failure import failure_bytes, read_failure
from weirflow.transport.handling import Handling, Outcome


class LocalWire:
    """Joins the ``LocalTransport``s that were made with it; no two share a name."""

    def __init__(self) -> None:
        self.handling: dict[str, Handling] = {}


class LocalTransport:
    """Reached as ``local://<name>`` by all who share the wire."""

    scheme = "local"

    def __init__(self, wire: LocalWire, name: str) -> None:
        self._wire, self._name = wire, name

    @property
    def address(self) -> str:
        return f"local://{self._name}"

    async def start(self, receive: Receive) -> None:
        self._wire.handling[self.address] = Handling(receive)

    async def call(self, address: str, envelope: Envelope) -> bytes | None:
        there = self._wire.handling.get(address)
        if there is None:
            raise Unreachable(f"nobody listens at {address}; start the host that serves it", delivered=False)
        answered: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()

        def answer(outcome: Outcome) -> None:
            if answered.done():
                return
            if isinstance(outcome, Fail):
                answered.set_exception(read_failure(failure_bytes(outcome)))
            else:
                answered.set_result(outcome)

        task = there.take(envelope, answer)
        try:
            async with asyncio.timeout(envelope.timeout):
                return await answered
        except TimeoutError:
            raise late(envelope.timeout, envelope.target) from None
        finally:
            if task is not None and not answered.done():
                task.cancel()

    async def stop(self, seconds: float) -> None:
        if (handling := self._wire.handling.pop(self.address, None)) is not None:
            await handling.stop(seconds)
