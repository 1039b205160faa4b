"""The way between hosts inside one process: for tests of components and flows, without sockets or a broker."""

from __future__ import annotations

import asyncio

from weirflow.errors import Fail
from weirflow.transport.base import Receive, Unreachable
from weirflow.transport.envelope import Envelope
from weirflow.transport.failure import failure_bytes, read_failure


class LocalWire:
    """Joins the ``LocalTransport``s that were made with it; no two share a name."""

    def __init__(self) -> None:
        self.receivers: dict[str, LocalTransport] = {}


class LocalTransport:
    """Reached as ``local://<name>`` by all who share the wire."""

    scheme = "local"

    def __init__(self, wire: LocalWire, name: str) -> None:
        self._wire, self._name = wire, name
        self._receive: Receive | None = None
        self._tasks: set[asyncio.Task[bytes | None]] = set()

    @property
    def address(self) -> str:
        return f"local://{self._name}"

    async def start(self, receive: Receive) -> None:
        self._receive = receive
        self._wire.receivers[self.address] = self

    async def call(self, address: str, envelope: Envelope) -> bytes | None:
        there = self._wire.receivers.get(address)
        if there is None or there._receive is None:
            raise Unreachable(f"nobody listens at {address}; start the host that serves it", delivered=False)
        task = asyncio.create_task(_handled(there._receive, envelope), name=f"message to {envelope.target}")
        there._tasks.add(task)
        task.add_done_callback(there._tasks.discard)
        try:
            async with asyncio.timeout(envelope.timeout):
                return await task
        except TimeoutError:
            raise Fail(
                f"{envelope.target} did not answer within {envelope.timeout:g} s", code="timeout", retryable=True
            ) from None

    async def stop(self, seconds: float) -> None:
        self._receive = None
        self._wire.receivers.pop(self.address, None)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()


async def _handled(receive: Receive, envelope: Envelope) -> bytes | None:
    try:
        return await receive(envelope)
    except Fail as error:
        raise read_failure(failure_bytes(error)) from None
