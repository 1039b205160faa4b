"""Calls that wait for their answers, in any number of transports: one future each, one shared timer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

from weirflow.errors import Fail
from weirflow.transport.base import Unreachable


class Timers(Protocol):
    """Calls back soon after a time of ``time.monotonic``; the host has one for all its deadlines."""

    def add(self, at: float, callback: Callable[[], None]) -> int: ...

    def remove(self, slot: int, callback: Callable[[], None]) -> None: ...


class Calls:
    """Numbers the calls of one connection or inbox and hands each its answer, a failure, or the end of its time."""

    def __init__(self, timers: Timers) -> None:
        self._timers = timers
        self._waiting: dict[int, asyncio.Future[bytes | None]] = {}
        self._last = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def begin(self) -> int:
        """A number that no waiting call has. ``answer`` must follow."""
        self._last += 1
        self._waiting[self._last] = asyncio.get_running_loop().create_future()
        return self._last

    async def answer(self, number: int, seconds: float, target: str) -> bytes | None:
        """Wait for the answer to a begun call, and forget it however that ends. Raises ``Fail``."""
        future = self._waiting[number]
        expire = partial(_expire, future, seconds, target)
        slot = self._timers.add(time.monotonic() + seconds, expire)
        try:
            return await future
        finally:
            self._timers.remove(slot, expire)
            del self._waiting[number]

    def is_waiting(self, number: int) -> bool:
        """Whether the answer to this call is still waited for."""
        return number in self._waiting

    def resolve(self, number: int, result: bytes | None) -> None:
        """The answer came. One that nobody waits for any more is dropped."""
        future = self._waiting.get(number)
        if future is not None and not future.done():
            future.set_result(result)

    def fail(self, number: int, error: Fail) -> None:
        """The other side failed, or was not there."""
        future = self._waiting.get(number)
        if future is not None and not future.done():
            future.set_exception(error)

    def fail_all(self, message: str) -> None:
        """The connection is gone: whether the others saw the messages cannot be known."""
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(Unreachable(message))


def late(seconds: float, target: str) -> Fail:
    """The failure of a call whose time ran out."""
    message = f"{target} did not answer within {seconds:.3g} s; make it faster, or allow more time"
    return Fail(message, code="timeout", retryable=True)


def _expire(future: asyncio.Future[bytes | None], seconds: float, target: str) -> None:
    if not future.done():
        future.set_exception(late(seconds, target))
