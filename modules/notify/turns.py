"""A few at a time, the others waiting in a queue that has an end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from weirflow import Context, Fail

#: Messages that wait for their turn; the next one is refused.
MOST_WAITING = 1000


class Turns:
    """`async with turns.taken(ctx):` is entered by `most` at once."""

    def __init__(self, most: int, code: str) -> None:
        """`code` is that of the failure when it takes too long."""
        self._free = asyncio.Semaphore(most)
        self._code = code
        self._waiting = 0

    @asynccontextmanager
    async def taken(self, ctx: Context) -> AsyncIterator[None]:
        """Wait for a turn, no longer than the message may. Raises `Fail`, which may be tried again."""
        if self._waiting >= MOST_WAITING:
            raise self._busy(f"{MOST_WAITING:,} messages wait to be sent already")
        self._waiting += 1
        try:
            async with asyncio.timeout(ctx.remaining()):
                await self._free.acquire()
        except TimeoutError:
            raise self._busy("it was not its turn before its deadline") from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()

    def _busy(self, why: str) -> Fail:
        return Fail(f"the message was not sent: {why}; send fewer at a time", code=self._code, retryable=True)
